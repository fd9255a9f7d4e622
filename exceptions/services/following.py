"""What exceptions follow of their documents: who answers for them, who decides on what waits, and that they are restricted."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from exceptions.choices import OPEN
from exceptions.models import PolicyException
from exceptions.permissions import DOCUMENT_OWNER
from foundation.accounts.models import User
from foundation.actions.services import actions_follow
from foundation.approvals.choices import RequestState
from foundation.approvals.following import request_follow
from foundation.records.choices import Confidentiality
from foundation.records.models import Participant
from foundation.records.services import participants_set, record_update
from policies.models import Document


def exceptions_astray(document: Document | None = None) -> list[int]:
    """Return the keys of open exceptions in which the owner of the document is not named as that, and of all that are not restricted as it is.

    The latest first: whoever grants a renewal locks it before what it renews.
    """
    named = Participant.objects.filter(
        record_id=OuterRef("pk"), role=DOCUMENT_OWNER, user_id=OuterRef("document__owner_id")
    )
    laid_open = Q(
        confidentiality=Confidentiality.INTERNAL, document__confidentiality=Confidentiality.RESTRICTED
    )
    astray = PolicyException.objects.filter(laid_open | (Q(state__in=OPEN) & ~Exists(named)))
    if document is not None:
        astray = astray.filter(document_id=document.pk)
    return list(astray.order_by("-pk").values_list("pk", flat=True))


@transaction.atomic
def exception_find_back(*, key: int, now: datetime, actor: User | None = None) -> None:
    """Restrict an exception whose document is restricted, name who answers for that by now, and let the decision be theirs.

    What the document was opened to later, its exceptions are not: what they say was asked for in confidence.
    """
    exception = (
        PolicyException.objects.select_for_update(of=("self",)).select_related("document__owner").get(pk=key)
    )
    document, changed = exception.document, exception
    if document.is_restricted and not exception.is_restricted:
        restricted = {"confidentiality": Confidentiality.RESTRICTED}
        changed = record_update(record=exception, changes=restricted, actor=actor, version=exception.version)
    if changed.state in OPEN:
        participants_set(record=changed, role=DOCUMENT_OWNER, users=[document.owner], actor=actor)
    actions_follow(source=changed, actor=actor, now=now)
    for request in changed.approval_requests.filter(state=RequestState.OPEN):
        request_follow(key=request.pk, now=now)


def exceptions_follow(*, record: Document, actor: User, now: datetime) -> None:
    """Let the exceptions from a document follow it. Must be called inside the transaction in which that changed."""
    for key in exceptions_astray(record):
        exception_find_back(key=key, now=now, actor=actor)
