"""Who looks at the answers to requests for evidence, and the dates by which they do."""

from collections.abc import Iterable
from datetime import datetime

from audits.choices import EVIDENCE_ASKER, AuditRole, EvidenceState
from audits.models import EvidenceRequest
from foundation.accounts.models import User
from foundation.deadlines.models import Deadline
from foundation.deadlines.services import deadline_set
from foundation.records.models import Participant

REVIEW = "audits.evidence_review"


def judge_of(request: EvidenceRequest) -> User:
    """Return who looks at an answer: who asked (or took that over), as long as they are there, else who leads the audit."""
    askers = Participant.objects.filter(record_id=request.pk, role=EVIDENCE_ASKER, user__is_active=True)
    audited = Participant.objects.filter(record_id=request.audit_id, role=AuditRole.AUDITEE)
    asking = askers.exclude(user=request.owner_id).exclude(user__in=audited.values("user"))
    first = asking.select_related("user").order_by("pk").first()
    judge: User = first.user if first else request.audit.lead_auditor
    return judge


def reviews_follow(*, requests: Iterable[EvidenceRequest], now: datetime) -> None:
    """Let who looks at each answer that waits be reminded of it; the days stay. One query where nothing waits."""
    answered = {request.pk: request for request in requests if request.state == EvidenceState.ANSWERED}
    for deadline in Deadline.objects.open().filter(record__in=list(answered), kind=REVIEW).order_by("pk"):
        request = answered[deadline.record_id]
        judge = judge_of(request)
        if deadline.assignee_id != judge.pk:
            deadline_set(record=request, kind=REVIEW, assignee=judge, due_on=deadline.due_on, now=now)
