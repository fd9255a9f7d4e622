"""Who may ask for exceptions, write them and end them."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from exceptions.choices import RENEWABLE, ExceptionState
from exceptions.models import PolicyException
from foundation.accounts.models import User

if TYPE_CHECKING:
    from foundation.accounts.access import AnyUser

REQUEST = "exceptions.request"
DECIDE = "exceptions.decide"
# The parts that people play in an exception besides its owner: who asked, and who answers for the document.
ASKER = "exceptions.asker"
DOCUMENT_OWNER = "exceptions.document_owner"


def can_write(user: "AnyUser", exception: PolicyException) -> bool:
    """Tell whether a person may write an exception, whatever its state: who asked for it, or owns it."""
    return (
        isinstance(user, User) and user.is_active and user.pk in (exception.owner_id, exception.created_by_id)
    )


def writing_refusal(exception: PolicyException) -> str | None:
    """Return why nobody can write an exception in its state, or None."""
    if exception.state == ExceptionState.DRAFT:
        return None
    if exception.state == ExceptionState.IN_REVIEW:
        return _("It waits for a decision: withdraw the request first.")
    return _("What was decided stays as it is: ask for another exception, or for a renewal.")


def renewing_refusal(exception: PolicyException) -> str | None:
    """Return why nobody can renew an exception in its state, or None; whether a renewal was begun is another matter."""
    if exception.state in RENEWABLE:
        return None
    return _("Only what was granted can be renewed.")
