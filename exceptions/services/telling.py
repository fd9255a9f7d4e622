"""Telling people what became of an exception, in the transaction of the fact."""

from datetime import datetime

from exceptions.models import PolicyException
from foundation.accounts.models import User
from foundation.notifications.services import NoticeDraft, notices_write, told

ENDED, DECIDE_AGAIN = "exceptions.ended", "exceptions.decide_again"


def concerned_tell(
    *, exception: PolicyException, kind: str, what: str, actor: User | None, now: datetime, why: str = ""
) -> None:
    """Tell the owner, who asked, and who answers for the document, each once; not who did it. `what` is said as `told()`."""
    people = {exception.owner_id, exception.created_by_id, exception.document.owner_id}
    notices_write(
        notices=[
            NoticeDraft(
                recipient_id=person,
                kind=kind,
                dedupe_key=f"{kind}:{exception.pk}:{exception.version}:{person}",
                record_id=exception.pk,
                thread=f"exceptions.exception:{exception.pk}",
                payload={
                    "title": exception.title,
                    "reference": exception.reference,
                    "sentence": told(lambda: f"{what} {why}" if why else f"{what}"),
                    "headline": what,
                    "path": exception.get_absolute_url(),
                },
            )
            for person in sorted(people)
            if actor is None or person != actor.pk
        ],
        now=now,
    )
