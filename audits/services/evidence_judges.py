"""The dates by which answers to requests for evidence are looked at, and by whom."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from audits.choices import EvidenceState
from audits.models import EvidenceRequest
from audits.selectors import evidence_judges
from audits.services.auditors_told import evidence_judge_tell
from foundation.accounts.models import User
from foundation.deadlines.models import Deadline
from foundation.deadlines.services import deadline_set

REVIEW = "audits.evidence_review"


def reviews_follow(
    *, requests: Iterable[EvidenceRequest], actor: User | None = None, now: datetime
) -> list[int]:
    """Let who looks at each answer that waits be reminded of it, and told where that is another than before; return the keys of those.

    The days stay. One query where nothing waits.
    """
    answered = {request.pk: request for request in requests if request.state == EvidenceState.ANSWERED}
    waiting = Deadline.objects.open().filter(record__in=list(answered), kind=REVIEW).order_by("pk")
    deadlines = {deadline.record_id: deadline for deadline in waiting}
    if not deadlines:
        return []
    judges = evidence_judges(deadlines, now)
    moved = [
        key
        for key, seen_to in judges.items()
        if (deadlines[key].assignee_id, deadlines[key].is_stuck) != (seen_to.person.pk, not seen_to.may)
    ]
    for key in moved:
        deadline_set(
            record=answered[key],
            kind=REVIEW,
            assignee=judges[key].person,
            is_stuck=not judges[key].may,
            due_on=deadlines[key].due_on,
            now=now,
        )
        evidence_judge_tell(
            request=answered[key],
            seen_to=judges[key],
            what=_("Answered, and waits for you: who was to look at it can't any more."),
            actor=actor,
            now=now,
            about=now.isoformat(),
        )
    return moved
