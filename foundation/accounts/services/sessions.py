"""Sessions: ending them, by their owner, by an administrator, or because something about the account changed."""

from datetime import datetime

from django.db import transaction

from foundation.accounts.devices import device_words
from foundation.accounts.models import Session, User
from foundation.accounts.security_mail import SecurityNotice, security_mail_send
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
def session_end(*, session: Session, actor: User, now: datetime, comment: str = "") -> None:
    """End one session; the next request from there meets the sign-in page. One that is over already is no error.

    Whose it is is told, if somebody else ended it.
    """
    ended, _rows = Session.objects.filter(pk=session.pk).delete()
    if ended and session.user:
        entry_write(
            action="accounts.session.ended",
            actor=actor,
            subject=session.user.full_name,
            before={"device": str(device_words(session.user_agent)), "ip_address": session.ip_address},
            comment=comment,
        )
        _tell(session.user, actor, now, comment)


@transaction.atomic
def sessions_end(*, user: User, actor: User, now: datetime, comment: str = "") -> int:
    """End a person's sessions, but for the actor's own one, and return how many there were.

    The person is told, if somebody else ended them.
    """
    ended = sessions_end_others(user=user)
    if ended:
        entry_write(
            action="accounts.sessions.ended",
            actor=actor,
            subject=user.full_name,
            before={"count": ended},
            comment=comment,
        )
        _tell(user, actor, now, comment)
    return ended


def _tell(user: User, actor: User, now: datetime, reason: str) -> None:
    if actor.pk != user.pk:
        security_mail_send(user=user, notice=SecurityNotice.SESSIONS_ENDED, now=now, by=actor, reason=reason)


def sessions_clear() -> None:
    """Remove what is left of sessions that are over."""
    SessionStore.clear_expired()
