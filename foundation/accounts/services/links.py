"""One-time links: their tokens, and revoking them."""

import hashlib
import secrets
from datetime import datetime

from foundation.accounts.models import OneTimeLink, User

TOKEN_BYTES = 32


def token_make() -> str:
    """Return a token of 256 random bits, fit for an address."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_digest(token: str) -> str:
    """Return what is kept of a token: it holds 256 random bits, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def links_revoke(*, user: User, now: datetime) -> bool:
    """Let no link that was sent to a person work any more; tell whether one did. Call it with the person's row locked."""
    waiting = OneTimeLink.objects.filter(user=user, used_at__isnull=True, revoked_at__isnull=True)
    return bool(waiting.update(revoked_at=now))
