"""Reads of feeds: a person's, the one that a token opens, and the dates that one holds."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import Q, QuerySet

from foundation.accounts.models import User
from foundation.accounts.services import token_digest
from foundation.calendar.choices import Covers
from foundation.calendar.models import CalendarFeed
from foundation.calendar.selectors.days import dates_visible
from foundation.records.models import Participant

BACK, AHEAD = timedelta(days=366), timedelta(days=731)
# A program reads all of it each time, and writing a thousand takes about a second, so there is an end: the earliest that are still to come, the latest that are past.
MOST_PAST, MOST_COMING = 200, 800

FIELDS = (
    "pk",
    "deadline__kind",
    "due_on",
    "due_at",
    "deadline__revision",
    "deadline__changed_at",
    "deadline__created_at",
    "assignee__full_name",
    "record__kind",
    "record__reference",
    "record__title",
    "record__confidentiality",
    "record__updated_at",
    "record__unit__name",
)


class FeedDate(NamedTuple):
    """A date of a feed, as plain values."""

    pk: int
    kind: str
    due_on: date | None
    due_at: datetime
    revision: int
    changed_at: datetime
    created_at: datetime
    assignee: str
    record_kind: str
    reference: str
    title: str
    confidentiality: str
    record_changed_at: datetime
    unit: str

    @property
    def modified_at(self) -> datetime:
        """Return when what the feed says of it changed last."""
        return max(self.changed_at, self.record_changed_at)


def feeds_of(user: User) -> QuerySet[CalendarFeed]:
    """Return the feeds of a person that work, the newest first."""
    return CalendarFeed.objects.filter(user=user, revoked_at__isnull=True).order_by("-pk")


def feed_of_token(token: str) -> CalendarFeed | None:
    """Return the feed that a token opens; None for one that is unknown or revoked, or whose person's account is closed."""
    working = CalendarFeed.objects.filter(revoked_at__isnull=True, user__is_active=True)
    return working.select_related("user").filter(digest=token_digest(token)).first()


def feed_dates(feed: CalendarFeed, *, now: datetime) -> list[FeedDate]:
    """Return the dates that a feed holds, the earliest first: from a year back to two ahead, by two bounded queries."""
    rows = dates_visible(feed.user).open()
    if feed.covers == Covers.MINE:
        parts = Participant.objects.filter(user=feed.user).values("record_id")
        rows = rows.filter(Q(assignee=feed.user) | Q(owner=feed.user) | Q(record_id__in=parts))
    plain = rows.values_list(*FIELDS)
    past = plain.filter(due_at__gt=now - BACK, due_at__lte=now).order_by("-due_at", "-pk")[:MOST_PAST]
    coming = plain.filter(due_at__gt=now, due_at__lte=now + AHEAD).order_by("due_at", "pk")[:MOST_COMING]
    return [*(FeedDate(*row) for row in reversed(past)), *(FeedDate(*row) for row in coming)]
