"""Makes audits, programmes and findings for tests, through the services."""

from datetime import UTC, date, datetime
from typing import Any

from audits.choices import AuditState, AuditType, Grade
from audits.models import Audit, EvidenceRequest, Finding, Programme
from audits.services import (
    EvidenceAsk,
    audit_plan,
    conclusion_write,
    evidence_answer,
    evidence_ask,
    finding_create,
    programme_create,
)
from foundation.approvals.choices import RequestState
from foundation.approvals.models import ApprovalRequest
from foundation.approvals.sample import open_and_decide
from foundation.lifecycle.services import apply_transition
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


def report_submit(audit: Audit, cast: Cast, now: datetime = NOW) -> ApprovalRequest:
    """Write the conclusion of an audit that is in reporting, submit its report by the analyst, and return the request."""
    audit = Audit.objects.get(pk=audit.pk)
    audit = conclusion_write(
        audit=audit, conclusion="Largely in place.", actor=cast.analyst, version=audit.version
    )
    apply_transition(record=audit, name="submit_report", actor=cast.analyst, now=now)
    return ApprovalRequest.objects.get(record_id=audit.pk, state=RequestState.OPEN)


def report_approve(audit: Audit, cast: Cast, now: datetime = NOW) -> Audit:
    """Submit the report of an audit that is in reporting, and approve it by the CISO."""
    asked = report_submit(audit, cast, now)
    open_and_decide(request=asked, actor=cast.ciso, now=now)
    return Audit.objects.get(pk=audit.pk)


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


def audit_in(cast: Cast, state: str = AuditState.FIELDWORK, **values: Any) -> Audit:
    """Plan an audit and take it as far as its fieldwork or its report."""
    audit = audit_make(cast, **values)
    for step, reached in (
        ("prepare", AuditState.PREPARING),
        ("start_fieldwork", AuditState.FIELDWORK),
        ("start_reporting", AuditState.REPORTING),
    ):
        apply_transition(record=audit, name=step, actor=cast.analyst, now=NOW)
        if reached == state:
            break
    return Audit.objects.get(pk=audit.pk)


def evidence_make(cast: Cast, audit: Audit | None = None, **values: Any) -> EvidenceRequest:
    """Ask the clerk of cards for the access list by the auditor, in an audit in its fieldwork."""
    given: dict[str, Any] = {
        "audit": audit or audit_in(cast),
        "asks": [EvidenceAsk(title="Access list of the gateway", description="As of last month.")],
        "owners": [cast.personnel],
        "due_on": date(2026, 12, 4),
        "actor": cast.auditor,
        "now": NOW,
    }
    return evidence_ask(**{**given, **values})[0]


def evidence_answered(
    cast: Cast, request: EvidenceRequest, answer: str = "All of it is here."
) -> EvidenceRequest:
    """Answer a request by who is asked."""
    request = EvidenceRequest.objects.get(pk=request.pk)
    return evidence_answer(
        request=request, answer=answer, actor=request.owner, now=NOW, version=request.version
    )
