"""Sessions: ending them, by their owner, by an administrator, or because something about the account changed."""

from django.db import transaction

from foundation.accounts.devices import device_words
from foundation.accounts.models import Session, User
from foundation.accounts.session_store import SessionStore, current_digest
from foundation.trail.services import entry_write


def sessions_end_others(*, user: User) -> int:
    """End a person's sessions but the one that acts, and return how many there were.

    For services that change how someone signs in or what they may do: the change's own entry in the trail says why. To
    be called in the transaction of the change.
    """
    ended, _rows = Session.objects.filter(user=user).exclude(pk=current_digest()).delete()
    return ended


@transaction.atomic
def session_end(*, session: Session, actor: User) -> None:
    """End one session; the next request from there meets the sign-in page. One that is over already is no error."""
    ended, _rows = Session.objects.filter(pk=session.pk).delete()
    if ended:
        entry_write(
            action="accounts.session.ended",
            actor=actor,
            subject=session.user.full_name if session.user else "",
            before={"device": str(device_words(session.user_agent)), "ip_address": session.ip_address},
        )


@transaction.atomic
def sessions_end(*, user: User, actor: User) -> int:
    """End a person's sessions, but for the actor's own one, and return how many there were."""
    ended = sessions_end_others(user=user)
    if ended:
        entry_write(
            action="accounts.sessions.ended",
            actor=actor,
            subject=user.full_name,
            before={"count": ended},
        )
    return ended


def sessions_clear() -> None:
    """Remove what is left of sessions that are over."""
    SessionStore.clear_expired()
