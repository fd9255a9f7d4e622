"""Dates in words, across midnights, years and zones."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from foundation.ui.components import Due, Tone, When
from foundation.ui.dates import distance_text, is_late, moment_text, short_day, whole_days_in

NOW = datetime(2026, 11, 23, 9, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (-400, "400 days late"),
        (-2, "2 days late"),
        (-1, "1 day late"),
        (0, "today"),
        (1, "tomorrow"),
        (4, "in 4 days"),
        (59, "in 59 days"),
        (90, "in 3 months"),
        (365, "in 12 months"),
        (1100, "in 3 years"),
    ],
)
def test_how_far_a_day_is(days: int, words: str) -> None:
    assert distance_text(date(2026, 11, 23) + timedelta(days=days), now=NOW) == words


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(hours=31, minutes=50), "31 h left"),
        (timedelta(minutes=12), "12 min left"),
        (timedelta(0), "0 min left"),
        (timedelta(minutes=-5), "late"),
        (timedelta(hours=-3), "3 h late"),
        (timedelta(hours=-10), "1 day late"),
        (timedelta(days=3), "in 3 days"),
    ],
)
def test_how_far_an_instant_is(left: timedelta, words: str) -> None:
    assert distance_text(NOW + left, now=NOW) == words


def test_days_count_by_the_readers_calendar() -> None:
    late_evening = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    assert moment_text(late_evening, now=NOW) == "yesterday 23:30"
    with timezone.override("Pacific/Kiritimati"):  # UTC+14
        assert moment_text(late_evening, now=NOW) == "today 13:30"


def test_whole_days_count_by_the_calendar_that_they_are_meant_in() -> None:
    now, day = NOW + timedelta(hours=1), date(2026, 11, 23)  # the 24th in Kiritimati, UTC+14
    with timezone.override("Pacific/Kiritimati"):
        assert is_late(day, now=now)
        with whole_days_in(UTC):
            assert not is_late(day, now=now)
            assert (distance_text(day, now=now), moment_text(day, now=now)) == ("today", "today")
            assert Due(day, now).tone is Tone.ATTENTION
            assert short_day(date(2026, 1, 2), now=datetime(2026, 12, 31, 12, tzinfo=UTC)) == "2 Jan"
        assert is_late(day, now=now)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (NOW - timedelta(minutes=18), "today 08:52"),
        (datetime(2026, 11, 21, 7, tzinfo=UTC), "21 Nov 07:00"),
        (datetime(2025, 11, 21, 7, tzinfo=UTC), "21 Nov 2025 07:00"),
        (date(2026, 11, 23), "today"),
        (date(2027, 1, 2), "2 Jan 2027"),
    ],
)
def test_when_something_was(value: date, words: str) -> None:
    assert moment_text(value, now=NOW) == words


def test_a_day_is_late_when_it_is_over_and_an_instant_at_once() -> None:
    assert not is_late(date(2026, 11, 23), now=NOW)
    assert is_late(date(2026, 11, 22), now=NOW)
    assert is_late(NOW - timedelta(seconds=1), now=NOW)


def test_a_due_date_shows_its_distance_while_it_matters() -> None:
    assert Due(date(2026, 11, 27), NOW).tone is Tone.ATTENTION
    assert "in 4 days" in Due(date(2026, 11, 27), NOW).html
    assert Due(date(2026, 11, 21), NOW).tone is Tone.BAD
    far = Due(date(2026, 12, 11), NOW)
    assert far.tone is Tone.NEUTRAL
    assert "11 Dec" in far.html
    assert "tone" not in far.html
    assert "late" not in Due(date(2026, 11, 21), NOW, done=True).html


def test_the_machine_readable_date_and_the_full_one_are_there() -> None:
    with timezone.override("UTC"):
        html = When(NOW, NOW).html
    assert 'datetime="2026-11-23T09:10:00+00:00"' in html
    assert 'title="Monday 23 November 2026, 09:10 (UTC)"' in html
    assert When(None, NOW).html == "—"
