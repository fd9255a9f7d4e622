"""What recurs, and when."""

from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from dateutil.relativedelta import relativedelta
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from foundation.deadlines.recurrence import Occurrence, Recurrence
from foundation.deadlines.rules import WEEKDAYS, RecurrenceError

starts = st.dates(date(1970, 1, 1), date(2150, 12, 31))


def first(rrule: str, starts_on: date, count: int) -> list[date]:
    return Recurrence(rrule, starts_on).occurrences(starts_on - timedelta(1), count)


def days(*texts: str) -> list[date]:
    return [date.fromisoformat(text) for text in texts]


@st.composite
def rules(draw: st.DrawFn) -> str:
    """Draw a rule that falls on some date, as a form or another calendar would write it."""
    weekdays = st.lists(st.sampled_from(WEEKDAYS), min_size=1, max_size=7, unique=True).map(",".join)
    nth = st.tuples(st.sampled_from([1, 2, 3, 4, -1]), st.sampled_from(WEEKDAYS)).map(
        lambda p: f"{p[0]}{p[1]}"
    )
    month_days = st.lists(st.integers(1, 31) | st.just(-1), min_size=1, max_size=3, unique=True)
    joined_days = month_days.map(lambda numbers: ",".join(map(str, numbers)))
    rule = draw(
        st.sampled_from(["FREQ=DAILY", "FREQ=WEEKLY", "FREQ=MONTHLY", "FREQ=YEARLY"])
        | weekdays.map("FREQ=WEEKLY;BYDAY={}".format)
        | nth.map("FREQ=MONTHLY;BYDAY={}".format)
        | nth.map("FREQ=YEARLY;BYMONTH=3,10;BYDAY={}".format)
        | joined_days.map("FREQ=MONTHLY;BYMONTHDAY={}".format)
        | joined_days.map("FREQ=YEARLY;BYMONTH=2,4;BYMONTHDAY={}".format)
    )
    return f"{rule};INTERVAL={draw(st.integers(1, 6))}"


class TestMonthEnds:
    def test_31_january_monthly(self):
        assert first("FREQ=MONTHLY", date(2027, 1, 31), 4) == days(
            "2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30"
        )

    def test_31_january_monthly_in_a_leap_year(self):
        assert first("FREQ=MONTHLY", date(2028, 1, 31), 3) == days("2028-01-31", "2028-02-29", "2028-03-31")

    def test_29_february_yearly(self):
        assert first("FREQ=YEARLY", date(2028, 2, 29), 5) == days(
            "2028-02-29", "2029-02-28", "2030-02-28", "2031-02-28", "2032-02-29"
        )

    def test_29_february_around_a_century_that_does_not_leap(self):
        assert first("FREQ=YEARLY;INTERVAL=4", date(2096, 2, 29), 3) == days(
            "2096-02-29", "2100-02-28", "2104-02-29"
        )

    def test_several_days_meet_in_february_once(self):
        assert first("FREQ=MONTHLY;BYMONTHDAY=15,30,31", date(2027, 1, 16), 6) == days(
            "2027-01-30", "2027-01-31", "2027-02-15", "2027-02-28", "2027-03-15", "2027-03-30"
        )

    def test_quarterly_from_the_end_of_november(self):
        assert first("FREQ=MONTHLY;INTERVAL=3", date(2026, 11, 30), 3) == days(
            "2026-11-30", "2027-02-28", "2027-05-30"
        )

    def test_clamped_occurrences_count(self):
        assert first("FREQ=MONTHLY;COUNT=3", date(2027, 1, 31), 9) == days(
            "2027-01-31", "2027-02-28", "2027-03-31"
        )

    @given(starts_on=starts, interval=st.integers(1, 24))
    def test_monthly_is_the_start_plus_months(self, starts_on, interval):
        expected = [starts_on + relativedelta(months=interval * number) for number in range(8)]
        assert first(f"FREQ=MONTHLY;INTERVAL={interval}", starts_on, 8) == expected

    @given(starts_on=starts | st.sampled_from(days("2024-02-29", "2096-02-29")), interval=st.integers(1, 8))
    def test_yearly_is_the_start_plus_years(self, starts_on, interval):
        expected = [starts_on + relativedelta(years=interval * number) for number in range(6)]
        assert first(f"FREQ=YEARLY;INTERVAL={interval}", starts_on, 6) == expected


