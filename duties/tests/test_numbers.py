"""Every number of the board and of the duties' pages equals what the tables say, on the sample organisation."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils.translation import ngettext

from duties.board.counting import numbers_of
from duties.board.indicators import measures_of
from duties.board.trends import trends_of
from duties.choices import FACTS, Duty, Health
from duties.tests import independent
from foundation.accounts.models import User
from foundation.accounts.organisation import forget_organisation, organisation_day, organisation_zone
from foundation.accounts.sample import sample_load
from foundation.approvals.selectors import queue_of
from foundation.registry import Standing

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 5, 10, tzinfo=UTC)  # before the hour of the reminders
READERS = {"leonor.vasconcelos": independent.EVERYTHING, "catarina.albuquerque": independent.OF_UNITS}


@pytest.fixture
def moment(monkeypatch: pytest.MonkeyPatch) -> Iterator[datetime]:
    """The sample organisation at a moment that all pages take for now."""
    forget_organisation()
    sample_load(now=NOW, password="not-a-secret")
    monkeypatch.setattr("foundation.clock.now", lambda: NOW)
    yield NOW
    forget_organisation()


def asked(sql: str, **values: Any) -> list[tuple[Any, ...]]:
    today, zone = organisation_day(NOW), organisation_zone()
    with connection.cursor() as cursor:
        cursor.execute(sql, {"today": today, "now": NOW, "zone": str(zone), "year": today.year, **values})
        return cursor.fetchall()


def expected_health(numbers: dict[str, int], means: dict[str, Standing | None]) -> Health:
    said = {means[key] for key, count in numbers.items() if count}
    if Standing.OVERDUE in said:
        return Health.OVERDUE
    if Standing.ATTENTION in said:
        return Health.ATTENTION
    return Health.ON_TRACK if Standing.PLANNED in said else Health.NOTHING_PLANNED


def check_duty(user: User, duty: Duty, known: str, browser: Client) -> None:
    numbers = numbers_of(user, NOW, [duty])[duty]
    counts = {}
    for number in numbers.numbers:
        measure = number.measure
        values = {"duty": duty.value, "user": user.pk}
        key, area = measure.indicator.key, measure.area
        ((count,),) = asked(independent.count_sql(key, area, known), **values)
        assert number.count == count, (measure.key, user)
        counts[measure.key] = count
        if measure.indicator.of:
            ((of,),) = asked(independent.count_sql(key, area, known, whole=True), **values)
            assert number.of == of, (measure.key, user)
        listed = browser.get(number.url)
        assert listed.context["page"].total == count, (number.url, user)
    if known is independent.EVERYTHING:
        trends = trends_of(user, measures_of(duty), NOW)
        said = {measure.key: trend.latest.count for measure, trend in trends.items() if trend.latest}
        assert said == {key: counts[key] for key in said}, "what was measured today is what the tables say"
        assert len(said) == len(counts)
    means = {one.key: one.indicator.means for one in measures_of(duty)}
    assert numbers.health is expected_health(counts, means)


def test_they_equal_the_tables_and_the_lists_behind_them(moment: datetime) -> None:
    for email, known in READERS.items():
        user = User.objects.get(email=f"{email}@example.com")
        browser = Client()
        browser.force_login(user)
        for duty in Duty:
            check_duty(user, duty, known, browser)
            check_year(user, duty, known, browser)
        check_board(user, known, browser)


def check_year(user: User, duty: Duty, known: str, browser: Client) -> None:
    page = browser.get(f"/duties/{duty.value}/")
    visible = known.format(r="r")
    values = {"duty": duty.value, "user": user.pk}
    (done,) = asked(independent.DONE_IN_YEAR.format(known=visible), **values)
    year = page.context["done"]
    assert (year.done, year.late, year.skipped) == done
    assert len(year.activities) == min(50, done[0] + done[2])
    kinds = [kind.strip("()") for area in FACTS[duty].areas if (kind := independent.KINDS.get(area))]
    rows = asked(
        independent.MET_IN_YEAR.format(
            known=visible, kinds=f"({', '.join(kinds) or 'NULL'})", root=independent.ROOT
        ),
        **values,
    )
    assert {(one.kind, one.met, one.late) for _label, one in page.context["met"]} == set(rows)


def check_board(user: User, known: str, browser: Client) -> None:
    page = browser.get("/duties/")
    values = {"user": user.pk}
    ((within,),) = asked(independent.WITHIN_30_DAYS.format(known=known.format(r="r")), **values)
    ((reminded,),) = asked(independent.REMINDED_TODAY.format(known=known.format(r="r")), **values)
    assert (page.context["within"], page.context["reminded"]) == (within, reminded)
    assert within
    shown = {state: count for state, count, _tone, _icon in page.context["totals"]}
    cards = [card.numbers for card in page.context["cards"]]
    assert shown == {state: n for state in Health if (n := sum(card.health is state for card in cards))}
    assert sum(shown.values()) == len(Duty)
    fresh = numbers_of(user, NOW)
    for card in cards:
        assert [one.count for one in card.numbers] == [one.count for one in fresh[card.duty].numbers]
    waiting = page.context["waiting"]
    ((dates,),) = asked(independent.MY_DATES.format(known=known.format(r="r")), **values)
    assert waiting.count == dates + len(queue_of(user, size=25).requests)
    assert not waiting.is_capped
    html = page.content.decode()
    assert ngettext("%(n)s deadline", "%(n)s deadlines", within) % {"n": f"<strong>{within}</strong>"} in html
