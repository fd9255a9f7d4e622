"""The dates by which answers to requests for evidence are looked at, and by whom."""

from collections.abc import Iterable
from datetime import datetime

from audits.choices import EvidenceState
from audits.models import EvidenceRequest
from audits.selectors import evidence_judges
from foundation.deadlines.models import Deadline
from foundation.deadlines.services import deadline_set

REVIEW = "audits.evidence_review"


def reviews_follow(*, requests: Iterable[EvidenceRequest], now: datetime) -> None:
    """Let who looks at each answer that waits be reminded of it; the days stay. One query where nothing waits."""
    answered = {request.pk: request for request in requests if request.state == EvidenceState.ANSWERED}
    waiting = Deadline.objects.open().filter(record__in=list(answered), kind=REVIEW).order_by("pk")
    deadlines = {deadline.record_id: deadline for deadline in waiting}
    if not deadlines:
        return
    for key, seen_to in evidence_judges(deadlines, now).items():
        judge = seen_to.person
        if deadlines[key].assignee_id != judge.pk:
            deadline_set(
                record=answered[key], kind=REVIEW, assignee=judge, due_on=deadlines[key].due_on, now=now
            )
