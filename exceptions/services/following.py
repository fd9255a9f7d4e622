"""Who answers for a document changes beside its exceptions: whoever does by then knows of them."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from exceptions.choices import OPEN
from exceptions.models import PolicyException
from exceptions.permissions import DOCUMENT_OWNER
from foundation.records.models import Participant
from foundation.records.services import participants_set


def exceptions_astray() -> list[int]:
    """Return the keys of open exceptions in which the owner of the document is not named as that."""
    named = Participant.objects.filter(
        record_id=OuterRef("pk"), role=DOCUMENT_OWNER, user_id=OuterRef("document__owner_id")
    )
    astray = PolicyException.objects.filter(~Exists(named), state__in=OPEN)
    return list(astray.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def exception_find_back(*, key: int, now: datetime) -> None:
    """Name who answers for the document of an exception by now."""
    exception = PolicyException.objects.select_related("document__owner").get(pk=key)
    participants_set(record=exception, role=DOCUMENT_OWNER, users=[exception.document.owner], actor=None)
