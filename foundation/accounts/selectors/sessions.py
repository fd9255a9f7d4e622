"""Where people are signed in."""

from datetime import datetime

from django.db.models import QuerySet

from foundation.accounts.models import Session, User


def sessions_of(user: User, *, now: datetime) -> QuerySet[Session]:
    """Return where a person is signed in, the latest seen first."""
    return Session.objects.filter(user=user, expires_at__gt=now).order_by("-last_seen_at", "session_key")
