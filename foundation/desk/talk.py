"""Where a person is mentioned, and what happened since to the records that the person chose to follow.

Both come by statements written by hand, as all that my desk asks for: what the page needs of a record is its name.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from foundation.accounts.models import User
from foundation.conversation.tabs import comment_url_on
from foundation.records.names import RecordName, known_kinds
from foundation.records.querysets import visible_sql

FOLLOWS_LOOKED_AT = 200

MENTIONS = """
    SELECT comment.id, author.full_name, comment.created_at, record.id, record.kind, record.reference, record.title
    FROM conversation_mention AS mention
    JOIN conversation_comment AS comment ON comment.id = mention.comment_id
    JOIN accounts_user AS author ON author.id = comment.author_id
    JOIN records_record AS record ON record.id = comment.record_id
    WHERE mention.user_id = %s AND comment.withdrawn_at IS NULL AND record.kind IN %s AND {known}
    ORDER BY mention.comment_id DESC
    LIMIT %s
"""
NEWS = """
    SELECT news.at, record.id, record.kind, record.reference, record.title
    FROM (
        SELECT record_id, changed_at FROM conversation_follow
        WHERE user_id = %s AND is_following ORDER BY changed_at DESC, id DESC LIMIT %s
    ) AS follow
    JOIN records_record AS record ON record.id = follow.record_id
    LEFT JOIN search_recordvisit AS visit ON visit.record_id = follow.record_id AND visit.user_id = %s
    CROSS JOIN LATERAL (
        SELECT entry.at FROM trail_entry AS entry
        WHERE entry.record_id = follow.record_id AND entry.actor_id IS DISTINCT FROM %s
        ORDER BY entry.at DESC, entry.id DESC LIMIT 1
    ) AS news
    WHERE news.at > COALESCE(visit.at, follow.changed_at) AND record.kind IN %s AND {known}
    ORDER BY news.at DESC, record.id DESC
    LIMIT %s
"""


@dataclass(frozen=True)
class Mentioned:
    """A comment that mentions the person, with where it stands."""

    record: RecordName
    author: str
    at: datetime
    url: str


@dataclass(frozen=True)
class News:
    """A followed record, and when something last happened to it that the person has not seen."""

    record: RecordName
    at: datetime


def mentions_of(user: User, *, limit: int) -> list[Mentioned]:
    """Return the latest comments that mention a person, on records that the person may know of. One query."""
    known, values = visible_sql(user, "record")
    with connection.cursor() as cursor:
        cursor.execute(MENTIONS.format(known=known), (user.pk, known_kinds(), *values, limit))
        rows = [(comment, author, at, RecordName(*name)) for comment, author, at, *name in cursor.fetchall()]
    return [
        Mentioned(record, author, at, comment_url_on(record.get_absolute_url(), comment))
        for comment, author, at, record in rows
    ]


def news_of(user: User, *, limit: int) -> list[News]:
    """Return the followed records that others changed or commented on since the person last opened them, latest first.

    One query, which looks at the two hundred records that the person began to follow last. What is followed without having
    been chosen (one's own records, and those one takes part in) is on the desk by its dates.
    """
    known, values = visible_sql(user, "record")
    with connection.cursor() as cursor:
        cursor.execute(
            NEWS.format(known=known),
            (user.pk, FOLLOWS_LOOKED_AT, user.pk, user.pk, known_kinds(), *values, limit),
        )
        return [News(RecordName(*name), at) for at, *name in cursor.fetchall()]
