"""Comments as search finds them."""

from datetime import datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from foundation.accounts.models import User
from foundation.conversation.models import Comment
from foundation.records.lexemes import question_of
from foundation.records.querysets import visible_records
from foundation.registry import SearchHit

LOOKED_THROUGH = 2_000


def comments_matching(*, user: User, text: str, now: datetime, limit: int) -> list[SearchHit]:
    """Return comments that hold all words of a text, the latest first, on records that the person sees; none withdrawn.

    Looked through are the newest two thousand, and as many that have the words wherever they stand: so all of a rare
    word are found, and a common one costs no more. One query.
    """
    question = question_of(text)
    if not question:
        return []
    visible = Comment.objects.filter(visible_records(user, "record__"), withdrawn_at__isnull=True)
    newest = visible.order_by("-pk").values("pk")[:LOOKED_THROUGH]
    some = visible.filter(words__matches=question).order_by().values("pk")[:LOOKED_THROUGH]
    found = (
        Comment.objects.filter(pk__in=newest.union(some, all=True), words__matches=question)
        .select_related("author", "record")
        .defer("words", "record__words")
        .order_by("-pk")[:limit]
    )
    return [
        SearchHit(
            title=_("Comment of %(name)s") % {"name": comment.author.full_name},
            url=comment.get_absolute_url(),
            record=comment.record,
            text=comment.text,
            note=date_format(localtime(comment.created_at)),
        )
        for comment in found
    ]
