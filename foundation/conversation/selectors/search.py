"""Comments as search finds them."""

from datetime import datetime

from django.db import connection
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from foundation.accounts.models import User
from foundation.records.lexemes import question_of
from foundation.records.names import RecordName, known_kinds
from foundation.records.querysets import visible_sql
from foundation.registry import SearchHit

LOOKED_THROUGH = 2_000

# By hand, since the palette asks with every letter that is typed.
MATCHING = """
    WITH newest AS (
        SELECT comment.id
        FROM conversation_comment AS comment JOIN records_record AS record ON record.id = comment.record_id
        WHERE comment.withdrawn_at IS NULL AND record.kind IN %s AND {known}
        ORDER BY comment.id DESC LIMIT %s
    ), holding AS (
        SELECT comment.id
        FROM conversation_comment AS comment JOIN records_record AS record ON record.id = comment.record_id
        WHERE comment.withdrawn_at IS NULL AND record.kind IN %s AND {known} AND comment.words @@ %s::tsquery
        LIMIT %s
    )
    SELECT comment.id, comment.text, comment.created_at, author.full_name,
        record.id, record.kind, record.reference, record.title
    FROM conversation_comment AS comment
    JOIN records_record AS record ON record.id = comment.record_id
    JOIN accounts_user AS author ON author.id = comment.author_id
    WHERE comment.id IN (SELECT id FROM newest UNION ALL SELECT id FROM holding) AND comment.words @@ %s::tsquery
    ORDER BY comment.id DESC LIMIT %s
"""


def comments_matching(*, user: User, text: str, now: datetime, limit: int) -> list[SearchHit]:
    """Return comments that hold all words of a text, the latest first, on records that the person sees; none withdrawn.

    Looked through are the newest two thousand, and as many that have the words wherever they stand: so all of a rare
    word are found, and a common one costs no more. One query.
    """
    question = question_of(text)
    if not question:
        return []
    known, values = visible_sql(user, "record")
    words = question.literal()
    reach = (known_kinds(), *values)
    looked_at = (*reach, LOOKED_THROUGH, *reach, words, LOOKED_THROUGH)
    with connection.cursor() as cursor:
        cursor.execute(MATCHING.format(known=known), (*looked_at, words, limit))
        rows = cursor.fetchall()
    return [
        SearchHit(
            title=_("Comment of %(name)s") % {"name": author},
            url=reverse("conversation:comment-detail", args=[pk]),
            record=RecordName(*name),
            text=said,
            note=date_format(localtime(at)),
        )
        for pk, said, at, author, *name in rows
    ]
