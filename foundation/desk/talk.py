"""Where a person is mentioned, and what happened since to the records that the person chose to follow."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from foundation.accounts.models import User
from foundation.conversation.models import Follow, Mention
from foundation.conversation.tabs import comment_url
from foundation.records.models import Record
from foundation.records.querysets import visible_records
from foundation.search.models import RecordVisit
from foundation.trail.models import Entry

FOLLOWS_LOOKED_AT = 200


@dataclass(frozen=True)
class Mentioned:
    """A comment that mentions the person, with where it stands."""

    record: Record
    author: str
    at: datetime
    url: str


@dataclass(frozen=True)
class News:
    """A followed record, and when something last happened to it that the person has not seen."""

    record: Record
    at: datetime


def mentions_of(user: User, *, limit: int) -> list[Mentioned]:
    """Return the latest comments that mention a person, on records that the person may know of. One query."""
    mentions = (
        Mention.objects.filter(
            visible_records(user, "comment__record__"), user_id=user.pk, comment__withdrawn_at__isnull=True
        )
        .select_related("comment__record", "comment__author")
        .defer("comment__words", "comment__record__words")
        .order_by("-comment_id")[:limit]
    )
    return [
        Mentioned(
            record=mention.comment.record,
            author=mention.comment.author.full_name,
            at=mention.comment.created_at,
            url=comment_url(mention.comment),
        )
        for mention in mentions
    ]


def news_of(user: User, *, limit: int) -> list[News]:
    """Return the followed records that others changed or commented on since the person last opened them, latest first.

    One query, which looks at the two hundred records that the person began to follow last. What is followed without having
    been chosen (one's own records, and those one takes part in) is on the desk by its dates.
    """
    latest = Follow.objects.filter(user=user, is_following=True).order_by("-changed_at", "-pk")
    visits = RecordVisit.objects.filter(user=user, record_id=OuterRef("record_id"))
    by_others = Entry.objects.filter(Q(actor_id__isnull=True) | ~Q(actor_id=user.pk))
    entries = by_others.filter(record_id=OuterRef("record_id")).order_by("-at", "-pk")
    found = (
        Follow.objects.filter(
            visible_records(user, "record__"), pk__in=latest.values("pk")[:FOLLOWS_LOOKED_AT]
        )
        .annotate(
            seen_at=Coalesce(Subquery(visits.values("at")[:1]), F("changed_at")),
            news_at=Subquery(entries.values("at")[:1]),
        )
        .filter(news_at__gt=F("seen_at"))
        .select_related("record")
        .defer("record__words")
        .order_by("-news_at", "-pk")[:limit]
    )
    return [News(follow.record, follow.news_at) for follow in found]
