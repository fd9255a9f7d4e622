"""Who meets what behind the addresses of findings."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import uuid4

from audits.tests.factories import audit_in, finding_make
from audits.tests.urls.roles import READERS, RUNNERS, RUNNERS_POST, reason
from foundation.testing.cast import Cast
from foundation.testing.urls import UrlRow, everyone, only


def of_finding(*more: str, **values: Any) -> Callable[[Cast], Sequence[Any]]:
    def arguments(cast: Cast) -> Sequence[Any]:
        return (finding_make(cast, **values).reference, *more)

    return arguments


def finding_data(cast: Cast, **values: Any) -> Mapping[str, Any]:
    return {
        "title": "Accounts of leavers stay open",
        "grade": "minor",
        "owner": cast.unit_lead.pk,
        "answer_due_on": "2026-12-07",
        "submission": str(uuid4()),
        **values,
    }


ROWS = [
    UrlRow(name="audits:finding-list", get=everyone()),
    UrlRow(
        name="audits:findings-assign",
        get=only("ciso", "analyst", "auditor", answer=302),
        post=only("ciso", "analyst", "auditor", answer=422),
    ),
    UrlRow(
        name="audits:findings-move",
        get=only("ciso", "analyst", "auditor", answer=302),
        post=only("ciso", "analyst", "auditor", answer=422),
    ),
    UrlRow(
        name="audits:finding-create",
        get=RUNNERS,
        post=RUNNERS_POST,
        args=lambda cast: (audit_in(cast).reference,),
        data=finding_data,
    ),
    UrlRow(name="audits:finding-detail", get=READERS, args=of_finding()),
    UrlRow(name="audits:finding-tab", get=READERS, args=of_finding("history")),
    UrlRow(
        name="audits:finding-edit",
        get=RUNNERS,
        post=RUNNERS_POST,
        args=of_finding(),
        data=lambda cast: finding_data(cast, version=1),
    ),
    # Only who answers for a finding answers it, whatever the rights of others.
    UrlRow(
        name="audits:finding-answer",
        get={**READERS, "ciso": 403, "analyst": 403, "auditor": 403},
        post={**READERS, "ciso": 403, "analyst": 403, "auditor": 403, "unit_lead": 302},
        args=of_finding(),
        data=lambda cast: {"response": "It is so.", "version": 1},
        refused_otherwise=True,
    ),
    UrlRow(
        name="audits:finding-transition",
        get=RUNNERS,
        post=RUNNERS_POST,
        args=of_finding("withdraw"),
        data=reason,
    ),
]
