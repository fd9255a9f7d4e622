"""The board, and the page of a duty."""

from datetime import date, timedelta

import pytest
from django.test import Client

from duties.board.counting import numbers_of
from duties.board.done import done_in_year, years_of
from duties.choices import Duty, Health
from duties.services import day_measure
from duties.tests.factories import TODAY, activity_make, at, done, step, submitted
from foundation import clock
from foundation.accounts.models import User
from foundation.records.choices import Confidentiality
from foundation.testing.cast import Cast
from foundation.testing.queries import assert_queries

pytestmark = pytest.mark.django_db
NOON = at(TODAY)


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON)


def browser_of(person: User) -> Client:
    browser = Client()
    browser.force_login(person)
    return browser


def due(cast: Cast, day: date, **said: object) -> None:
    activity_make(cast, now=at(TODAY - timedelta(days=60)), due_on=day, **said)


def health(user: User) -> Health:
    return numbers_of(User.objects.get(pk=user.pk), NOON)[Duty.THREATS].health


def test_nothing_planned_is_a_state_of_its_own(cast: Cast) -> None:
    assert health(cast.ciso) is Health.NOTHING_PLANNED
    done(cast)
    assert health(cast.ciso) is Health.NOTHING_PLANNED, "what was done plans nothing"
    page = browser_of(cast.ciso).get("/duties/").content.decode()
    assert "Nothing is planned yet" in page
    assert page.count("Take over from the starter plan") == len(Duty)


@pytest.mark.parametrize(
    ("days", "expected"),
    [(-1, Health.OVERDUE), (0, Health.ATTENTION), (7, Health.ATTENTION), (8, Health.ON_TRACK)],
)
def test_its_days_tell_how_a_duty_stands(cast: Cast, days: int, expected: Health) -> None:
    due(cast, TODAY + timedelta(days=days))
    assert health(cast.ciso) is expected


def test_overdue_goes_before_due_soon_and_that_before_on_track(cast: Cast) -> None:
    due(cast, TODAY + timedelta(days=90))
    due(cast, TODAY + timedelta(days=3))
    assert health(cast.ciso) is Health.ATTENTION
    due(cast, TODAY - timedelta(days=1))
    assert health(cast.ciso) is Health.OVERDUE


def test_what_waits_for_sign_off_needs_attention(cast: Cast) -> None:
    submitted(cast)
    assert health(cast.ciso) is Health.ATTENTION


def test_each_reader_sees_what_the_reader_may_know_of(cast: Cast) -> None:
    due(cast, TODAY - timedelta(days=1), unit=cast.units.retail)
    due(cast, TODAY + timedelta(days=90), unit=cast.units.cards)
    due(
        cast,
        TODAY - timedelta(days=2),
        unit=cast.units.cards,
        confidentiality=Confidentiality.RESTRICTED,
        owner=cast.ciso,
    )
    assert health(cast.ciso) is Health.OVERDUE
    assert health(cast.unit_lead) is Health.ON_TRACK, "neither another unit's nor a restricted one"
    page = browser_of(cast.unit_lead).get("/duties/")
    assert [card.numbers.health for card in page.context["cards"]].count(Health.NOTHING_PLANNED) == 12


def test_it_is_narrowed_to_a_unit_and_to_owners(cast: Cast) -> None:
    due(cast, TODAY - timedelta(days=1), unit=cast.units.retail)
    due(cast, TODAY + timedelta(days=90), unit=cast.units.cards, owner=cast.analyst)
    browser = browser_of(cast.ciso)

    def stands(**asked: object) -> Health:
        cards = browser.get("/duties/", asked).context["cards"]
        return next(card.numbers.health for card in cards if card.duty is Duty.THREATS)

    assert stands() is Health.OVERDUE
    assert stands(unit=cast.units.payments.pk) is Health.ON_TRACK
    assert stands(owner="falk") is Health.ON_TRACK
    assert stands(owner="dimitrov") is Health.OVERDUE
    assert stands(owner="nobody of that name") is Health.NOTHING_PLANNED
    link = browser.get("/duties/", {"unit": cast.units.retail.pk}).context["cards"][4].numbers.lead.url
    assert f"unit={cast.units.retail.pk}" in link
    assert browser.get(link).context["page"].total == 1
    assert browser.get("/duties/", {"unit": "no-unit"}).status_code == 200


def test_its_queries_do_not_grow(cast: Cast) -> None:
    browser = browser_of(cast.ciso)
    browser.get("/duties/")
    for day in range(1, 20):
        due(cast, TODAY + timedelta(days=day))
    with assert_queries("board"):
        browser.get("/duties/")
    browser.get("/duties/5/")
    with assert_queries("duty-detail"):
        browser.get("/duties/5/")


def test_who_reads_no_records_is_told_why_not(cast: Cast) -> None:
    assert browser_of(cast.executive).get("/duties/").status_code == 403
    assert browser_of(cast.executive).get("/duties/5/").status_code == 403


def test_a_duty_tells_what_was_done_year_by_year(cast: Cast) -> None:
    done(cast, title="Look around", due_on=TODAY - timedelta(days=2))
    browser = browser_of(cast.ciso)
    page = browser.get("/duties/5/")
    assert (page.context["done"].done, page.context["done"].late) == (1, 1)
    html = page.content.decode()
    assert "Look around" in html
    assert "no file or record as evidence" in html
    assert browser.get("/duties/5/?year=1999").context["year"] == TODAY.year, "of a year without anything"
    assert browser.get("/duties/5/?year=abc").status_code == 200


def test_who_answers_for_it_stands_on_the_page(cast: Cast) -> None:
    assert "Nobody is named" in browser_of(cast.auditor).get("/duties/5/").content.decode()
    assert "Name people" not in browser_of(cast.auditor).get("/duties/5/").content.decode()
    assert "Name people" in browser_of(cast.ciso).get("/duties/5/").content.decode()


def test_what_waits_comes_by_its_day_and_is_counted(cast: Cast) -> None:
    for days in (5, -3, 40, 1):
        due(cast, TODAY + timedelta(days=days), owner=cast.ciso)
    submitted(cast)
    waiting = browser_of(cast.ciso).get("/duties/").context["waiting"]
    assert waiting.count == 4, "three dates within 30 days and one decision"
    assert [one.due for one in waiting.first][:3] == [TODAY + timedelta(days=days) for days in (-3, 1, 5)]
    assert waiting.first[-1].what == "Decide"


def test_a_year_in_which_something_was_done_before_its_day_is_offered(cast: Cast) -> None:
    done(cast, due_on=date(2027, 1, 15), now=at(TODAY))
    assert [chip.label for chip in browser_of(cast.ciso).get("/duties/5/").context["years"]] == ["2026"]


def test_an_outage_is_told(cast: Cast) -> None:
    day_measure(now=NOON - timedelta(days=4))
    html = browser_of(cast.ciso).get("/duties/5/").content.decode()
    assert "Measured last on" in html
    day_measure(now=NOON)
    assert "Measured last on" not in browser_of(cast.ciso).get("/duties/5/").content.decode()


def test_what_is_skipped_belongs_to_the_year_in_which_it_is(cast: Cast) -> None:
    activity = activity_make(cast, due_on=date(2025, 12, 10))
    step(activity, "skip", cast.analyst, comment="Nobody came.")
    years = {year: done_in_year(cast.ciso, Duty.THREATS, year).skipped for year in (2025, 2026)}
    assert years == {2025: 0, 2026: 1}
    assert years_of(cast.ciso, Duty.THREATS, 2026) == [2026]
