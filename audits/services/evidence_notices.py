"""Telling people what became of a request for evidence."""

from collections.abc import Callable, Iterable
from datetime import datetime

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
    """Tell people what became of requests, in the transaction of the fact; not who did it, and each person once.

    `about` tells one notice of the same version from another.
    """
    notices_write(
        notices=[
            NoticeDraft(
                recipient_id=person.pk,
                kind=kind,
                dedupe_key=f"{kind}:{request.pk}:{request.version}:{about}:{person.pk}",
                record_id=request.pk,
                payload={
                    "title": request.title,
                    "reference": request.reference,
                    "sentence": f"{request.reference} {what}",
                    "path": request.get_absolute_url(),
                },
            )
            for request in requests
            for person in {one.pk: one for one in people_of(request)}.values()
            if actor is None or person.pk != actor.pk
        ],
        now=now,
    )
