"""Invitations that wait to be taken up."""

from datetime import datetime

from foundation.accounts.choices import LinkPurpose
from foundation.accounts.models import OneTimeLink, User


def invitation_open(digest: str, *, now: datetime) -> OneTimeLink | None:
    """Return the invitation with this digest if it works: not used, revoked or over, for the address of today.

    Whoever has chosen a password by other means needs none, and a closed account takes none up.
    """
    links = OneTimeLink.objects.select_related("user").filter(
        digest=digest,
        purpose=LinkPurpose.INVITATION,
        used_at__isnull=True,
        revoked_at__isnull=True,
        expires_at__gt=now,
        user__is_active=True,
    )
    link = links.first()
    if link is None or link.email != link.user.email or link.user.has_usable_password():
        return None
    return link


def latest_invitation(person: User) -> OneTimeLink | None:
    """Return the newest invitation of a person, whatever became of it."""
    links = person.one_time_links.filter(purpose=LinkPurpose.INVITATION)
    return links.select_related("created_by").order_by("-id").first()
