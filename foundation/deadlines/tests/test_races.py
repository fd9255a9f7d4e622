"""Scans, changes and closings at the same time, on real connections."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from foundation.accounts.versions import StaleEdit
from foundation.deadlines.models import Deadline, Ladder
from foundation.deadlines.services import (
    deadline_close,
    deadline_set,
    deadlines_scan,
    ladder_change,
    ladder_create,
)
from foundation.deadlines.tests.conftest import record_make
from foundation.notifications.choices import NoticeState
from foundation.notifications.models import Notice
from foundation.records.models import Record
from foundation.testing.cast import Cast, cast_make
from foundation.testing.races import elsewhere, together, wait_until_blocked

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
DUE = date(2026, 11, 27)
WEEK_BEFORE = datetime(2026, 11, 20, 7, tzinfo=UTC)
PATIENCE = 15


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return cast_make()


@pytest.fixture
def record(cast: Cast) -> Record:
    return record_make(cast)


def make(cast: Cast, record: Record, number: int, *, due_on: date = DUE) -> list[Deadline]:
    deadlines = [
        deadline_set(
            record=record, kind="probe.report", key=str(key), assignee=cast.analyst, due_on=due_on, now=NOW
        )
        for key in range(number)
    ]
    deadlines_scan(now=NOW)  # takes note of the clock
    return deadlines


def test_scan_leaves_alone_what_another_holds(cast, record):
    make(cast, record, 5)
    with transaction.atomic():
        assert deadlines_scan(now=WEEK_BEFORE) == 5
        # Neither waits nor finds anything, and what is not committed yet is no reason to write it again.
        assert elsewhere(lambda: deadlines_scan(now=WEEK_BEFORE)).result(PATIENCE) == 0
    assert deadlines_scan(now=WEEK_BEFORE) == 0
    assert Notice.objects.count() == 5


def test_scan_that_failed_leaves_all_to_the_next(cast, record):
    make(cast, record, 5)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        assert deadlines_scan(now=WEEK_BEFORE) == 5
        raise ZeroDivisionError
    assert not Notice.objects.exists()
    assert deadlines_scan(now=WEEK_BEFORE) == 5


VALUES = {
    "days_before": [7],
    "on_the_day": True,
    "late_daily_for": 0,
    "late_weekly": True,
    "escalate_after": None,
}


def test_ladders_of_one_name_made_at_once(cast):
    def make_one(name: str, days: int):
        return ladder_create(values={**VALUES, "name": name, "days_before": [days]}, actor=cast.ciso)

    made, refused = sorted(
        together(lambda: make_one("Brisk", 1), lambda: make_one("brisk", 2)),
        key=lambda answer: isinstance(answer, ValidationError),
    )
    assert made == Ladder.objects.get(name__iexact="brisk")
    assert refused.message_dict == {"name": ["Another ladder has this name."]}
    first, second = together(lambda: make_one("Calm", 1), lambda: make_one("Calm", 1))
    assert first == second == Ladder.objects.get(name="Calm")
    # Names that differ may still ask for the same key.
    others = together(lambda: make_one("Slow!", 1), lambda: make_one("Slow?", 1))
    assert {ladder.key for ladder in others} == {"slow", "slow-2"}


def test_ladders_given_one_name_at_once(cast):
    def rename(ladder: Ladder):
        return ladder_change(
            ladder=ladder, values={"name": "Brisk"}, seen=str(ladder.version), actor=cast.ciso, now=NOW
        )

    ladders = [ladder_create(values={**VALUES, "name": name}, actor=cast.ciso) for name in ("One", "Two")]
    answers = together(*(lambda ladder=ladder: rename(ladder) for ladder in ladders))
    [refused] = [answer for answer in answers if isinstance(answer, ValidationError)]
    assert refused.message_dict == {"name": ["Another ladder has this name."]}
    assert Ladder.objects.filter(name="Brisk").count() == 1


def test_scans_at_once_write_each_reminder_once(cast, record):
    make(cast, record, 40)
    written = together(*[lambda: deadlines_scan(now=WEEK_BEFORE, batch=3)] * 4)
    deadlines_scan(now=WEEK_BEFORE)
    assert sum(written) <= 40
    keys = Counter(Notice.objects.values_list("dedupe_key", flat=True))
    assert len(keys) == 40
    assert set(Deadline.objects.values_list("next_rung", flat=True)) == {-1}


def test_scan_does_not_wait_for_a_record_in_transition(cast, record):
    """A transition holds its record and then sets deadlines: a scan that waited for the record would block it for good."""
    make(cast, record, 1)
    with transaction.atomic():
        Record.objects.select_for_update().get(pk=record.pk)
        assert elsewhere(lambda: deadlines_scan(now=WEEK_BEFORE)).result(PATIENCE) == 0
        deadline_set(
            record=record,
            kind="probe.report",
            key="0",
            assignee=cast.analyst,
            due_on=DUE,
            now=WEEK_BEFORE,
        )
    assert deadlines_scan(now=WEEK_BEFORE) == 1


def test_closing_during_a_scan_calls_off_what_it_wrote(cast, record):
    make(cast, record, 1)
    with transaction.atomic():
        deadlines_scan(now=WEEK_BEFORE)
        closing = elsewhere(
            lambda: deadline_close(record=record, kind="probe.report", key="0", now=WEEK_BEFORE)
        )
        wait_until_blocked()
    assert closing.result(PATIENCE) is True
    assert Notice.objects.get().state == NoticeState.CANCELLED


def test_new_date_during_a_scan_reminds_of_the_new_one_alone(cast, record):
    make(cast, record, 1)
    with transaction.atomic():
        deadlines_scan(now=WEEK_BEFORE)
        setting = elsewhere(
            lambda: deadline_set(
                record=record,
                kind="probe.report",
                key="0",
                assignee=cast.analyst,
                due_on=DUE + timedelta(days=1),
                now=WEEK_BEFORE,
            )
        )
        wait_until_blocked()
    assert setting.result(PATIENCE).next_rung == -7
    deadlines_scan(now=WEEK_BEFORE + timedelta(days=1))
    pending = Notice.objects.get(state=NoticeState.PENDING)
    assert pending.payload["due_on"] == "2026-11-28"


def test_same_date_set_twice_at_once_is_one(cast, record):
    def set_it() -> Deadline:
        return deadline_set(record=record, kind="probe.report", assignee=cast.analyst, due_on=DUE, now=NOW)

    first, second = together(set_it, set_it)
    assert first.pk == second.pk == Deadline.objects.get().pk


def test_ladder_changed_while_a_date_is_set_rules_it_too(cast, record):
    standard = Ladder.objects.get(key="standard")
    with transaction.atomic():
        (deadline,) = [
            deadline_set(record=record, kind="probe.report", assignee=cast.analyst, due_on=DUE, now=NOW)
        ]
        changing = elsewhere(
            lambda: ladder_change(
                ladder=standard, values={"days_before": [10]}, seen="1", actor=cast.ciso, now=NOW
            )
        )
        wait_until_blocked()
    assert changing.result(PATIENCE).days_before == [10]
    deadline.refresh_from_db()
    assert deadline.next_rung == -10


def test_date_set_while_a_ladder_changes_goes_by_the_new_one(cast, record):
    standard = Ladder.objects.get(key="standard")
    with transaction.atomic():
        ladder_change(ladder=standard, values={"days_before": [10]}, seen="1", actor=cast.ciso, now=NOW)
        setting = elsewhere(
            lambda: deadline_set(
                record=record, kind="probe.report", assignee=cast.analyst, due_on=DUE, now=NOW
            )
        )
        wait_until_blocked()
    assert setting.result(PATIENCE).next_rung == -10


def test_ladder_changed_during_a_scan_has_the_last_word(cast, record):
    (deadline,) = make(cast, record, 1)
    standard = Ladder.objects.get(key="standard")
    with transaction.atomic():
        deadlines_scan(now=WEEK_BEFORE)
        changing = elsewhere(
            lambda: ladder_change(
                ladder=standard, values={"days_before": [7, 3]}, seen="1", actor=cast.ciso, now=WEEK_BEFORE
            )
        )
        wait_until_blocked()
    changing.result(PATIENCE)
    deadline.refresh_from_db()
    assert deadline.next_rung == -3


def test_two_changes_of_a_ladder_one_is_told(cast, record):
    standard = Ladder.objects.get(key="standard")

    def change(days: int) -> Ladder:
        return ladder_change(
            ladder=standard, values={"days_before": [days]}, seen="1", actor=cast.ciso, now=NOW
        )

    results = together(lambda: change(5), lambda: change(6))
    assert sorted(isinstance(result, StaleEdit) for result in results) == [False, True]
    standard.refresh_from_db()
    assert standard.version == 2
