"""Putting off reminders: by whom, how far, and what goes on all the same."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from audits.tests.factories import audit_make
from foundation.deadlines.models import Deadline, Ladder
from foundation.deadlines.selectors import deadlines_of
from foundation.deadlines.services import (
    SnoozeRefused,
    deadline_close,
    deadline_set,
    deadline_snooze,
    deadline_wake,
    deadlines_scan,
    ladder_change,
)
from foundation.deadlines.services.laddering import FIELDS
from foundation.notifications.models import Notice
from foundation.records.choices import Confidentiality
from foundation.records.models import Record
from foundation.records.words import changes_of
from foundation.trail.models import Entry

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
DUE = date(2026, 11, 27)


def morning(days: int) -> datetime:
    """Return the instant of a rung of DUE, in Lisbon's winter."""
    return datetime(2026, 11, 27, 7, tzinfo=UTC) + timedelta(days)


def rungs() -> list[int]:
    return [notice.payload["rung"] for notice in Notice.objects.order_by("pk")]


@pytest.fixture
def deadline(record, cast):
    return deadline_set(record=record, kind="probe.report", assignee=cast.analyst, due_on=DUE, now=NOW)


def snooze(
    deadline: Deadline, until: date, now: datetime = NOW, reason: str = "The vendor is away"
) -> Deadline:
    return deadline_snooze(deadline=deadline, until=until, reason=reason, actor=deadline.assignee, now=now)


class TestSnooze:
    def test_the_trail_tells_its_day_in_words(self, deadline):
        snooze(deadline, date(2026, 11, 25))
        changes = changes_of(Entry.objects.get(action="deadlines.deadline.snoozed"))
        assert ("Snoozed until", "25 Nov 2026") in [(change.label, change.after) for change in changes]

    def test_nobody_is_reminded_until_that_morning(self, cast, deadline, witness):
        witness(cast.auditor)
        snooze(deadline, date(2026, 11, 25))
        assert deadlines_scan(now=morning(-2) - timedelta(seconds=1)) == 0
        assert deadlines_scan(now=morning(-2)) == 2
        assert rungs() == [-2, -2]
        for days in (-1, 0):
            deadlines_scan(now=morning(days))
        assert rungs() == [-2, -2, -1, -1, 0, 0], "then the ladder goes on"

    def test_the_reason_is_in_the_trail(self, record, deadline):
        snooze(deadline, date(2026, 11, 25))
        entry = Entry.objects.get(action="deadlines.deadline.snoozed")
        assert entry.record_id == record.pk
        assert entry.comment == "The vendor is away"
        assert entry.after == {"snoozed_until": "2026-11-25", "date": "Report due"}

    def test_a_reminder_that_is_in_no_mail_yet_is_called_off(self, deadline):
        deadlines_scan(now=morning(-7))
        snooze(deadline, date(2026, 11, 25), now=morning(-7) + timedelta(minutes=1))
        assert Notice.objects.get().state == "cancelled"

    def test_it_goes_up_to_the_escalation_and_no_further(self, cast, deadline):
        for until in (date(2026, 12, 1), date(2026, 11, 2), date(2026, 11, 1), date(2027, 11, 2)):
            with pytest.raises(SnoozeRefused, match="Choose a day after today"):
                snooze(deadline, until)
        snooze(deadline, date(2026, 11, 30))
        for days in range(-10, 3):
            assert deadlines_scan(now=morning(days)) == 0
        deadlines_scan(now=morning(3))
        assert Notice.objects.filter(recipient=cast.ciso, kind="deadlines.escalation").exists()

    def test_what_is_escalated_cannot_be_put_off(self, deadline):
        with pytest.raises(SnoozeRefused, match="the manager and the CISO are told"):
            snooze(deadline, date(2026, 12, 5), now=morning(3))

    def test_without_an_escalation_it_goes_a_month_at_most(self, record, cast):
        ladder = Ladder.objects.create(key="calm", name="Calm", days_before=[7], escalate_after=None)
        deadline = deadline_set(
            record=record, kind="probe.report", assignee=cast.analyst, due_on=DUE, ladder=ladder, now=NOW
        )
        with pytest.raises(SnoozeRefused):
            snooze(deadline, date(2026, 12, 3))
        snooze(deadline, date(2026, 12, 2))

    def test_another_ladder_escalates_in_spite_of_it(self, cast, deadline):
        snooze(deadline, date(2026, 11, 30))
        ladder = deadline.ladder
        values = {name: getattr(ladder, name) for name in FIELDS} | {"escalate_after": 1}
        ladder_change(ladder=ladder, values=values, seen=str(ladder.version), actor=cast.ciso, now=NOW)
        for days in range(-10, 1):
            assert deadlines_scan(now=morning(days)) == 0
        deadlines_scan(now=morning(1))
        assert Notice.objects.filter(recipient=cast.ciso, kind="deadlines.escalation").exists()

    def test_what_was_met_cannot_be_put_off(self, record, deadline):
        deadline_close(record=record, kind="probe.report", now=NOW)
        with pytest.raises(SnoozeRefused, match="met or called off"):
            snooze(deadline, date(2026, 11, 25))

    def test_it_ends_with_the_date_or_the_assignee_that_it_was_for(self, record, cast, deadline):
        for change in ({"due_on": DUE + timedelta(days=30)}, {"assignee": cast.auditor}):
            snooze(Deadline.objects.get(pk=deadline.pk), date(2026, 11, 25))
            values = {"due_on": DUE, "assignee": cast.analyst, **change}
            deadline_set(record=record, kind="probe.report", now=NOW, **values)
            assert Deadline.objects.get().snoozed_until is None
            deadline_set(record=record, kind="probe.report", now=NOW, due_on=DUE, assignee=cast.analyst)