class TestOccurrences:
    def test_first_monday_every_three_months(self):
        assert first("FREQ=MONTHLY;INTERVAL=3;BYDAY=1MO", date(2026, 11, 23), 3) == days(
            "2027-02-01", "2027-05-03", "2027-08-02"
        )

    def test_first_monday_and_every_tuesday(self):
        assert first("FREQ=MONTHLY;BYDAY=1MO,TU", date(2027, 2, 1), 6) == days(
            "2027-02-01", "2027-02-02", "2027-02-09", "2027-02-16", "2027-02-23", "2027-03-01"
        )

    def test_last_friday_in_march(self):
        assert first("FREQ=YEARLY;BYMONTH=3;BYDAY=-1FR", date(2026, 11, 23), 2) == days(
            "2027-03-26", "2028-03-31"
        )

    def test_every_two_weeks_on_two_days(self):
        assert first("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH", date(2026, 11, 24), 3) == days(
            "2026-11-26", "2026-12-07", "2026-12-10"
        )

    def test_week_of_two_starts_where_the_rule_says(self):
        rule = "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,TU;COUNT=4;WKST={}".format
        # The example of RFC 5545 §3.8.5.3.
        assert first(rule("MO"), date(1997, 8, 5), 9)[:2] == days("1997-08-05", "1997-08-10")
        assert first(rule("SU"), date(1997, 8, 5), 9)[:2] == days("1997-08-05", "1997-08-17")

    def test_until_includes_its_day(self):
        assert first("FREQ=DAILY;UNTIL=20261125T235959Z", date(2026, 11, 24), 9) == days(
            "2026-11-24", "2026-11-25"
        )

    def test_after_the_end_there_is_nothing(self):
        recurrence = Recurrence("FREQ=YEARLY;COUNT=2", date(2026, 1, 1))
        assert recurrence.occurrences(date(2027, 1, 1), 5) == []

    @pytest.mark.parametrize("after", [date.min, date.max])
    def test_far_from_everything(self, after):
        recurrence = Recurrence("FREQ=YEARLY", date(2026, 1, 1))
        assert len(recurrence.occurrences(after, 2)) == (2 if after == date.min else 0)

    @given(rrule=rules(), starts_on=starts, skipped=st.integers(0, 400))
    def test_follow_each_other_wherever_one_begins(self, rrule, starts_on, skipped):
        recurrence = Recurrence(rrule, starts_on)
        after = starts_on + timedelta(skipped - 5)
        found = recurrence.occurrences(after, 6)
        assert len(found) == 6
        assert found[0] > after
        assert found[0] >= starts_on
        assert all(one < next_ for one, next_ in pairwise(found))
        assert recurrence.occurrences(found[2], 3) == found[3:]
        assert recurrence.occurrences(found[3] - timedelta(1), 3) == found[3:]

    @given(rrule=rules(), starts_on=starts, count=st.integers(1, 5))
    def test_count_and_until_cut_the_same_row(self, rrule, starts_on, count):
        whole = first(rrule, starts_on, 6)
        assert first(f"{rrule};COUNT={count}", starts_on, 9) == whole[:count]
        assert first(f"{rrule};UNTIL={whole[count - 1]:%Y%m%d}", starts_on, 9) == whole[:count]

    @given(
        rrule=st.sampled_from(
            [
                "FREQ=DAILY;INTERVAL=10",
                "FREQ=WEEKLY;INTERVAL=3;BYDAY=SU,WE",
                "FREQ=MONTHLY;BYDAY=2TU",
                "FREQ=MONTHLY;BYMONTHDAY=-1",
                "FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR",
                "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
                "FREQ=YEARLY;BYMONTH=6,7;BYDAY=TH",
                "FREQ=YEARLY;INTERVAL=2;BYMONTHDAY=1",
            ]
        ),
        starts_on=starts,
    )
    def test_what_needs_no_clamping_is_as_dateutil_has_it(self, rrule, starts_on):
        theirs = rrulestr(rrule, dtstart=datetime.combine(starts_on, datetime.min.time()))
        assert first(rrule, starts_on, 5) == [
            day.date() for _number, day in zip(range(5), theirs, strict=False)
        ]


