"""Who meets what behind the addresses of approvals."""

from collections.abc import Sequence

from audits.tests.factories import NOW, programme_make
from foundation.approvals.models import ApprovalRequest
from foundation.approvals.services import remark_make
from foundation.lifecycle.services import apply_transition
from foundation.testing.cast import Cast
from foundation.testing.urls import UrlRow, answers, everyone, only

READERS = {"ciso": 200, "analyst": 200, "auditor": 200, "unit_lead": 200}
DECIDING = {"ciso": 302, "analyst": 302, "auditor": 302, "unit_lead": 302}


def _request(cast: Cast) -> Sequence[int]:
    programme = programme_make(cast)
    apply_transition(record=programme, name="submit", actor=cast.analyst, now=NOW)
    return [ApprovalRequest.objects.get(record_id=programme.pk).pk]


def _remark(cast: Cast) -> Sequence[int]:
    request = ApprovalRequest.objects.get(pk=_request(cast)[0])
    made = remark_make(request=request, actor=cast.ciso, passage="", text="Hm.", now=NOW)
    return [made.pk]


ROWS = [
    UrlRow(name="approvals:route-list", get=only("ciso", "administrator")),
    UrlRow(
        name="approvals:route-edit",
        args=lambda cast: ["programme"],
        get=only("ciso", "administrator"),
        post=only("ciso", "administrator", answer=422),
    ),
    UrlRow(
        name="approvals:route-reset",
        args=lambda cast: ["programme"],
        get=only("ciso", "administrator"),
        post=only("ciso", "administrator", answer=302),
    ),
    UrlRow(name="approvals:request-list", get=everyone()),
    UrlRow(name="approvals:request-detail", args=_request, get=answers(otherwise=404, **READERS)),
    # Everybody is asked for the password first, whatever they may do afterwards.
    UrlRow(
        name="approvals:request-decide",
        args=_request,
        get=everyone(405),
        post=everyone(302),
        confirmed=answers(otherwise=404, **dict.fromkeys(READERS, 422)),
    ),
    UrlRow(
        name="approvals:request-hand-on",
        args=_request,
        get=answers(otherwise=404, ciso=200, analyst=403, auditor=403, unit_lead=403),
        post=answers(otherwise=404, **dict.fromkeys(READERS, 422)),
        refused_otherwise=True,
    ),
    UrlRow(
        name="approvals:request-take-back",
        args=_request,
        get=everyone(405),
        post=answers(otherwise=404, **DECIDING),
    ),
    UrlRow(
        name="approvals:remark-create",
        args=_request,
        get=answers(otherwise=404, ciso=200, analyst=403, auditor=403, unit_lead=403),
        post=answers(otherwise=404, **dict.fromkeys(READERS, 422)),
        refused_otherwise=True,
    ),
    UrlRow(
        name="approvals:reader-ask",
        args=_request,
        get=answers(otherwise=404, ciso=200, analyst=200, auditor=403, unit_lead=403),
        post=answers(otherwise=404, **dict.fromkeys(READERS, 422)),
        refused_otherwise=True,
    ),
    UrlRow(
        name="approvals:remark-answer",
        args=_remark,
        get=answers(otherwise=404, ciso=200, analyst=200, auditor=403, unit_lead=403),
        post=answers(otherwise=404, **dict.fromkeys(READERS, 422)),
        refused_otherwise=True,
    ),
    UrlRow(
        name="approvals:remark-settle",
        args=_remark,
        get=everyone(405),
        post=answers(otherwise=404, ciso=403, analyst=302, auditor=403, unit_lead=403),
        refused_otherwise=True,
    ),
    UrlRow(name="approvals:request-record", args=_request, get=answers(otherwise=404, **READERS)),
    UrlRow(name="approvals:request-record-pdf", args=_request, get=answers(otherwise=404, **READERS)),
    UrlRow(
        name="approvals:request-withdraw",
        args=_request,
        get=everyone(405),
        post=answers(otherwise=404, **DECIDING),
    ),
]
