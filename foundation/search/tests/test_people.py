"""People in search: by name or address, for whoever may see their accounts."""

import pytest
from django.urls import reverse

from foundation.accounts.tests.factories import UserFactory
from foundation.search.people import people_matching
from foundation.search.tests.test_selectors import NASTY
from foundation.testing.cast import Cast

pytestmark = pytest.mark.django_db


def names(cast: Cast, part: str, text: str) -> list[str]:
    user = getattr(cast, part)
    return [str(hit.title) for hit in people_matching(user=user, text=text, now=None, limit=5)]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Søren Drăgulescu", "soren dragul"),
        ("Søren Drăgulescu", "DRĂGULESCU"),
        ("Jonas Groß", "gross"),
        ("Jonas Groß", "Groß"),
        ("Ægir Œuvrard", "aegir oeuvrard"),
        ("Иван Петров", "иван"),
        ("Иван Петров", "ПЕТРОВ"),
        ("王小明", "小明"),
        ("Łucja Żak", "lucja zak"),
    ],
)
def test_a_person_is_found_however_the_name_is_typed(cast: Cast, name, text):
    UserFactory.create(full_name=name, email="someone@example.com", unit=cast.units.cards)
    assert names(cast, "ciso", text) == [name]


def test_by_address_and_with_what_they_do(cast: Cast):
    (hit,) = people_matching(user=cast.ciso, text="odile.brandt@example.com", now=None, limit=5)
    assert hit.title == "Odile Brandt"
    assert hit.note == "Internal Auditor · Halden & Vale Bank"
    assert hit.url == reverse("accounts:person-detail", args=[cast.auditor.pk])
    assert names(cast, "ciso", "brandt sommer") == []


def test_only_whom_the_person_may_see(cast: Cast, sign_in):
    assert names(cast, "unit_lead", "pavel") == ["Pavel Dimitrov"]  # of cards, below payments
    assert names(cast, "unit_lead", "odile") == []
    for part in ("executive", "personnel", "outsider"):
        palette = sign_in(getattr(cast, part)).get(reverse("search:palette"), {"q": "brandt"})
        assert "Odile" not in palette.content.decode()
        page = sign_in(getattr(cast, part)).get(reverse("search:search"), {"q": "brandt", "in": "people"})
        assert "Odile" not in page.content.decode()
    palette = sign_in(cast.analyst).get(reverse("search:palette"), {"q": "brandt"})
    assert "Odile" in palette.content.decode()


def test_open_accounts_come_first_and_so_many(cast: Cast):
    for name, is_open in (("Anna A", False), ("Anna B", True), ("Anna C", True)):
        UserFactory.create(full_name=name, is_active=is_open, unit=cast.units.cards)
    assert names(cast, "ciso", "anna") == ["Anna B", "Anna C", "Anna A"]
    assert len(people_matching(user=cast.ciso, text="anna", now=None, limit=2)) == 2
    assert "account closed" in str(people_matching(user=cast.ciso, text="anna a", now=None, limit=5)[-1].note)


@pytest.mark.parametrize("text", NASTY)
def test_any_text_may_be_asked(cast: Cast, text):
    people_matching(user=cast.ciso, text=text, now=None, limit=5)
