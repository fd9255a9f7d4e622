"""Who meets what behind the app's addresses."""

from collections.abc import Sequence
from typing import Any

from audits.tests.factories import audit_make
from foundation.deadlines.models import Deadline
from foundation.testing.cast import Cast
from foundation.testing.urls import UrlRow, answers, everyone, only

# Those who may know of the record see that they may not; for all others there is no such date.
ASSIGNED = answers(otherwise=404, auditor=200, ciso=403, analyst=403, unit_lead=403)


def _deadline(cast: Cast) -> Sequence[Any]:
    audit = audit_make(cast)
    return [Deadline.objects.filter(record_id=audit.pk, assignee=cast.auditor).earliest("pk").pk]


ROWS = [
    UrlRow(name="deadlines:ladder-list", get=only("ciso")),
    UrlRow(name="deadlines:ladder-create", get=only("ciso"), post=only("ciso", answer=422)),
    UrlRow(name="deadlines:ladder-preview", get=only("ciso")),
    UrlRow(
        name="deadlines:ladder-edit",
        args=lambda cast: ("standard",),
        get=only("ciso"),
        post=only("ciso", answer=422),
    ),
    UrlRow(
        name="deadlines:deadline-snooze",
        args=_deadline,
        get=ASSIGNED,
        post={**ASSIGNED, "auditor": 422},
        refused_otherwise=True,
    ),
    UrlRow(
        name="deadlines:deadline-wake",
        args=_deadline,
        get=ASSIGNED,
        post={**ASSIGNED, "auditor": 302},
        refused_otherwise=True,
    ),
    UrlRow(name="deadlines:recurrence-preview", get=everyone()),
]
