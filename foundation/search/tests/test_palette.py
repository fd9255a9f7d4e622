"""What the palette offers."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from audits.tests.factories import NOW
from foundation import clock
from foundation.records.choices import Confidentiality
from foundation.registry import SearchHit
from foundation.search.models import RecordVisit
from foundation.search.selectors import recent_records
from foundation.search.services import visit_note
from foundation.search.tasks import forget_visits
from foundation.search.tests.test_selectors import NASTY
from foundation.testing.cast import Cast
from foundation.testing.queries import assert_queries

pytestmark = pytest.mark.django_db

URL = reverse("search:palette")


def offers(browser, text: str = "") -> dict[str, list[str]]:
    """Return the titles offered, by heading."""
    answer = browser.get(URL, {"q": text})
    assert answer.status_code == 200
    groups: dict[str, list[str]] = {}
    for part in answer.content.decode().split('role="presentation">')[1:]:
        head, _, rest = part.partition("<")
        found = re.findall(r'<span class="palette-title">(.*?)</span>', rest)
        groups[head] = [re.sub(r"<[^>]*>", "", title) for title in found]
    return groups


def test_it_opens_with_recents_commands_and_pages(cast: Cast, audit, sign_in):
    first, second = audit("Firewall rule audit"), audit("Key management audit")
    browser = sign_in(cast.analyst)
    for made in (first, second):
        browser.get(made.get_absolute_url())
    groups = offers(browser)
    assert set(groups["Recently opened"]) == {"Firewall rule audit", "Key management audit"}
    assert groups["Commands"][:3] == ["New audit", "New audit programme", "Import audits"]
    assert "My desk" in groups["Pages"]
    assert "Records" not in groups


def test_it_finds_records_commands_pages_and_the_way_to_all_results(cast: Cast, audit, sign_in):
    audit("Firewall rule audit")
    groups = offers(sign_in(cast.analyst), "audit")
    assert groups == {
        "Records": ["Firewall rule audit"],
        "Commands": ["New audit", "New audit programme", "Import audits", "Make an evidence pack"],
        "Pages": ["Audits"],
        "Search": ["All results for “audit”"],
    }
    assert offers(sign_in(cast.analyst), "plan aud")["Commands"] == ["New audit"]


def test_commands_and_pages_are_those_that_the_person_may_use(cast: Cast, sign_in):
    groups = offers(sign_in(cast.outsider))
    assert "Commands" not in groups
    assert "Audits" not in groups["Pages"]
    assert "Commands" not in offers(sign_in(cast.unit_lead), "new audit")


def test_it_offers_only_what_the_person_may_know_of(cast: Cast, audit, sign_in):
    made = audit("Secret matter", owner=cast.ciso)
    browser = sign_in(cast.analyst)
    browser.get(made.get_absolute_url())
    assert offers(browser)["Recently opened"] == ["Secret matter"]
    type(made).objects.filter(pk=made.pk).update(confidentiality=Confidentiality.RESTRICTED)
    for text in ("", "secret", made.reference):
        assert "Secret" not in str(offers(browser, text))
    assert offers(sign_in(cast.ciso), "secret")["Records"] == ["Secret matter"]


def test_sources_join(cast: Cast, audit, sign_in, source):
    made = audit("Firewall rule audit")
    source(*[SearchHit(title="Rules.xlsx", url="/somewhere/", record=made)] * 5)
    assert offers(sign_in(cast.ciso), "rules")["Papers"] == ["Rules.xlsx"] * 3


def test_it_asks_so_many_queries(cast: Cast, audit, sign_in):
    made = audit("Firewall rule audit")
    browser = sign_in(cast.analyst)
    browser.get(made.get_absolute_url())
    for name, text in (("palette", ""), ("palette-words", "firewall"), ("palette-reference", "aud-1")):
        with assert_queries(name):
            browser.get(URL, {"q": text})


@pytest.mark.parametrize("text", NASTY)
def test_any_text_may_be_typed(cast: Cast, audit, sign_in, source, text):
    audit("Firewall rule audit")
    source()
    answer = sign_in(cast.ciso).get(URL, {"q": text.encode("utf-8", "surrogatepass")})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()


def test_opening_a_record_is_noted_once_in_five_minutes(
    cast: Cast, audit, sign_in, django_assert_num_queries
):
    made = audit("Firewall rule audit")
    browser = sign_in(cast.analyst)
    browser.get(made.get_absolute_url())
    visit = RecordVisit.objects.get()
    assert (visit.user, visit.record_id) == (cast.analyst, made.pk)
    with django_assert_num_queries(0):
        visit_note(record=made, user=cast.analyst, now=NOW)
    visit_note(record=made, user=cast.ciso, now=NOW)
    assert RecordVisit.objects.count() == 2
    # A page that was not shown was not opened.
    assert sign_in(cast.outsider).get(made.get_absolute_url()).status_code == 404
    assert (
        sign_in(cast.ciso).get(reverse("audits:audit-tab", args=[made.reference, "none"])).status_code == 404
    )
    assert RecordVisit.objects.count() == 2


def test_a_later_visit_takes_the_place_of_the_earlier_one(cast: Cast, audit, settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    first, second = audit("First"), audit("Second")
    for made, minutes in ((first, 0), (second, 6), (first, 12)):
        visit_note(record=made, user=cast.analyst, now=NOW + timedelta(minutes=minutes))
    assert [visit.record.pk for visit in recent_records(cast.analyst, limit=5)] == [first.pk, second.pk]
    assert [visit.record.pk for visit in recent_records(cast.analyst, limit=1)] == [first.pk]
    assert recent_records(cast.ciso, limit=5) == []


def test_visits_of_long_ago_are_forgotten(cast: Cast, audit):
    now = clock.now()
    for title, days in (("Old", 91), ("New", 89)):
        visit_note(record=audit(title), user=cast.analyst, now=now - timedelta(days=days))
    assert forget_visits() == 1
    assert [visit.record.title for visit in recent_records(cast.analyst, limit=5)] == ["New"]