class TestExceptions:
    MONTHLY = Recurrence("FREQ=MONTHLY;COUNT=5", date(2027, 1, 31))

    def test_skip_one(self):
        skipped = self.MONTHLY.skip(date(2027, 2, 28))
        assert skipped.occurrences(date(2027, 1, 1), 9) == days(
            "2027-01-31", "2027-03-31", "2027-04-30", "2027-05-31"
        )
        assert skipped.schedule(date(2027, 1, 31), 2) == [
            Occurrence(date(2027, 2, 28), None),
            Occurrence(date(2027, 3, 31), date(2027, 3, 31)),
        ]

    def test_move_one(self):
        moved = self.MONTHLY.move(date(2027, 2, 28), date(2027, 3, 2))
        assert moved.occurrences(date(2027, 2, 28), 2) == days("2027-03-02", "2027-03-31")
        assert moved.schedule(date(2027, 1, 31), 1) == [Occurrence(date(2027, 2, 28), date(2027, 3, 2))]

    def test_move_past_another(self):
        moved = self.MONTHLY.move(date(2027, 2, 28), date(2027, 4, 10))
        assert moved.occurrences(date(2027, 1, 31), 2) == days("2027-03-31", "2027-04-10")

    def test_move_before_the_day_that_is_asked_for(self):
        moved = self.MONTHLY.move(date(2027, 3, 31), date(2027, 2, 1))
        assert moved.occurrences(date(2027, 2, 15), 2) == days("2027-02-28", "2027-04-30")

    def test_move_again_and_back(self):
        moved = self.MONTHLY.move(date(2027, 2, 28), date(2027, 3, 2)).move(
            date(2027, 3, 2), date(2027, 3, 9)
        )
        assert moved.moved == ((date(2027, 2, 28), date(2027, 3, 9)),)
        assert moved.move(date(2027, 3, 9), date(2027, 2, 28)) == self.MONTHLY
        assert moved.move(date(2027, 3, 9), date(2027, 3, 9)) == moved

    def test_skip_what_was_moved(self):
        skipped = self.MONTHLY.move(date(2027, 2, 28), date(2027, 3, 2)).skip(date(2027, 3, 2))
        assert (skipped.skipped, skipped.moved) == (frozenset({date(2027, 2, 28)}), ())

    def test_restore(self):
        assert self.MONTHLY.skip(date(2027, 2, 28)).restore(date(2027, 2, 28)) == self.MONTHLY
        moved = self.MONTHLY.move(date(2027, 2, 28), date(2027, 3, 2))
        assert moved.restore(date(2027, 2, 28)) == self.MONTHLY

    @pytest.mark.parametrize("day", days("2027-02-27", "2026-12-31", "2027-06-30"))
    def test_there_must_be_an_occurrence(self, day):
        with pytest.raises(RecurrenceError, match="no occurrence"):
            self.MONTHLY.skip(day)
        with pytest.raises(RecurrenceError, match="no occurrence"):
            self.MONTHLY.move(day, date(2027, 7, 1))

    def test_not_twice_the_same(self):
        with pytest.raises(RecurrenceError, match="no occurrence"):
            self.MONTHLY.skip(date(2027, 2, 28)).skip(date(2027, 2, 28))

    def test_two_do_not_meet_on_one_day(self):
        with pytest.raises(RecurrenceError, match="already"):
            self.MONTHLY.move(date(2027, 2, 28), date(2027, 3, 31))

    def test_contradictions_are_refused(self):
        day, to = date(2027, 2, 28), date(2027, 3, 2)
        with pytest.raises(RecurrenceError):
            Recurrence("FREQ=MONTHLY", date(2027, 1, 31), frozenset({day}), ((day, to),))
        with pytest.raises(RecurrenceError):
            Recurrence("FREQ=MONTHLY", date(2027, 1, 31), moved=((day, to), (day, date(2027, 3, 3))))

    def test_exceptions_off_the_rule_have_no_effect(self):
        odd = Recurrence(
            "FREQ=MONTHLY",
            date(2027, 1, 31),
            frozenset({date(2027, 2, 1)}),
            ((date(2027, 2, 2), date(2027, 2, 3)),),
        )
        assert odd.occurrences(date(2027, 1, 31), 1) == days("2027-02-28")

    def test_another_rule_keeps_the_exceptions_that_still_fit(self):
        recurrence = self.MONTHLY.skip(date(2027, 2, 28)).move(date(2027, 4, 30), date(2027, 5, 3))
        other = recurrence.with_rule("FREQ=MONTHLY;INTERVAL=3", date(2027, 1, 31))
        assert (other.skipped, other.moved) == (frozenset(), ((date(2027, 4, 30), date(2027, 5, 3)),))

    @given(rrule=rules(), starts_on=starts, number=st.integers(0, 4))
    def test_skipping_takes_away_one(self, rrule, starts_on, number):
        recurrence = Recurrence(rrule, starts_on)
        whole = recurrence.occurrences(starts_on - timedelta(1), 6)
        left = recurrence.skip(whole[number]).occurrences(starts_on - timedelta(1), 5)
        assert left == whole[:number] + whole[number + 1 :]

    @given(rrule=rules(), starts_on=starts, number=st.integers(0, 4), by=st.integers(-40, 40))
    def test_moving_puts_one_elsewhere(self, rrule, starts_on, number, by):
        recurrence = Recurrence(rrule, starts_on)
        whole = recurrence.occurrences(starts_on - timedelta(1), 60)
        day, to = whole[number], whole[number] + timedelta(by)
        if to in whole and to != day:
            with pytest.raises(RecurrenceError):
                recurrence.move(day, to)
            return
        found = recurrence.move(day, to).occurrences(min(starts_on, to) - timedelta(1), 60)
        assert found == sorted({*whole, to} - ({day} - {to}))[:60]


