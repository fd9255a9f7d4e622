"""Makes audits and programmes for tests, through the services."""

from datetime import UTC, date, datetime
from typing import Any

from audits.choices import AuditType
from audits.models import Audit, Programme
from audits.services import audit_plan, programme_create
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
