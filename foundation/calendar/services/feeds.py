"""Making a feed, renewing its address, revoking it, and noting that it was read."""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.models import User
from foundation.accounts.services import token_digest, token_make
from foundation.calendar.models import CalendarFeed
from foundation.trail.services import entry_write

MOST_FEEDS = 10
# Programs ask every few minutes; that it is in use need not be known better than this.
NOTED_EACH = timedelta(minutes=15)


@transaction.atomic
def feed_make(*, user: User, name: str, covers: str, now: datetime) -> str:
    """Make a feed and return its token, which can't be read again.

    Raises ValidationError when the person has MOST_FEEDS already.
    """
    User.objects.select_for_update(no_key=True).get(pk=user.pk)  # of two at once, the second counts the first
    if CalendarFeed.objects.filter(user=user, revoked_at__isnull=True).count() >= MOST_FEEDS:
        raise ValidationError(
            _("You have %(count)d feeds. Revoke one that you need no longer.") % {"count": MOST_FEEDS}
        )
    token = token_make()
    CalendarFeed.objects.create(
        user=user, name=name, covers=covers, digest=token_digest(token), created_at=now
    )
    entry_write(action="calendar.feed.made", actor=user, subject=name, after={"covers": covers})
    return token


@transaction.atomic
def feed_renew(*, feed: CalendarFeed, now: datetime) -> str:
    """Give a feed another address and return its token; the old one works no more. Raises ValidationError once it is revoked."""
    locked = _locked(feed)
    token = token_make()
    locked.digest, locked.renewed_at, locked.last_used_at = token_digest(token), now, None
    locked.save(update_fields=["digest", "renewed_at", "last_used_at"])
    entry_write(action="calendar.feed.renewed", actor=locked.user, subject=locked.name)
    return token


@transaction.atomic
def feed_revoke(*, feed: CalendarFeed, now: datetime) -> None:
    """Let a feed work no more. Raises ValidationError when it is revoked already."""
    locked = _locked(feed)
    locked.revoked_at = now
    locked.save(update_fields=["revoked_at"])
    entry_write(action="calendar.feed.revoked", actor=locked.user, subject=locked.name)


def feed_note_use(*, feed: CalendarFeed, now: datetime) -> None:
    """Note that a feed was read, at most once each NOTED_EACH."""
    if feed.last_used_at is None or now - feed.last_used_at >= NOTED_EACH:
        CalendarFeed.objects.filter(pk=feed.pk).update(last_used_at=now)


def _locked(feed: CalendarFeed) -> CalendarFeed:
    locked = CalendarFeed.objects.select_for_update(of=("self",)).select_related("user").get(pk=feed.pk)
    if locked.revoked_at:
        raise ValidationError(_("This feed was revoked meanwhile."))
    return locked