class TestReading:
    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("", "is not a part"),
            ("X", "is not a part"),
            ("INTERVAL=2", "how often"),
            ("FREQ=HOURLY", "can't be read"),
            ("FREQ=", "can't be read"),
            ("FREQ=DAILY;FREQ=DAILY", "twice"),
            ("FREQ=DAILY;INTERVAL=0", "interval"),
            ("FREQ=DAILY;INTERVAL=-1", "interval"),
            ("FREQ=YEARLY;INTERVAL=11", "interval must be between 1 and 10"),
            ("FREQ=DAILY;INTERVAL=99999999999", "can't be read"),
            ("FREQ=DAILY;COUNT=0", "number of times"),
            ("FREQ=DAILY;COUNT=1001", "number of times"),
            ("FREQ=DAILY;COUNT=2;UNTIL=20270101", "not both"),
            ("FREQ=DAILY;UNTIL=20261231", "before it starts"),
            ("FREQ=DAILY;UNTIL=20270230", "can't be read"),
            ("FREQ=DAILY;UNTIL=2027", "can't be read"),
            ("FREQ=DAILY;UNTIL=20270301T", "can't be read"),
            ("FREQ=DAILY;BYMONTHDAY=1", "by months or years"),
            ("FREQ=MONTHLY;BYMONTHDAY=0", "day of the month"),
            ("FREQ=MONTHLY;BYMONTHDAY=32", "day of the month"),
            ("FREQ=MONTHLY;BYMONTHDAY=-29", "day of the month"),
            ("FREQ=YEARLY;BYMONTH=13", "no such month"),
            ("FREQ=WEEKLY;BYDAY=1MO", "nth weekday needs"),
            ("FREQ=MONTHLY;BYDAY=6MO", "weekday's number"),
            ("FREQ=MONTHLY;BYDAY=0MO", "can't be read"),
            ("FREQ=MONTHLY;BYDAY=XX", "can't be read"),
            ("FREQ=MONTHLY;BYDAY=", "can't be read"),
            ("FREQ=MONTHLY;BYSETPOS=1", "BYSETPOS"),
            ("FREQ=MONTHLY;BYDAY=1MO,TU;BYSETPOS=1", "BYSETPOS"),
            ("FREQ=DAILY;BYHOUR=3", "is not a part"),
            ("FREQ=YEARLY;BYWEEKNO=20", "is not a part"),
            ("FREQ=MONTHLY;BYDAY=5MO;BYMONTHDAY=1", "no date at all"),
            ("FREQ=MONTHLY;BYDAY=2MO;BYSETPOS=5", "no date at all"),
            ("FREQ=MONTHLY;" + "BYDAY=MO," * 60, "too long"),
        ],
    )
    def test_refuses(self, text, message):
        with pytest.raises(RecurrenceError, match=message):
            Recurrence(text, date(2027, 1, 1))

    @pytest.mark.parametrize("starts_on", [date.min, date(1969, 12, 31), date(2200, 1, 1), date.max])
    def test_refuses_starts_of_another_age(self, starts_on):
        with pytest.raises(RecurrenceError, match="starts between"):
            Recurrence("FREQ=DAILY", starts_on)

    def test_one_spelling(self):
        text = "rrule:freq=weekly;wkst=su;byday=th,mo,mo;interval=2;until=20271231T000000Z"
        recurrence = Recurrence(text, date(2027, 1, 1))
        assert recurrence.rrule == "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;WKST=SU;UNTIL=20271231"

    @given(rrule=rules(), starts_on=starts)
    def test_reading_what_was_written_gives_the_same(self, rrule, starts_on):
        recurrence = Recurrence(rrule, starts_on)
        assert Recurrence(recurrence.rrule, starts_on) == recurrence

    @given(
        text=st.text(max_size=40)
        | st.lists(
            st.sampled_from(
                ["FREQ=DAILY", "FREQ=MONTHLY", "COUNT=", "COUNT=5", "UNTIL=٢٠٢٧٠١٠١", "BYDAY=1", "BYDAY=-1SU", "WKST=",
                 "BYMONTH=2", "BYMONTHDAY=30", "BYSETPOS=-1", "=", "INTERVAL=²", "INTERVAL=+3", "UNTIL=20270101"]
            )
        ).map(";".join)
    )  # fmt: skip
    def test_whatever_is_given_is_read_or_refused(self, text):
        try:
            recurrence = Recurrence(text, date(2027, 1, 1))
        except RecurrenceError:
            return
        assert recurrence.occurrences(date(2026, 12, 31), 1)
        assert recurrence.describe()


