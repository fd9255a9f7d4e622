"""Reckoning all deadlines anew when a ladder or the organisation's clock changes."""

from datetime import UTC, date, datetime, timedelta

import pytest

from foundation.accounts.models import Organisation
from foundation.deadlines.models import Deadline, Ladder, ReminderClock
from foundation.deadlines.services import (
    deadline_close,
    deadline_set,
    deadlines_recompute,
    deadlines_scan,
    ladder_change,
)
from foundation.notifications.models import Notice
from foundation.testing.queries import assert_queries

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
DUE = date(2026, 11, 27)
WEEK_BEFORE = datetime(2026, 11, 20, 7, tzinfo=UTC)


@pytest.fixture
def deadline(record, cast):
    return deadline_set(record=record, kind="probe.report", assignee=cast.analyst, due_on=DUE, now=NOW)


def stored(deadline: Deadline) -> tuple[datetime, int | None, datetime | None]:
    deadline.refresh_from_db()
    return deadline.due_at, deadline.next_rung, deadline.next_reminder_at


class TestLadderChange:
    def change(self, ladder, cast, now=NOW, **values):
        ladder.refresh_from_db()
        return ladder_change(ladder=ladder, values=values, seen=str(ladder.version), actor=cast.ciso, now=now)

    def test_open_deadlines_that_go_by_it_follow(self, cast, standard, record, deadline):
        other = Ladder.objects.create(key="other", name="Other", days_before=[7])
        by_other = deadline_set(
            record=record, kind="probe.start", assignee=cast.analyst, due_on=DUE, ladder=other, now=NOW
        )
        closed = deadline_set(
            record=record, kind="probe.report", key="b", assignee=cast.analyst, due_on=DUE, now=NOW
        )
        deadline_close(record=record, kind="probe.report", key="b", now=NOW)
        self.change(standard, cast, days_before=[10, 3])
        assert stored(deadline)[1:] == (-10, datetime(2026, 11, 17, 7, tzinfo=UTC))
        assert stored(by_other)[1] == -7
        assert stored(closed)[1:] == (None, None)

    def test_instants_follow_too(self, cast, standard, record):
        due_at = datetime(2026, 11, 27, 15, tzinfo=UTC)
        deadline = deadline_set(
            record=record, kind="probe.report", assignee=cast.analyst, due_at=due_at, now=NOW
        )
        self.change(standard, cast, days_before=[10, 3])
        assert stored(deadline) == (due_at, -10, datetime(2026, 11, 17, 7, tzinfo=UTC))

    def test_ladder_without_rungs_silences(self, cast, standard, deadline):
        self.change(
            standard, cast, days_before=[], on_the_day=False, late_daily_for=0, late_weekly=False, escalate_after=None
        )  # fmt: skip
        assert stored(deadline)[1:] == (None, None)

    def test_and_another_change_wakes_again(self, cast, standard, deadline):
        self.test_ladder_without_rungs_silences(cast, standard, deadline)
        self.change(standard, cast, days_before=[1])
        assert stored(deadline)[1] == -1

    def test_reminder_that_no_scan_has_taken_yet_is_not_lost(self, cast, standard, deadline):
        later = WEEK_BEFORE + timedelta(hours=2)
        self.change(standard, cast, now=later, days_before=[7, 2])
        assert stored(deadline)[1:] == (-7, WEEK_BEFORE)
        assert deadlines_scan(now=later) == 1
        assert stored(deadline)[1] == -2

    def test_reminder_owed_on_a_rung_that_is_gone_is_sent_as_the_nearest_before(
        self, cast, standard, deadline
    ):
        later = WEEK_BEFORE + timedelta(hours=2)
        self.change(standard, cast, now=later, days_before=[8, 2])
        assert stored(deadline)[1:] == (-7, WEEK_BEFORE)
        assert deadlines_scan(now=later) == 1
        assert Notice.objects.get().payload["rung"] == -8

    def test_reminder_that_was_sent_is_not_sent_again(self, cast, standard, deadline):
        deadlines_scan(now=WEEK_BEFORE)
        self.change(standard, cast, now=WEEK_BEFORE - timedelta(hours=1), days_before=[7, 2])
        assert stored(deadline)[1] == -7
        assert deadlines_scan(now=WEEK_BEFORE) == 0
        assert Notice.objects.count() == 1

    def test_another_name_reckons_nothing(self, cast, standard, deadline):
        Deadline.objects.update(next_rung=-5)
        self.change(standard, cast, name="Usual")
        assert stored(deadline)[1] == -5

    def test_cost_does_not_grow_with_the_deadlines(self, cast, standard, record, deadline):
        for number in range(50):
            deadline_set(
                record=record,
                kind="probe.report",
                key=str(number),
                assignee=cast.analyst,
                due_on=DUE + timedelta(number % 3),
                now=NOW,
            )
        with assert_queries("change of a ladder"):
            self.change(standard, cast, days_before=[3])
        assert set(Deadline.objects.values_list("next_rung", flat=True)) == {-3}


