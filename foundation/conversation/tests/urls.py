"""Who meets what behind the addresses of the conversation."""

from audits.tests.factories import audit_make
from foundation.testing.urls import UrlRow, answers

WRITERS = ("ciso", "analyst", "auditor", "unit_lead")

ROWS = [
    UrlRow(
        name="conversation:comment-create",
        args=lambda cast: [audit_make(cast).reference],
        get=answers(otherwise=404, **dict.fromkeys(WRITERS, 200)),
        post=answers(otherwise=404, **dict.fromkeys(WRITERS, 422)),
    ),
]
