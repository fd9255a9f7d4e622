"""Reminders of who is away go to the stand-in, and to the person afterwards."""

from datetime import UTC, date, datetime, timedelta

import pytest

from foundation.accounts.models import Delegation
from foundation.deadlines.services import deadline_close, deadline_set, deadlines_scan
from foundation.notifications.models import Notice
from foundation.records.choices import Confidentiality
from foundation.records.models import Record

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
DUE = date(2026, 11, 27)
BEFORE = datetime(2026, 11, 20, 7, tzinfo=UTC)  # the morning of the first rung
BACK = datetime(2026, 11, 23, 7, tzinfo=UTC)


@pytest.fixture
def deadline(record, cast):
    return deadline_set(record=record, kind="probe.report", assignee=cast.analyst, due_on=DUE, now=NOW)


@pytest.fixture
def away(cast):
    return Delegation.objects.create(
        person=cast.analyst,
        stand_in=cast.auditor,
        starts_on=date(2026, 11, 16),
        ends_on=date(2026, 11, 22),
        created_at=NOW,
    )


def test_the_stand_in_is_told_for_whom_and_the_person_afterwards(cast, deadline, away):
    assert deadlines_scan(now=BEFORE) == 2
    told = {notice.recipient_id: notice for notice in Notice.objects.all()}
    instead, later = told[cast.auditor.pk], told[cast.analyst.pk]
    assert instead.send_after == BEFORE
    assert instead.payload["reason"] == f"You stand in for {cast.analyst.full_name}, who is away."
    assert instead.payload["sentence"] == f"Report due (assigned to {cast.analyst.full_name})"
    assert later.send_after == BACK
    assert later.payload["reason"] == "It is assigned to you."


def test_what_was_met_meanwhile_is_not_told_afterwards(cast, record, deadline, away):
    deadlines_scan(now=BEFORE)
    deadline_close(record=record, kind="probe.report", now=BEFORE + timedelta(hours=1))
    assert set(Notice.objects.values_list("state", flat=True)) == {"cancelled"}


def test_outside_of_that_time_the_person_is_told(cast, deadline, away):
    Delegation.objects.update(ends_on=date(2026, 11, 19))
    assert deadlines_scan(now=BEFORE) == 1
    assert Notice.objects.get().recipient == cast.analyst


def test_who_may_not_know_of_the_record_stands_in_for_nobody(cast, record, deadline, away):
    Record.objects.filter(pk=record.pk).update(confidentiality=Confidentiality.RESTRICTED)
    assert deadlines_scan(now=BEFORE) == 1
    notice = Notice.objects.get()
    assert (notice.recipient, notice.send_after) == (cast.analyst, BEFORE)


def test_a_stand_in_who_is_told_anyway_is_told_once(cast, deadline, away, witness):
    witness(cast.auditor)
    assert deadlines_scan(now=BEFORE) == 2
    assert Notice.objects.get(recipient=cast.auditor).payload["reason"] == "You take part in it."
