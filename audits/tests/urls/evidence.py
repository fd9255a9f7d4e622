"""Who meets what behind the addresses of requests for evidence."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import uuid4

from audits.tests.factories import audit_in, evidence_make
from audits.tests.urls.roles import READERS, RUNNERS, RUNNERS_POST, reason
from foundation.testing.cast import Cast
from foundation.testing.urls import UrlRow, everyone, only


def of_evidence(*more: str) -> Callable[[Cast], Sequence[Any]]:
    def arguments(cast: Cast) -> Sequence[Any]:
        return (evidence_make(cast).reference, *more)

    return arguments


ROWS = [
    UrlRow(name="audits:evidence-list", get=everyone()),
    UrlRow(
        name="audits:evidence-ask",
        get=RUNNERS,
        post=RUNNERS_POST,
        args=lambda cast: (audit_in(cast).reference,),
        data=lambda cast: {
            "lines": "Access list",
            "owners": [cast.personnel.pk],
            "due_on": "2026-12-04",
            "submission": str(uuid4()),
        },
    ),
    UrlRow(
        name="audits:evidence-detail",
        get={**READERS, "personnel": 302},  # who is asked is led to the page of the answer
        args=of_evidence(),
    ),
    UrlRow(name="audits:evidence-tab", get={**READERS, "personnel": 200}, args=of_evidence("history")),
    UrlRow(
        name="audits:evidence-edit",
        get={**RUNNERS, "personnel": 403},
        post={**RUNNERS_POST, "personnel": 403},
        args=of_evidence(),
        data=lambda cast: {
            "title": "Access list",
            "owner": cast.unit_lead.pk,
            "due_on": "2026-12-20",
            "version": 1,
        },
    ),
    UrlRow(
        name="audits:evidence-answer",
        get={**only("ciso", "analyst", "auditor", "unit_lead", answer=403, otherwise=404), "personnel": 200},
        post={**only("ciso", "analyst", "auditor", "unit_lead", answer=403, otherwise=404), "personnel": 302},
        args=of_evidence(),
        data=lambda cast: {"answer": "Here it is", "version": 1},
        refused_otherwise=True,
    ),
    UrlRow(
        name="audits:evidence-transition",
        get={**RUNNERS, "personnel": 403},
        post={**RUNNERS_POST, "personnel": 403},
        args=of_evidence("withdraw"),
        data=reason,
    ),
    UrlRow(
        name="audits:evidence-assign",
        get=only("ciso", "analyst", "auditor", answer=302),
        post=only("ciso", "analyst", "auditor", answer=422),
    ),
    UrlRow(
        name="audits:evidence-move",
        get=only("ciso", "analyst", "auditor", answer=302),
        post=only("ciso", "analyst", "auditor", answer=422),
    ),
]
