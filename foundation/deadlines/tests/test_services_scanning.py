"""The scan: who is told what, once."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from foundation.accounts.choices import Role
from foundation.accounts.models import Organisation
from foundation.accounts.tests.factories import RoleGrantFactory, UserFactory
from foundation.deadlines.models import Deadline, Ladder
from foundation.deadlines.services import deadline_set, deadlines_scan
from foundation.deadlines.tests.conftest import record_make
from foundation.notifications.models import Notice
from foundation.records.choices import Confidentiality
from foundation.records.models import Record
from foundation.registry import DeadlineKind, registry
from foundation.testing.queries import assert_queries

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
DUE = date(2026, 11, 27)


def morning(days: int) -> datetime:
    """Return the instant of a rung of DUE, in Lisbon's winter."""
    return datetime(2026, 11, 27, 7, tzinfo=UTC) + timedelta(days)


def told(**fields: object) -> dict[int, Notice]:
    """Return the notices by recipient."""
    notices = list(Notice.objects.filter(**fields))
    assert len({notice.recipient_id for notice in notices}) == len(notices)
    return {notice.recipient_id: notice for notice in notices}


@pytest.fixture
def deadline(record, cast):
    return deadline_set(record=record, kind="probe.report", assignee=cast.analyst, due_on=DUE, now=NOW)


