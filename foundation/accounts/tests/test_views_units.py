"""The tree of units and its pages."""

from collections.abc import Callable

import pytest
from django.test import Client

from foundation.accounts.choices import Role
from foundation.accounts.models import BusinessUnit, User
from foundation.accounts.tests.factories import BusinessUnitFactory, RoleGrantFactory, UserFactory
from foundation.testing.cast import Cast
from foundation.testing.queries import assert_queries
from foundation.trail.models import Entry

SignIn = Callable[[User], Client]
URL = "/units/"


def shown(browser: Client, query: str = "") -> list[tuple[str, int, int]]:
    rows = browser.get(URL + query).context["rows"]
    return [(row.unit.name, row.depth, row.people) for row in rows]


def test_it_works(cast: Cast, sign_in: SignIn) -> None:
    browser = sign_in(cast.administrator)
    with assert_queries("units"):
        found = shown(browser)
    assert found == [
        ("Halden & Vale Bank", 0, 5),
        ("Payments", 1, 1),
        ("Cards", 2, 1),
        ("Retail Banking", 1, 0),
    ]


def test_who_leads_a_unit_sees_the_own_tree(cast: Cast, sign_in: SignIn) -> None:
    browser = sign_in(cast.unit_lead)
    assert shown(browser) == [("Payments", 0, 1), ("Cards", 1, 1)]
    assert browser.get(f"{URL}{cast.units.root.pk}/").status_code == 404
    page = browser.get(f"{URL}{cast.units.payments.pk}/").content.decode()
    assert "Ulrike Sommer" in page
    assert f'href="{URL}{cast.units.root.pk}/"' not in page


def test_the_page_of_a_unit(cast: Cast, sign_in: SignIn) -> None:
    browser = sign_in(cast.administrator)
    with assert_queries("unit-detail"):
        response = browser.get(f"{URL}{cast.units.payments.pk}/")
    html = response.content.decode()
    for text in ("Cards", "Ulrike Sommer", "Unit lead", "Move", "Archive", "New unit below"):
        assert text in html


def move(browser: Client, unit: BusinessUnit, parent: BusinessUnit) -> int:
    """Move a unit by its page, and return the status."""
    page = f"{URL}{unit.pk}/move/"
    version = browser.get(page).context["form"]["version"].value()
    return browser.post(page, {"parent": parent.pk, "version": version}).status_code


def test_a_unit_is_added_renamed_moved_archived_and_taken_up_again(cast: Cast, sign_in: SignIn) -> None:
    browser = sign_in(cast.administrator)
    browser.post(
        f"{URL}new/", {"name": "Wallets", "code": "WAL", "parent": cast.units.cards.pk, "country": "pt"}
    )
    unit = BusinessUnit.objects.get(code="WAL")
    assert (unit.parent, unit.country) == (cast.units.cards, "PT")
    path = f"{URL}{unit.pk}/"
    version = browser.get(f"{path}edit/").context["form"]["version"].value()
    browser.post(
        f"{path}edit/", {"name": "Mobile Wallets", "code": "WAL", "country": "PT", "version": version}
    )
    move(browser, unit, cast.units.retail)
    browser.post(f"{path}archive/", {"comment": "Sold"})
    unit.refresh_from_db()
    assert (unit.name, unit.parent, bool(unit.archived_at)) == ("Mobile Wallets", cast.units.retail, True)
    assert ("Mobile Wallets", 2, 0) not in shown(browser)
    assert ("Mobile Wallets", 2, 0) in shown(browser, "?archived=1")
    browser.post(f"{path}restore/", {})
    assert ("Mobile Wallets", 2, 0) in shown(browser)
    actions = ["created", "changed", "moved", "archived", "restored"]
    assert list(Entry.objects.order_by("id").values_list("action", flat=True)) == [
        f"accounts.unit.{action}" for action in actions
    ]


def test_a_unit_in_use_is_not_archived(cast: Cast, sign_in: SignIn) -> None:
    browser = sign_in(cast.administrator)
    for unit, reason in (
        (cast.units.payments, "units below"),
        (cast.units.cards, "1 person belongs"),
    ):
        response = browser.post(f"{URL}{unit.pk}/archive/", {})
        assert response.status_code == 422
        assert reason in response.content.decode()
    assert browser.post(f"{URL}{cast.units.root.pk}/archive/", {}).status_code == 422
    assert not BusinessUnit.objects.filter(archived_at__isnull=False).exists()


def test_nothing_new_is_put_into_an_archived_unit(cast: Cast, sign_in: SignIn) -> None:
    browser, retail = sign_in(cast.administrator), cast.units.retail
    browser.post(f"{URL}{retail.pk}/archive/", {})
    assert browser.post(f"{URL}new/", {"name": "A", "code": "A", "parent": retail.pk}).status_code == 422
    assert move(browser, cast.units.cards, retail) == 422
    person = {"full_name": "N", "email": "n@example.com", "time_zone": "organisation", "language": "en"}
    assert browser.post("/people/new/", {**person, "unit": retail.pk}).status_code == 422


@pytest.mark.parametrize(
    "data",
    [
        {"name": "", "code": "X"},
        {"name": "x", "code": "PAY"},
        {"name": "x", "code": "x" * 21},
        {"name": "x", "code": "X", "country": "Portugal"},
        {"name": "x", "code": "X", "parent": "none"},
    ],
)
def test_bad_input_is_told(cast: Cast, sign_in: SignIn, data: dict[str, str]) -> None:
    response = sign_in(cast.administrator).post(f"{URL}new/", {"parent": cast.units.root.pk, **data})
    assert response.status_code == 422
    assert BusinessUnit.objects.count() == 4


def test_a_unit_does_not_go_below_itself(cast: Cast, sign_in: SignIn) -> None:
    assert move(sign_in(cast.administrator), cast.units.payments, cast.units.cards) == 422


def test_who_administers_a_unit_changes_what_is_below_it(cast: Cast, sign_in: SignIn) -> None:
    person = UserFactory.create(unit=cast.units.payments)
    RoleGrantFactory.create(user=person, role=Role.ADMINISTRATOR, unit=cast.units.payments)
    browser = sign_in(person)
    spare = BusinessUnitFactory.create(parent=cast.units.payments)
    assert (
        browser.post(f"{URL}new/", {"name": "A", "code": "A", "parent": cast.units.cards.pk}).status_code
        == 302
    )
    assert move(browser, spare, cast.units.cards) == 302
    assert (
        browser.post(f"{URL}new/", {"name": "B", "code": "B", "parent": cast.units.root.pk}).status_code
        == 422
    )
    assert move(browser, spare, cast.units.retail) == 422
    for path in ("move", "archive"):  # its own topmost unit belongs to the whole
        assert browser.get(f"{URL}{cast.units.payments.pk}/{path}/").status_code == 403
    assert browser.get(f"{URL}{cast.units.retail.pk}/edit/").status_code == 404
