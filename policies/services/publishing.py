"""Putting approved versions in force on their day."""

from datetime import datetime

from django.db import transaction

from foundation.accounts.organisation import organisation_day
from foundation.lifecycle.services import apply_transition
from policies.choices import WAITING
from policies.models import Document, DocumentVersion


def documents_due(*, now: datetime) -> list[int]:
    """Return the keys of documents whose approved version holds from today or earlier, in the organisation's time zone."""
    due = DocumentVersion.objects.to_publish(organisation_day(now)).order_by("effective_on", "pk")
    return list(due.values_list("document_id", flat=True))


@transaction.atomic
def document_publish_due(*, key: int, now: datetime) -> bool:
    """Put a document's approved version in force, and tell whether it was; of two that try, one does.

    In the name of who approved it: that was the decision, and the day stood in it.
    """
    document = Document.objects.select_for_update(of=("self",)).get(pk=key)
    version = (
        DocumentVersion.objects.to_publish(organisation_day(now))
        .filter(document=document)
        .select_related("approval")
        .first()
    )
    if document.state not in WAITING or version is None:
        return False
    decision = version.approval.decisions.select_related("decided_by").order_by("-id").first()
    apply_transition(record=document, name="publish", actor=decision.decided_by, now=now, by_approval=True)
    return True