class TestWords:
    @pytest.mark.parametrize(
        ("rrule", "words"),
        [
            ("FREQ=DAILY", "Every day"),
            ("FREQ=DAILY;INTERVAL=10;COUNT=1", "Every 10 days, 1 time"),
            ("FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR", "Every day on Monday, Tuesday, Wednesday, Thursday and Friday"),
            ("FREQ=WEEKLY", "Every week on Thursday"),
            ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TH,MO", "Every 2 weeks on Monday and Thursday"),
            ("FREQ=WEEKLY;BYMONTH=1", "Every week on Thursday in January"),
            ("FREQ=MONTHLY", "Every month on day 31 (or the last day of shorter months)"),
            ("FREQ=MONTHLY;BYMONTHDAY=1,-1", "Every month on day 1 and the last day of the month"),
            ("FREQ=MONTHLY;BYMONTHDAY=-3", "Every month on day 2 before the end of the month"),
            ("FREQ=MONTHLY;INTERVAL=3;BYDAY=1MO", "Every 3 months on the first Monday"),
            ("FREQ=MONTHLY;BYDAY=-1FR,TU", "Every month on every Tuesday and the last Friday"),
            ("FREQ=MONTHLY;BYDAY=TU", "Every month on every Tuesday"),
            ("FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1", "Every month by the rule FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1"),
            ("FREQ=YEARLY", "Every year on 31 December"),
            ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "Every year on 29 February (28 February in common years)"),
            ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31", "Every year on the last day of February"),
            ("FREQ=YEARLY;BYMONTH=6;BYMONTHDAY=31", "Every year on 30 June"),
            ("FREQ=YEARLY;BYMONTH=3;BYDAY=1MO", "Every year on the first Monday in March"),
            ("FREQ=YEARLY;UNTIL=20301231", "Every year on 31 December, until 31 December 2030"),
        ],
    )  # fmt: skip
    def test_sentences(self, rrule, words):
        assert Recurrence(rrule, date(2026, 12, 31)).describe() == words

    def test_exceptions_are_told(self):
        recurrence = Recurrence("FREQ=WEEKLY", date(2026, 12, 31)).skip(date(2027, 1, 7))
        recurrence = recurrence.move(date(2027, 1, 14), date(2027, 1, 15))
        assert recurrence.describe() == "Every week on Thursday (1 skipped, 1 moved)"
