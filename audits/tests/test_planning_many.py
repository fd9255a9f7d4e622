"""Planning many audits at once."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audits.choices import AuditRole, AuditType
from audits.models import Audit, AuditListing
from audits.services import AuditPlan, AuditRefused, audits_plan
from foundation.deadlines.models import Deadline
from foundation.records.models import Participant
from foundation.trail.models import Entry

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def plan(cast, number: int, **values) -> AuditPlan:
    given = {
        "title": f"Audit {number}",
        "type": AuditType.EXTERNAL,
        "unit": cast.units.payments,
        "owner": cast.ciso,
        "lead_auditor": cast.auditor,
        "team": [cast.auditor, cast.analyst],
        "auditees": [cast.unit_lead],
        "starts_on": date(2027, 3, number),
    }
    return AuditPlan(**{**given, **values})


def test_each_audit_has_its_people_dates_listing_and_trail(cast):
    audits = audits_plan(plans=[plan(cast, 1), plan(cast, 2, rrule="FREQ=YEARLY")], actor=cast.ciso, now=NOW)
    assert [audit.reference for audit in audits] == ["AUD-0001", "AUD-0002"]
    for audit in audits:
        stored = Audit.objects.get(pk=audit.pk)
        assert stored.next_due_on == stored.preparation_on
        assert set(Participant.objects.filter(record=audit).values_list("role", "user_id")) == {
            (AuditRole.LEAD, cast.auditor.pk),
            (AuditRole.TEAM, cast.analyst.pk),
            (AuditRole.AUDITEE, cast.unit_lead.pk),
        }
        dates = dict(Deadline.objects.filter(record=audit).values_list("kind", "due_on"))
        assert len(dates) == 5
        assert dates["audits.start"] == stored.starts_on
        assert AuditListing.objects.get(audit=audit).reference == stored.reference
        assert set(Entry.objects.filter(record_id=audit.pk).values_list("action", flat=True)) == {
            "audits.audit.created",
            "records.participants.changed",
        }
    first, second = Audit.objects.order_by("reference")
    assert first.series is None
    assert (second.series.rrule, second.occurrence_on) == ("FREQ=YEARLY", second.starts_on)
    assert second.series.people.count() == 3


def test_one_that_is_refused_refuses_all(cast):
    with pytest.raises(AuditRefused):
        audits_plan(
            plans=[plan(cast, 1), plan(cast, 2, lead_auditor=cast.personnel)], actor=cast.ciso, now=NOW
        )
    assert not Audit.objects.exists()


def test_the_number_of_statements_does_not_grow_with_the_audits(cast):
    def statements(count: int) -> int:
        plans = [plan(cast, number, rrule="FREQ=YEARLY") for number in range(1, count + 1)]
        with CaptureQueriesContext(connection) as queries:
            audits_plan(plans=plans, actor=cast.ciso, now=NOW)
        return len(queries)

    audits_plan(
        plans=[plan(cast, 1, rrule="FREQ=YEARLY")], actor=cast.ciso, now=NOW
    )  # reads the rights and the clock once
    assert statements(2) == statements(25) <= 25