class TestLadder:
    def test_nothing_before_its_time(self, deadline):
        assert deadlines_scan(now=morning(-7) - timedelta(seconds=1)) == 0
        assert not Notice.objects.exists()

    def test_writes_what_the_mail_tells(self, cast, record, deadline):
        assert deadlines_scan(now=morning(-7)) == 1
        notice = Notice.objects.get()
        assert notice.recipient == cast.analyst
        assert notice.kind == "deadlines.reminder"
        assert notice.record_id == record.pk
        assert notice.send_after == morning(-7)
        assert notice.payload == {
            "title": "Card data audit",
            "reference": record.reference,
            "sentence": "Report due",
            "path": f"/probes/{record.reference}/",
            "reason": "It is assigned to you.",
            "deadline": "probe.report",
            "rung": -7,
            "escalated": False,
            "due_on": "2026-11-27",
        }

    def test_instant_is_told_with_its_offset(self, cast, record):
        due_at = datetime(2026, 11, 27, 15, tzinfo=UTC)
        deadline_set(record=record, kind="probe.report", assignee=cast.analyst, due_at=due_at, now=NOW)
        deadlines_scan(now=morning(-7))
        payload = Notice.objects.get().payload
        assert datetime.fromisoformat(payload["due_at"]) == due_at
        assert "due_on" not in payload

    def test_climbs_the_whole_ladder(self, cast, deadline):
        for days in range(-10, 25):
            deadlines_scan(now=morning(days))
        rungs = Notice.objects.filter(recipient=cast.analyst).order_by("id")
        assert [notice.payload["rung"] for notice in rungs] == [-7, -1, 0, 1, 2, 3, 10, 17, 24]

    def test_again_at_once_writes_nothing(self, deadline):
        assert deadlines_scan(now=morning(-7)) == 1
        assert deadlines_scan(now=morning(-7)) == 0
        deadline.refresh_from_db()
        assert deadline.next_reminder_at == morning(-1)

    def test_outage_of_three_days_brings_the_latest_rung_alone(self, cast, deadline):
        deadlines_scan(now=morning(-1))
        Notice.objects.all().delete()
        assert deadlines_scan(now=morning(2) + timedelta(hours=5)) == 1
        notice = Notice.objects.get()
        assert (notice.payload["rung"], notice.send_after) == (2, morning(2))
        deadline.refresh_from_db()
        assert (deadline.next_rung, deadline.next_reminder_at) == (3, morning(3))

    def test_last_rung_ends_the_reminders(self, record, cast):
        ladder = Ladder.objects.create(
            key="once", name="Once", days_before=[7], on_the_day=False, late_daily_for=0, late_weekly=False,
            escalate_after=None,
        )  # fmt: skip
        deadline = deadline_set(
            record=record, kind="probe.report", assignee=cast.analyst, due_on=DUE, ladder=ladder, now=NOW
        )
        assert deadlines_scan(now=morning(-7)) == 1
        deadline.refresh_from_db()
        assert (deadline.next_rung, deadline.next_reminder_at) == (None, None)

    @pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Etc/GMT+12"])
    def test_far_zones_remind_in_their_own_morning(self, record, cast, zone):
        Organisation.objects.update(time_zone=zone)
        deadline_set(record=record, kind="probe.report", assignee=cast.analyst, due_on=DUE, now=NOW)
        with timezone.override(zone):
            local_morning = timezone.make_aware(datetime(2026, 11, 20, 7))  # noqa: DTZ001 - made aware at once
        assert deadlines_scan(now=local_morning - timedelta(minutes=1)) == 0
        assert deadlines_scan(now=local_morning) == 1

    @pytest.mark.parametrize(("due", "hours"), [(date(2027, 3, 29), 23), (date(2026, 10, 26), 25)])
    def test_day_of_a_clock_change_keeps_the_hour(self, record, cast, due, hours):
        """Lisbon's clocks change on 28 March 2027 and 25 October 2026, between two daily rungs."""
        ladder = Ladder.objects.create(key="daily", name="Daily", days_before=[2, 1], late_daily_for=0)
        now = datetime(2026, 10, 1, tzinfo=UTC)
        deadline = deadline_set(
            record=record, kind="probe.report", assignee=cast.analyst, due_on=due, ladder=ladder, now=now
        )
        first = deadline.next_reminder_at
        assert first
        deadlines_scan(now=first)
        deadline.refresh_from_db()
        assert deadline.next_reminder_at
        assert deadline.next_reminder_at - first == timedelta(hours=hours)

    def test_batches_of_any_size_take_all(self, record, cast):
        for number in range(7):
            deadline_set(
                record=record,
                kind="probe.report",
                key=str(number),
                assignee=cast.analyst,
                due_on=DUE,
                now=NOW,
            )
        assert deadlines_scan(now=morning(-7), batch=3) == 7
        assert not Deadline.objects.filter(next_reminder_at__lte=morning(-7)).exists()

    def test_number_of_queries_does_not_grow(self, record, cast, witness):
        witness(cast.auditor)
        for number in range(40):
            deadline_set(
                record=record_make(cast) if number % 2 else record,
                kind="probe.report",
                key=str(number),
                assignee=cast.analyst if number % 3 else cast.unit_lead,
                due_on=DUE - timedelta(number % 5),
                now=NOW,
            )
        deadlines_scan(now=NOW)  # takes note of the clock
        with assert_queries("scan of one batch"):
            assert deadlines_scan(now=morning(3)) > 40

    def test_archived_records_are_silent(self, record, deadline):
        Record.objects.filter(pk=record.pk).update(archived_at=NOW)
        assert deadlines_scan(now=morning(-7)) == 0
        deadline.refresh_from_db()
        assert deadline.next_rung == -1

    def test_page_that_cannot_be_linked_holds_up_nothing(self, deadline, settings):
        settings.ROOT_URLCONF = "ciso_portal.urls"
        assert deadlines_scan(now=morning(-7)) == 1
        assert Notice.objects.get().payload["path"] == ""

    def test_kind_that_no_app_registers_any_longer(self, deadline):
        registry._items[DeadlineKind].pop("probe.report")
        assert deadlines_scan(now=morning(-7)) == 1
        assert Notice.objects.get().payload["sentence"] == "A date"


