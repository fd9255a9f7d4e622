"""Who may write documents, and what they are kept from."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from foundation.accounts.access import access_of
from policies.choices import DECIDING, WAITING, WRITING, DocumentState
from policies.models import Document

if TYPE_CHECKING:
    from foundation.accounts.access import AnyUser

WRITE = "policies.write"
APPROVE = "policies.approve"


def can_write(user: "AnyUser", document: Document) -> bool:
    """Tell whether a person may write a document, whatever its state: by right, or as its owner."""
    return access_of(user).has(WRITE, document.unit_id) or (
        document.owner_id == user.pk and document.owner.is_active
    )


def writing_refusal(document: Document) -> str | None:
    """Return why nobody can write the document's text in its state, or None."""
    if document.state in WRITING:
        return None
    if document.state in DECIDING:
        return _("It waits for approval: withdraw the request first.")
    if document.state in WAITING:
        return _("It is approved as it stands: take it back to the draft first.")
    if document.state == DocumentState.RETIRED:
        return _("It is retired, so it stays as it is.")
    return _("What is published stays as it is: begin a revision first.")


def can_write_now(user: "AnyUser", document: Document) -> bool:
    """Tell whether a person may write the document's text as it stands."""
    return writing_refusal(document) is None and can_write(user, document)


def reviewing_refusal(document: Document) -> str | None:
    """Return why nobody can say now whether the document is still right, or None."""
    if document.state == DocumentState.PUBLISHED:
        return None
    if document.state == DocumentState.RETIRED:
        return _("It is retired, so it stays as it is.")
    if document.current_id is None:
        return _("Nothing of it is in force yet.")
    return _("A new version is on its way: publishing it answers the review.")


def moving_refusal(document: Document) -> str | None:
    """Return why nobody can move the day of the document's review, or None."""
    if document.is_retired:
        return _("It is retired, so it stays as it is.")
    return None if document.review_on else _("No review of it is due.")


def settling_refusal(document: Document) -> str | None:
    """Return why nobody can change whose the document is and how often it is reviewed, or None."""
    return _("It is retired, so it stays as it is.") if document.is_retired else None