class TestClockChange:
    def test_scan_takes_note_of_another_zone(self, deadline):
        deadlines_scan(now=NOW)
        Organisation.objects.update(time_zone="Pacific/Kiritimati")
        deadlines_scan(now=NOW)
        assert stored(deadline) == (
            datetime(2026, 11, 27, 10, tzinfo=UTC),
            -7,
            datetime(2026, 11, 19, 17, tzinfo=UTC),
        )
        assert ReminderClock.objects.get().time_zone == "Pacific/Kiritimati"

    def test_scan_takes_note_of_another_hour(self, deadline):
        deadlines_scan(now=NOW)
        Organisation.objects.update(reminder_hour=16)
        deadlines_scan(now=NOW)
        assert stored(deadline)[2] == datetime(2026, 11, 20, 16, tzinfo=UTC)

    def test_scan_of_the_same_clock_reckons_nothing(self, deadline):
        deadlines_scan(now=NOW)
        Deadline.objects.update(next_rung=-5)
        deadlines_scan(now=NOW)
        assert stored(deadline)[1] == -5

    def test_instants_stay(self, record, cast):
        due_at = datetime(2026, 11, 27, 15, tzinfo=UTC)
        deadline = deadline_set(
            record=record, kind="probe.report", assignee=cast.analyst, due_at=due_at, now=NOW
        )
        Organisation.objects.update(time_zone="Pacific/Kiritimati")
        deadlines_recompute(now=NOW)
        # There it is 28 November.
        assert stored(deadline) == (due_at, -7, datetime(2026, 11, 20, 17, tzinfo=UTC))

    def test_reminder_of_the_same_rung_is_not_sent_twice(self, deadline):
        deadlines_scan(now=WEEK_BEFORE)
        Organisation.objects.update(time_zone="Etc/GMT+12")
        assert deadlines_scan(now=WEEK_BEFORE) == 0
        assert stored(deadline)[1] == -7
        assert deadlines_scan(now=WEEK_BEFORE + timedelta(days=1)) == 0
        assert stored(deadline)[1] == -1
        assert Notice.objects.count() == 1

    def test_what_a_zone_brings_forward_is_not_lost(self, deadline):
        """Once the organisation moves to the east, seven days before was eleven hours ago."""
        before = WEEK_BEFORE - timedelta(hours=3)
        assert deadlines_scan(now=before) == 0
        Organisation.objects.update(time_zone="Pacific/Kiritimati")
        assert deadlines_scan(now=before) == 1
        assert Notice.objects.get().payload["rung"] == -7
        assert stored(deadline)[1] == -1

    def test_recompute_tells_how_many_changed(self, deadline):
        assert deadlines_recompute(now=NOW) == 0
        Organisation.objects.update(reminder_hour=16)
        assert deadlines_recompute(now=NOW) == 1