class TestWake:
    def test_reminders_come_as_the_ladder_says(self, cast, deadline):
        snooze(deadline, date(2026, 11, 25))
        assert deadline_wake(deadline=deadline, actor=cast.analyst, now=NOW)
        assert not deadline_wake(deadline=deadline, actor=cast.analyst, now=NOW)
        assert deadlines_scan(now=morning(-7)) == 1
        assert Entry.objects.filter(action="deadlines.deadline.woken").count() == 1


class TestPages:
    @pytest.fixture
    def near(self, record: Record, cast) -> Deadline:
        now = datetime.now(UTC)
        return deadline_set(
            record=record,
            kind="probe.report",
            assignee=cast.analyst,
            due_on=(now + timedelta(days=10)).date(),
            now=now,
        )

    def url(self, deadline: Deadline, name: str = "snooze") -> str:
        return reverse(f"deadlines:deadline-{name}", args=[deadline.pk])

    def test_who_must_see_to_it_puts_it_off_and_takes_that_back(self, client: Client, cast, near):
        client.force_login(cast.analyst)
        until = near.due_on - timedelta(days=3)
        assert "at the latest" in client.get(self.url(near)).content.decode()
        answer = client.post(
            f"{self.url(near)}?from=desk", {"until": until.isoformat(), "reason": "Moving house"}
        )
        assert answer.headers["Location"] == "/"
        page = client.get("/").content.decode()
        assert "Moving house" in page
        assert self.url(near, "wake") in page
        client.post(self.url(near, "wake"))
        near.refresh_from_db()
        assert near.snoozed_until is None
        assert "Moving house" not in client.get("/").content.decode()

    def test_the_record_says_so_to_all_and_has_the_way_for_one(self, client: Client, cast):
        audit = audit_make(cast, starts_on=datetime.now(UTC).date() + timedelta(days=60))
        deadline = deadlines_of(audit).first()
        client.force_login(deadline.assignee)
        assert self.url(deadline) in client.get(audit.get_absolute_url()).content.decode()
        now = datetime.now(UTC)
        snooze(deadline, (now + timedelta(days=5)).date(), now=now, reason="Moving house")
        page = client.get(audit.get_absolute_url()).content.decode()
        assert "Moving house" in page
        assert self.url(deadline, "wake") in page
        client.force_login(cast.ciso)
        page = client.get(audit.get_absolute_url()).content.decode()
        assert "Moving house" in page
        assert self.url(deadline, "wake") not in page

    def test_the_record_says_so_of_each_of_its_dates(self, client: Client, cast):
        audit = audit_make(cast, starts_on=datetime.now(UTC).date() + timedelta(days=10))
        now = datetime.now(UTC)
        snooze(deadlines_of(audit).last(), (now + timedelta(days=5)).date(), now=now, reason="Moving house")
        client.force_login(cast.ciso)
        dates = client.get(audit.get_absolute_url()).context["dates"]
        assert ["Moving house" in step.note for step in dates] == [False, False, False, False, True]

    def test_others_may_not(self, client: Client, cast, record, near):
        client.force_login(cast.auditor)
        assert client.get(self.url(near)).status_code == 403
        assert client.post(self.url(near), {"until": near.due_on, "reason": "x"}).status_code == 403
        Record.objects.filter(pk=record.pk).update(confidentiality=Confidentiality.RESTRICTED)
        for name in ("snooze", "wake"):
            assert client.get(self.url(near, name)).status_code == 404
            assert client.post(self.url(near, name)).status_code == 404

    @pytest.mark.parametrize(
        ("until", "reason"),
        [("", "Why"), ("2026-02-31", "Why"), ("9999-12-31", "Why"), ("0001-01-01", "Why"), ("x" * 5_000, "Why"),
         ("2026-12-01", ""), ("2026-12-01", "x" * 501), ("2026-12-01", "\x00")],
    )  # fmt: skip
    def test_bad_input_is_told_and_kept(self, client: Client, cast, near, until, reason):
        client.force_login(cast.analyst)
        answer = client.post(self.url(near), {"until": until, "reason": reason})
        assert answer.status_code == 422
        assert reason.replace("\x00", "") in answer.content.decode()
        near.refresh_from_db()
        assert near.snoozed_until is None
