"""Which dates stand on which shelf of my desk."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audits.choices import AuditRole, AuditState
from foundation.accounts.models import User
from foundation.approvals.services import DECISION_DEADLINE
from foundation.deadlines.models import Deadline
from foundation.deadlines.services import deadline_close, deadline_set
from foundation.desk.shelves import DUE, INVOLVED, LATE, LATER, SHOWN, late_dates, shelves_of
from foundation.notifications.tests.factories import RecordFactory
from foundation.records.choices import Confidentiality
from foundation.records.models import Participant, Record
from foundation.testing.cast import Cast

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
START, REPORT = "audits.start", "audits.report"


@pytest.fixture
def record(cast: Cast) -> Record:
    return _record(cast)


def _record(cast: Cast, confidentiality: str = Confidentiality.INTERNAL) -> Record:
    return RecordFactory.create(
        kind="audit",
        state=AuditState.PLANNED,
        owner=cast.auditor,
        unit=cast.units.payments,
        confidentiality=confidentiality,
    )


def _set(record: Record, cast: Cast, kind: str, days: int, **fields: object) -> Deadline:
    due_on = NOW.date() + timedelta(days=days)
    return deadline_set(
        **{"record": record, "kind": kind, "assignee": cast.unit_lead, "due_on": due_on, "now": NOW, **fields}
    )


def _days(cast: Cast, shelf: str) -> list[date | datetime]:
    return [row.due for row in shelves_of(cast.unit_lead, NOW)[shelf].rows]


def _late(person: User) -> list[date]:
    statement = late_dates(person, NOW)
    with connection.cursor() as cursor:
        cursor.execute(statement.sql, statement.values)
        keys = [key for (key,) in cursor.fetchall()]
    return list(Deadline.objects.filter(pk__in=keys).order_by("due_on").values_list("due_on", flat=True))


def _in_days(*days: int) -> list[date]:
    return [NOW.date() + timedelta(days=one) for one in days]


def test_dates_stand_by_how_far_off_they_are_the_earliest_first(cast: Cast, record: Record) -> None:
    for key, days in enumerate((40, 3, -5, 29, -1, 90)):
        _set(record, cast, START, days, key=str(key))
    assert _days(cast, LATE) == _in_days(-5, -1)
    assert _days(cast, DUE) == _in_days(3, 29)
    assert _days(cast, LATER) == _in_days(40, 90)
    assert _days(cast, INVOLVED) == []


def test_what_is_met_another_s_or_a_decision_is_not_among_mine(cast: Cast, record: Record) -> None:
    _set(record, cast, START, 3)
    deadline_close(record=record, kind=START, now=NOW)
    _set(record, cast, REPORT, 3, assignee=cast.auditor)
    _set(record, cast, DECISION_DEADLINE, 3)
    assert _days(cast, DUE) == []


def test_a_record_that_one_may_not_know_of_shows_no_date(cast: Cast) -> None:
    secret = _record(cast, Confidentiality.RESTRICTED)
    _set(secret, cast, START, 3)
    assert _days(cast, DUE) == []
    Participant.objects.create(record=secret, user=cast.unit_lead, role=AuditRole.TEAM)
    assert _days(cast, DUE) == _in_days(3)


def test_dates_of_others_stand_there_for_the_parts_that_they_are_announced_to(
    cast: Cast, record: Record
) -> None:
    _set(record, cast, START, 3, assignee=cast.auditor)
    _set(record, cast, REPORT, 5, assignee=cast.auditor)
    assert _days(cast, INVOLVED) == []
    Participant.objects.create(record=record, user=cast.unit_lead, role=AuditRole.AUDITEE)
    assert _days(cast, INVOLVED) == _in_days(3), "the report is not announced to auditees"
    Participant.objects.create(record=record, user=cast.unit_lead, role=AuditRole.TEAM)
    assert _days(cast, INVOLVED) == _in_days(3, 5), "once, whatever the number of parts"
    rows = shelves_of(cast.unit_lead, NOW)[INVOLVED].rows
    assert not any(row.may_snooze for row in rows)


def test_what_the_side_bar_counts_as_late_is_mine_open_and_known_to_me(cast: Cast, record: Record) -> None:
    for key, days in enumerate((-5, -1, 3)):
        _set(record, cast, START, days, key=str(key))
    _set(record, cast, REPORT, -2, assignee=cast.auditor)
    _set(record, cast, DECISION_DEADLINE, -3)
    _set(_record(cast, Confidentiality.RESTRICTED), cast, START, -4)
    assert _late(cast.unit_lead) == _in_days(-5, -3, -1), "decisions among them"
    assert _late(cast.auditor) == _in_days(-2)
    deadline_close(record=record, kind=DECISION_DEADLINE, now=NOW)
    assert _late(cast.unit_lead) == _in_days(-5, -1)


def test_only_the_shelf_of_others_leaves_out_what_a_join_finds_twice(
    cast: Cast,
) -> None:
    with CaptureQueriesContext(connection) as asked:
        shelves_of(cast.ciso, NOW)
    assert asked.captured_queries[-1]["sql"].count("DISTINCT") == 1


def test_a_shelf_says_that_there_is_more(cast: Cast, record: Record) -> None:
    for key in range(SHOWN + 1):
        _set(record, cast, START, 3, key=str(key))
        if key == SHOWN - 1:
            assert not shelves_of(cast.unit_lead, NOW)[DUE].more
    shelf = shelves_of(cast.unit_lead, NOW)[DUE]
    assert (len(shelf), shelf.more) == (SHOWN, True)
    assert all(row.may_snooze for row in shelf.rows)


def test_a_snoozed_date_says_until_when_and_why_and_can_be_woken(cast: Cast, record: Record) -> None:
    deadline = _set(record, cast, START, 10)
    Deadline.objects.filter(pk=deadline.pk).update(
        snoozed_until=NOW.date() + timedelta(days=2), snooze_reason="The room is booked until Tuesday"
    )
    (row,) = shelves_of(cast.unit_lead, NOW)[DUE].rows
    assert "The room is booked until Tuesday" in row.snooze
    assert row.snooze_url.endswith("/wake/")
    later = shelves_of(cast.unit_lead, NOW + timedelta(days=2))[DUE].rows[0]
    assert not later.snooze
    assert later.snooze_url.endswith("/snooze/")
