"""Makes audits, programmes and findings for tests, through the services."""

from datetime import UTC, date, datetime
from typing import Any

from audits.choices import AuditState, AuditType, Grade
from audits.models import Audit, Finding, Programme
from audits.services import audit_plan, finding_create, programme_create
from foundation.records.models import Record
from foundation.testing.cast import Cast

NOW = datetime(2026, 11, 23, 9, 10, tzinfo=UTC)
TODAY = date(2026, 11, 23)


def audit_make(cast: Cast, **values: Any) -> Audit:
    """Plan an internal audit of payments by the auditor, owned and planned by the analyst."""
    given: dict[str, Any] = {
        "actor": cast.analyst,
        "now": NOW,
        "title": "Payment gateway access review",
        "type": AuditType.INTERNAL,
        "unit": cast.units.payments,
        "owner": cast.analyst,
        "lead_auditor": cast.auditor,
        "starts_on": date(2027, 1, 18),
        "scope": "Accounts that reach the gateway",
        "criteria": "ISO/IEC 27001:2022, A.5.15 to A.5.18",
    }
    return audit_plan(**{**given, **values})


def programme_make(cast: Cast, **values: Any) -> Programme:
    """Draft the programme of 2027 for payments by the analyst."""
    given: dict[str, Any] = {
        "actor": cast.analyst,
        "now": NOW,
        "title": "Audit programme 2027",
        "year": 2027,
        "unit": cast.units.payments,
        "owner": cast.ciso,
        "objectives": "Every critical service is audited once.",
    }
    return programme_create(**{**given, **values})


def finding_make(cast: Cast, audit: Audit | None = None, **values: Any) -> Finding:
    """Raise a minor nonconformity by the auditor in an audit under way, which the unit's lead answers for."""
    audit = audit or audit_make(cast)
    if audit.state == AuditState.PLANNED:
        Record.objects.filter(pk=audit.pk).update(state=AuditState.FIELDWORK)
        audit = Audit.objects.get(pk=audit.pk)
    given: dict[str, Any] = {
        "audit": audit,
        "actor": cast.auditor,
        "now": NOW,
        "title": "Accounts of leavers stay open",
        "grade": Grade.MINOR,
        "owner": cast.unit_lead,
        "answer_due_on": date(2026, 12, 7),
        "description": "Four of twenty-five accounts belonged to people who left.",
    }
    return finding_create(**{**given, **values})
