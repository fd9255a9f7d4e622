"""Who meets what behind the addresses of the conversation."""

from uuid import uuid4

from audits.tests.factories import NOW, audit_make
from foundation.conversation.services import comment_add
from foundation.testing.cast import Cast
from foundation.testing.urls import UrlRow, answers

WRITERS = ("ciso", "analyst", "auditor", "unit_lead")


def _comment(cast: Cast) -> list[int]:
    comment, _mentioned = comment_add(
        record=audit_make(cast), author=cast.analyst, text="Said.", key=uuid4(), now=NOW
    )
    return [comment.pk]


ROWS = [
    UrlRow(
        name="conversation:comment-detail",
        args=_comment,
        get=answers(otherwise=404, **dict.fromkeys(WRITERS, 302)),
        post=answers(otherwise=405),
    ),
    UrlRow(
        name="conversation:comment-edit",
        args=_comment,
        get=answers(otherwise=404, analyst=200, ciso=403, auditor=403, unit_lead=403),
        post=answers(otherwise=404, analyst=422, ciso=403, auditor=403, unit_lead=403),
        refused_otherwise=True,  # nobody edits what others wrote
    ),
    UrlRow(
        name="conversation:comment-withdraw",
        args=_comment,
        get=answers(otherwise=404, analyst=200, ciso=200, auditor=403, unit_lead=403),
        post=answers(otherwise=404, analyst=302, ciso=422, auditor=403, unit_lead=403),
    ),
    UrlRow(
        name="conversation:comment-versions",
        args=_comment,
        get=answers(otherwise=404, **dict.fromkeys(WRITERS, 200)),
    ),
    UrlRow(
        name="conversation:people",
        args=lambda cast: [audit_make(cast).reference],
        get=answers(otherwise=404, **dict.fromkeys(WRITERS, 200)),
        post=answers(otherwise=405),
    ),
    UrlRow(
        name="conversation:follow",
        args=lambda cast: [audit_make(cast).reference],
        get=answers(otherwise=405),
        post=answers(otherwise=404, **dict.fromkeys(WRITERS, 302)),
    ),
    UrlRow(
        name="conversation:comment-create",
        args=lambda cast: [audit_make(cast).reference],
        get=answers(otherwise=404, **dict.fromkeys(WRITERS, 200)),
        post=answers(otherwise=404, **dict.fromkeys(WRITERS, 422)),
    ),
]
