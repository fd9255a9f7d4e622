"""When reminders fall due, on all the clocks of the world."""

from datetime import UTC, date, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.deadlines.ladders import (
    Clock,
    DeadlineOutOfRange,
    Rung,
    Steps,
    due_day,
    latest_rung,
    next_rung,
)

STANDARD = Steps(
    days_before=(30, 7, 1), on_the_day=True, late_daily_for=3, late_weekly=True, escalate_after=3
)
LISBON = Clock(ZoneInfo("Europe/Lisbon"), 7)


def utc(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


class TestRungs:
    def test_standard_ladder(self):
        assert list(islice(STANDARD.upwards(-1000), 10)) == [-30, -7, -1, 0, 1, 2, 3, 10, 17, 24]

    def test_from_the_middle(self):
        assert list(islice(STANDARD.upwards(11), 2)) == [17, 24]
        assert list(islice(STANDARD.upwards(3), 2)) == [3, 10]

    def test_downwards(self):
        assert list(STANDARD.downwards(18)) == [17, 10, 3, 2, 1, 0, -1, -7, -30]
        assert list(STANDARD.downwards(-8)) == [-30]

    def test_day_of_escalation_is_a_rung_where_the_ladder_has_none(self):
        steps = Steps(days_before=(5,), on_the_day=False, late_daily_for=1, escalate_after=4)
        assert list(steps.upwards(-1000)) == [-5, 1, 4]

    def test_day_of_escalation_among_the_weekly_rungs_comes_once(self):
        steps = Steps(on_the_day=True, late_weekly=True, escalate_after=14)
        assert list(islice(steps.upwards(0), 4)) == [0, 7, 14, 21]
        assert list(steps.downwards(14)) == [14, 7, 0]

    def test_has(self):
        assert [days for days in range(-31, 19) if STANDARD.has(days)] == [-30, -7, -1, 0, 1, 2, 3, 10, 17]
        assert not Steps(late_daily_for=3).has(10)

    def test_weekly_without_daily_starts_a_week_late(self):
        assert list(islice(Steps(on_the_day=False, late_weekly=True).upwards(0), 2)) == [7, 14]

    def test_escalates_at_and_after_its_day(self):
        assert [days for days in (0, 2, 3, 10) if STANDARD.escalates_at(days)] == [3, 10]
        assert not Steps(escalate_after=None).escalates_at(400)


class TestInstants:
    @pytest.mark.parametrize(
        ("zone", "hour", "day", "instant"),
        [
            ("Europe/Lisbon", 7, date(2026, 7, 1), utc(2026, 7, 1, 6)),
            ("Europe/Lisbon", 7, date(2026, 12, 1), utc(2026, 12, 1, 7)),
            ("Pacific/Kiritimati", 7, date(2026, 12, 1), utc(2026, 11, 30, 17)),  # UTC+14
            ("Etc/GMT+12", 7, date(2026, 12, 1), utc(2026, 12, 1, 19)),  # UTC−12
            ("Asia/Kathmandu", 7, date(2026, 12, 1), utc(2026, 12, 1, 1, 15)),
            # 29 March 2026, Berlin: 02:00 does not exist; the jump ends at 01:00 UTC.
            ("Europe/Berlin", 2, date(2026, 3, 29), utc(2026, 3, 29, 1)),
            # 25 October 2026, Berlin: 02:00 happens twice; the first is 00:00 UTC.
            ("Europe/Berlin", 2, date(2026, 10, 25), utc(2026, 10, 25, 0)),
            # Lord Howe jumps by half an hour at 02:00.
            ("Australia/Lord_Howe", 2, date(2026, 10, 4), utc(2026, 10, 3, 15, 30)),
        ],
    )
    def test_reminder_hour(self, zone, hour, day, instant):
        assert Clock(ZoneInfo(zone), hour).at(day) == instant

    @pytest.mark.parametrize(
        ("zone", "day", "instant"),
        [
            ("Europe/Lisbon", date(2026, 11, 27), utc(2026, 11, 28, 0)),
            ("Pacific/Kiritimati", date(2026, 11, 27), utc(2026, 11, 27, 10)),
            ("Etc/GMT+12", date(2026, 11, 27), utc(2026, 11, 28, 12)),
            ("Europe/Berlin", date(2026, 3, 29), utc(2026, 3, 29, 22)),  # a day of 23 hours
            ("Europe/Berlin", date(2026, 10, 25), utc(2026, 10, 25, 23)),  # a day of 25 hours
            ("Europe/Berlin", date(2028, 2, 29), utc(2028, 2, 29, 23)),
            # Beirut's clocks jump at midnight: 29 March 2026 starts at 01:00, and 28 March ends as it does.
            ("Asia/Beirut", date(2026, 3, 28), utc(2026, 3, 28, 22)),
            # Havana's midnight of 1 November 2026 happens twice; the day before ends at the first.
            ("America/Havana", date(2026, 10, 31), utc(2026, 11, 1, 4)),
        ],
    )
    def test_end_of_a_whole_day(self, zone, day, instant):
        assert Clock(ZoneInfo(zone), 7).end_of(day) == instant

    @pytest.mark.parametrize("day", [date.min, date(1969, 12, 31), date(3000, 1, 1), date.max])
    def test_refuses_dates_of_another_age(self, day):
        with pytest.raises(DeadlineOutOfRange):
            LISBON.end_of(day)

    def test_due_day_of_an_instant_is_local(self):
        kiritimati = Clock(ZoneInfo("Pacific/Kiritimati"), 7)
        assert due_day(due_on=None, due_at=utc(2026, 11, 27, 11), clock=kiritimati) == date(2026, 11, 28)
        assert due_day(due_on=date(2026, 1, 1), due_at=utc(2026, 11, 27), clock=kiritimati) == date(
            2026, 1, 1
        )


class TestNextAndLatest:
    DUE = date(2026, 11, 27)

    def test_next_is_strictly_after_now(self):
        week_before = utc(2026, 11, 20, 7)
        just_before = week_before - timedelta(microseconds=1)
        assert next_rung(STANDARD, self.DUE, LISBON, just_before) == Rung(-7, week_before)
        assert next_rung(STANDARD, self.DUE, LISBON, week_before) == Rung(-1, utc(2026, 11, 26, 7))

    def test_latest_includes_now(self):
        week_before = utc(2026, 11, 20, 7)
        assert latest_rung(STANDARD, self.DUE, LISBON, week_before) == Rung(-7, week_before)
        before = week_before - timedelta(microseconds=1)
        assert latest_rung(STANDARD, self.DUE, LISBON, before) == Rung(-30, utc(2026, 10, 28, 7))

    def test_nothing_before_the_first(self):
        assert latest_rung(STANDARD, self.DUE, LISBON, utc(2026, 1, 1)) is None

    def test_nothing_after_the_last(self):
        once = Steps(days_before=(7,), on_the_day=False)
        assert next_rung(once, self.DUE, LISBON, utc(2026, 11, 21)) is None

    def test_a_ladder_without_rungs(self):
        silent = Steps(on_the_day=False)
        assert next_rung(silent, self.DUE, LISBON, utc(2026, 1, 1)) is None
        assert latest_rung(silent, self.DUE, LISBON, utc(2027, 1, 1)) is None

    def test_years_late_goes_on_weekly(self):
        late = next_rung(STANDARD, date(1970, 1, 1), LISBON, utc(2026, 11, 23, 12))
        assert late
        assert (late.days - 3) % 7 == 0
        assert utc(2026, 11, 23, 12) < late.at <= utc(2026, 11, 30, 12)

    def test_thirty_days_before_the_end_of_march_crosses_29_february(self):
        leap = next_rung(STANDARD, date(2028, 3, 30), LISBON, utc(2028, 2, 1))
        assert leap == Rung(-30, utc(2028, 2, 29, 7))
        common = next_rung(STANDARD, date(2027, 3, 30), LISBON, utc(2027, 2, 1))
        assert common == Rung(-30, utc(2027, 2, 28, 7))

    def test_day_that_a_zone_skipped(self):
        apia = Clock(ZoneInfo("Pacific/Apia"), 7)
        rung = next_rung(STANDARD, date(2011, 12, 30), apia, utc(2011, 12, 29, 20))
        assert rung == Rung(0, utc(2011, 12, 30, 17))

    @given(
        steps=st.builds(
            Steps,
            days_before=st.lists(st.integers(1, 730), max_size=5).map(tuple),
            on_the_day=st.booleans(),
            late_daily_for=st.integers(0, 60),
            late_weekly=st.booleans(),
            escalate_after=st.none() | st.integers(1, 365),
        ),
        clock=st.builds(
            Clock,
            zone=st.sampled_from(
                ["UTC", "Pacific/Kiritimati", "Etc/GMT+12", "Europe/Berlin", "America/Havana", "Pacific/Apia"]
            ).map(ZoneInfo),
            hour=st.integers(0, 23),
        ),
        due=st.dates(date(2000, 1, 1), date(2040, 1, 1)),
        offset=st.integers(-800 * 86400, 800 * 86400),
    )
    def test_next_and_latest_agree_with_the_whole_ladder(self, steps, clock, due, offset):
        now = clock.end_of(due) + timedelta(seconds=offset)
        ladder = whole_ladder(steps, due, clock, 250)  # past 800 days even when weekly
        assert [rung.days for rung in ladder] == sorted({rung.days for rung in ladder})
        assert latest_rung(steps, due, clock, now) == max(
            (rung for rung in ladder if rung.at <= now), key=lambda rung: rung.days, default=None
        )
        assert next_rung(steps, due, clock, now) == min(
            (rung for rung in ladder if rung.at > now), key=lambda rung: rung.days, default=None
        )


def whole_ladder(steps: Steps, due: date, clock: Clock, number: int) -> list[Rung]:
    """Return the first reminders of a date, whatever the present."""
    days = islice(steps.upwards(-10_000), number)
    return [Rung(each, clock.at(due + timedelta(days=each))) for each in days]
