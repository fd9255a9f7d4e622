"""Telling people what became of a request for evidence."""

from collections.abc import Callable, Iterable
from datetime import datetime

from audits.choices import WAITING_EVIDENCE_STATES
from audits.models import EvidenceRequest
from foundation.accounts.models import User
from foundation.notifications.services import NoticeDraft, notices_write

ASKED = "audits.evidence_asked"
ANSWERED = "audits.evidence_answered"
SETTLED = "audits.evidence_settled"


def evidence_tell(
    *,
    requests: Iterable[EvidenceRequest],
    kind: str,
    people_of: Callable[[EvidenceRequest], Iterable[User]],
    what: str,
    actor: User | None,
    about: str = "",
    now: datetime,
) -> None:
    """Tell people what became of requests, in the transaction of the fact, with the day by which an answer is due; not who did it.

    Each person once. Of what is told in one mail, the latest is enough: where the request stands now. `about` tells one notice
    of the same version from another.
    """
    notices_write(
        notices=[
            NoticeDraft(
                recipient_id=person.pk,
                kind=kind,
                dedupe_key=f"{kind}:{request.pk}:{request.version}:{about}:{person.pk}",
                record_id=request.pk,
                thread=f"audits.evidence:{request.pk}",
                payload={
                    "title": request.title,
                    "reference": request.reference,
                    "sentence": what,
                    "path": request.get_absolute_url(),
                    **(
                        {"due_on": request.due_on.isoformat()}
                        if request.state in WAITING_EVIDENCE_STATES
                        else {}
                    ),
                },
            )
            for request in requests
            for person in {one.pk: one for one in people_of(request)}.values()
            if actor is None or person.pk != actor.pk
        ],
        now=now,
    )