class TestRecipients:
    def test_participants_of_the_audience_are_reminded(self, cast, deadline, witness):
        witness(cast.personnel)
        witness(cast.executive, "bystander")
        deadlines_scan(now=morning(-7))
        assert set(told()) == {cast.analyst.pk, cast.personnel.pk}
        notice = told()[cast.personnel.pk]
        assert notice.payload["reason"] == "You take part in it."
        assert notice.payload["sentence"] == "Report due (assigned to Anders Falk)"

    def test_each_once_whatever_the_parts(self, cast, deadline, witness):
        witness(cast.analyst)
        witness(cast.ciso)
        deadlines_scan(now=morning(3))
        assert set(told()) == {cast.analyst.pk, cast.ciso.pk}
        assert told()[cast.ciso.pk].kind == "deadlines.reminder"

    def test_escalation_tells_manager_and_cisos_of_the_unit(self, cast, record):
        manager = UserFactory.create()
        RoleGrantFactory.create(user=manager, role=Role.AUDITOR)
        cast.unit_lead.manager = manager
        cast.unit_lead.save()
        of_payments, of_retail = UserFactory.create(), UserFactory.create()
        RoleGrantFactory.create(user=of_payments, role=Role.CISO, unit=cast.units.payments)
        RoleGrantFactory.create(user=of_retail, role=Role.CISO, unit=cast.units.retail)
        deadline_set(record=record, kind="probe.report", assignee=cast.unit_lead, due_on=DUE, now=NOW)
        deadlines_scan(now=morning(2))
        assert set(told()) == {cast.unit_lead.pk}
        deadlines_scan(now=morning(3))
        escalated = told(kind="deadlines.escalation")
        assert set(escalated) == {manager.pk, cast.ciso.pk, of_payments.pk}
        assert "you are the manager of Ulrike Sommer" in escalated[manager.pk].payload["reason"]
        assert "you are the CISO" in escalated[cast.ciso.pk].payload["reason"]
        assert all(notice.payload["escalated"] for notice in escalated.values())

    def test_after_the_escalation_rung_all_go_on_being_told(self, cast, deadline):
        deadlines_scan(now=morning(3))
        Notice.objects.all().delete()
        deadlines_scan(now=morning(10))
        assert set(told()) == {cast.analyst.pk, cast.ciso.pk}

    def test_manager_who_may_not_know_of_the_record_is_not_told(self, cast, record):
        cast.analyst.manager = cast.outsider
        cast.analyst.save()
        deadline_set(record=record, kind="probe.report", assignee=cast.analyst, due_on=DUE, now=NOW)
        deadlines_scan(now=morning(3))
        assert set(told()) == {cast.analyst.pk, cast.ciso.pk}

    def test_grants_out_of_force_make_no_ciso(self, cast, deadline):
        past, future = UserFactory.create(), UserFactory.create()
        RoleGrantFactory.create(user=past, role=Role.CISO, ends_on=date(2026, 11, 29))
        RoleGrantFactory.create(user=future, role=Role.CISO, starts_on=date(2026, 12, 1))
        deadlines_scan(now=morning(3))
        assert set(told()) == {cast.analyst.pk, cast.ciso.pk}

    def test_restricted_record_reminds_those_named_in_it_alone(self, cast, witness):
        record = record_make(cast, owner=cast.auditor, confidentiality=Confidentiality.RESTRICTED)
        cast.auditor.manager = cast.unit_lead
        cast.auditor.save()
        deadline_set(record=record, kind="probe.report", assignee=cast.auditor, due_on=DUE, now=NOW)
        deadlines_scan(now=morning(3))
        assert set(told()) == {cast.auditor.pk, cast.ciso.pk}

    def test_restricted_record_of_an_assignee_who_is_not_named(self, cast):
        record = record_make(cast, owner=cast.auditor, confidentiality=Confidentiality.RESTRICTED)
        deadline_set(record=record, kind="probe.report", assignee=cast.unit_lead, due_on=DUE, now=NOW)
        deadlines_scan(now=morning(-7))
        assert set(told()) == {cast.ciso.pk}

    def test_manager_stands_in_for_who_has_left(self, cast, record):
        cast.unit_lead.manager = cast.analyst
        cast.unit_lead.save()
        deadline_set(record=record, kind="probe.report", assignee=cast.unit_lead, due_on=DUE, now=NOW)
        cast.unit_lead.is_active = False
        cast.unit_lead.save()
        deadlines_scan(now=morning(-7))
        assert set(told()) == {cast.analyst.pk}
        payload = told()[cast.analyst.pk].payload
        assert payload["reason"] == "Ulrike Sommer, to whom it is assigned, cannot be reminded."
        assert payload["sentence"] == "Report due (assigned to Ulrike Sommer)"

    def test_ciso_stands_in_without_a_manager(self, cast, deadline):
        cast.analyst.manager = None
        cast.analyst.is_active = False
        cast.analyst.save()
        deadlines_scan(now=morning(-7))
        assert set(told()) == {cast.ciso.pk}

    def test_owner_stands_in_where_nobody_else_is_left(self, cast, record):
        cast.ciso.is_active = cast.unit_lead.is_active = False
        cast.ciso.save()
        cast.unit_lead.save()
        deadline_set(record=record, kind="probe.report", assignee=cast.unit_lead, due_on=DUE, now=NOW)
        deadlines_scan(now=morning(-7))
        assert set(told()) == {cast.analyst.pk}

    def test_nobody_left_moves_the_ladder_on(self, cast, deadline):
        for person in (cast.analyst, cast.ciso):
            person.is_active = False
            person.save()
        assert deadlines_scan(now=morning(-7)) == 0
        deadline.refresh_from_db()
        assert deadline.next_rung == -1
