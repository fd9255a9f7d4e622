"""Setting and closing dates."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from foundation.accounts.models import Organisation
from foundation.deadlines.ladders import DeadlineOutOfRange
from foundation.deadlines.models import Deadline, Ladder
from foundation.deadlines.services import (
    deadline_close,
    deadline_set,
    deadlines_scan,
)
from foundation.notifications.choices import NoticeState
from foundation.notifications.models import Notice

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
WEEK_BEFORE = datetime(2026, 11, 20, 7, tzinfo=UTC)
DUE = date(2026, 11, 27)


@pytest.fixture
def deadline(record, cast):
    return deadline_set(record=record, kind="probe.report", assignee=cast.analyst, due_on=DUE, now=NOW)


def pending() -> set[tuple[int, int]]:
    """Return recipient and rung of what is still to be told."""
    notices = Notice.objects.filter(state=NoticeState.PENDING)
    return {(notice.recipient_id, notice.payload["rung"]) for notice in notices}


class TestSet:
    def test_whole_day_ends_at_the_organisation_s_midnight(self, deadline, standard):
        deadline.refresh_from_db()
        assert deadline.due_at == datetime(2026, 11, 28, tzinfo=UTC)
        assert (deadline.next_rung, deadline.next_reminder_at) == (-7, WEEK_BEFORE)
        assert deadline.ladder == standard

    def test_instant_counts_from_its_local_day(self, record, cast):
        Organisation.objects.update(time_zone="Pacific/Kiritimati")
        due_at = datetime(2026, 11, 27, 11, tzinfo=UTC)  # 28 November, 01:00 there
        deadline = deadline_set(
            record=record, kind="probe.report", assignee=cast.analyst, due_at=due_at, now=NOW
        )
        assert deadline.due_on is None
        assert deadline.due_at == due_at
        assert deadline.next_reminder_at == datetime(2026, 11, 20, 17, tzinfo=UTC)

    def test_kind_whose_ladder_is_gone_goes_by_the_standard_one(self, record, cast, standard):
        deadline = deadline_set(record=record, kind="probe.start", assignee=cast.analyst, due_on=DUE, now=NOW)
        assert deadline.ladder == standard

    def test_given_ladder(self, record, cast):
        ladder = Ladder.objects.create(key="brisk", name="Brisk", days_before=[2], late_daily_for=0)
        deadline = deadline_set(
            record=record, kind="probe.report", assignee=cast.analyst, due_on=DUE, ladder=ladder, now=NOW
        )
        assert (deadline.ladder, deadline.next_rung) == (ladder, -2)

    def test_date_in_the_past_starts_with_the_next_rung_that_is_left(self, record, cast):
        deadline = deadline_set(
            record=record, kind="probe.report", assignee=cast.analyst, due_on=date(2026, 10, 28), now=NOW
        )
        assert deadline.next_rung == 10

    def test_is_kept_once_per_record_kind_and_key(self, record, cast, deadline):
        deadline_set(record=record, kind="probe.report", key="b", assignee=cast.analyst, due_on=DUE, now=NOW)
        again = deadline_set(
            record=record, kind="probe.report", assignee=cast.ciso, due_on=DUE + timedelta(1), now=NOW
        )
        assert again.pk == deadline.pk
        assert set(Deadline.objects.values_list("key", "assignee_id", "due_on")) == {
            ("", cast.ciso.pk, DUE + timedelta(1)),
            ("b", cast.analyst.pk, DUE),
        }

    @pytest.mark.parametrize("due", [{}, {"due_on": DUE, "due_at": WEEK_BEFORE}])
    def test_refuses_none_and_two_dates(self, record, cast, due):
        with pytest.raises(ValueError, match="either a whole day"):
            deadline_set(record=record, kind="probe.report", assignee=cast.analyst, now=NOW, **due)

    @pytest.mark.parametrize(
        "due", [{"due_on": date.max}, {"due_at": datetime.max.replace(tzinfo=UTC)}, {"due_on": date(1, 1, 1)}]
    )
    def test_refuses_dates_of_another_age(self, record, cast, due):
        with pytest.raises(DeadlineOutOfRange):
            deadline_set(record=record, kind="probe.report", assignee=cast.analyst, now=NOW, **due)
        assert not Deadline.objects.exists()

    def test_database_refuses_a_rung_without_its_instant(self, deadline):
        with pytest.raises(IntegrityError), transaction.atomic():
            Deadline.objects.filter(pk=deadline.pk).update(next_rung=None)


class TestSetAgain:
    def test_new_date_calls_off_what_is_pending_and_reminds_anew(self, record, cast, deadline):
        deadlines_scan(now=WEEK_BEFORE)
        assert pending() == {(cast.analyst.pk, -7)}
        deadline_set(
            record=record,
            kind="probe.report",
            assignee=cast.analyst,
            due_on=DUE + timedelta(2),
            now=WEEK_BEFORE + timedelta(hours=1),
        )
        assert pending() == set()
        assert deadlines_scan(now=WEEK_BEFORE + timedelta(2)) == 1
        assert pending() == {(cast.analyst.pk, -7)}
        assert Notice.objects.count() == 2

    def test_same_date_calls_off_nothing(self, record, cast, deadline):
        deadlines_scan(now=WEEK_BEFORE)
        deadline_set(record=record, kind="probe.report", assignee=cast.analyst, due_on=DUE, now=WEEK_BEFORE)
        assert pending() == {(cast.analyst.pk, -7)}

    def test_same_date_keeps_the_reminder_that_no_scan_has_taken_yet(self, record, cast, deadline):
        later = WEEK_BEFORE + timedelta(hours=3)
        deadline_set(record=record, kind="probe.report", assignee=cast.analyst, due_on=DUE, now=later)
        assert deadlines_scan(now=later) == 1
        assert pending() == {(cast.analyst.pk, -7)}

    def test_new_assignee_is_reminded_instead(self, record, cast, deadline, witness):
        witness(cast.auditor)
        deadlines_scan(now=WEEK_BEFORE)
        deadline_set(record=record, kind="probe.report", assignee=cast.ciso, due_on=DUE, now=WEEK_BEFORE)
        assert pending() == {(cast.auditor.pk, -7)}
        deadlines_scan(now=datetime(2026, 11, 26, 7, tzinfo=UTC))
        assert pending() == {(cast.auditor.pk, -7), (cast.auditor.pk, -1), (cast.ciso.pk, -1)}

    def test_former_assignee_who_takes_part_keeps_the_reminder(self, record, cast, deadline, witness):
        witness(cast.analyst)
        deadlines_scan(now=WEEK_BEFORE)
        deadline_set(record=record, kind="probe.report", assignee=cast.ciso, due_on=DUE, now=WEEK_BEFORE)
        assert pending() == {(cast.analyst.pk, -7)}


class TestClose:
    def test_calls_off_what_is_pending_of_this_date_alone(self, record, cast, deadline):
        deadline_set(record=record, kind="probe.start", assignee=cast.ciso, due_on=DUE, now=NOW)
        deadlines_scan(now=WEEK_BEFORE)
        assert deadline_close(record=record, kind="probe.report", now=WEEK_BEFORE) is True
        assert pending() == {(cast.ciso.pk, -7)}
        deadline.refresh_from_db()
        assert (deadline.closed_at, deadline.next_rung, deadline.next_reminder_at) == (
            WEEK_BEFORE,
            None,
            None,
        )

    def test_closed_is_not_reminded(self, record, deadline):
        deadline_close(record=record, kind="probe.report", now=NOW)
        assert deadlines_scan(now=WEEK_BEFORE) == 0

    def test_twice_keeps_the_first_instant(self, record, deadline):
        deadline_close(record=record, kind="probe.report", now=NOW)
        assert deadline_close(record=record, kind="probe.report", now=WEEK_BEFORE) is False
        deadline.refresh_from_db()
        assert deadline.closed_at == NOW

    def test_of_nothing(self, record):
        assert deadline_close(record=record, kind="probe.report", now=NOW) is False

    def test_set_again_opens_it_with_the_next_rung(self, record, cast, deadline):
        deadline_close(record=record, kind="probe.report", now=NOW)
        opened = deadline_set(
            record=record, kind="probe.report", assignee=cast.analyst, due_on=DUE, now=WEEK_BEFORE
        )
        assert (opened.pk, opened.closed_at, opened.next_rung) == (deadline.pk, None, -1)
