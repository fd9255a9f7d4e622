"""The record of an approval, as a page and as a document."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from foundation import clock
from foundation.accounts.requests import PersonRequest
from foundation.approvals.choices import REQUEST_TONES, RequestState
from foundation.approvals.content import Difference, differences
from foundation.approvals.drawing import record_document
from foundation.approvals.kinds import ApprovalKind
from foundation.approvals.selectors import ApprovalRecord, approval_record
from foundation.approvals.views.common import visible_request
from foundation.documents.typesetting import CONTENT_TYPE, NotTypeset, document_pdf
from foundation.registry import registry
from foundation.ui.limits import limit_check
from foundation.ui.structure import Action, Crumb

MOST_PDF = 20  # of one person in five minutes: each takes the processor for a while


@require_safe
@login_required
def request_record(request: PersonRequest, pk: int) -> HttpResponse:
    """Show all that is kept of a request."""
    return _page(request, approval_record(visible_request(request, pk)))


@require_safe
@login_required
def request_record_pdf(request: PersonRequest, pk: int) -> HttpResponse:
    """Return the record of a request as a document."""
    record = approval_record(visible_request(request, pk))
    now = clock.now()
    limit_check(what="approval-pdf", key=str(request.user.pk), most=MOST_PDF, seconds=300, now=now)
    kind = registry.get(ApprovalKind, record.request.record.kind)
    document = record_document(record, kind=kind, changed=_changed(record), at=timezone.localtime(now))
    try:
        content = document_pdf(document, at=now)
    except NotTypeset:
        return _page(
            request, record, failure=_("The document could not be made. Try again, or print this page.")
        )
    name = f"{record.request.record.reference}-approval-{pk}.pdf"
    return HttpResponse(
        content,
        content_type=CONTENT_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _changed(record: ApprovalRecord) -> list[Difference]:
    if record.before is None:
        return []
    kind = registry.get(ApprovalKind, record.request.record.kind)
    return differences(record.before.content, record.request.content, kind.labels)


def _page(request: PersonRequest, record: ApprovalRecord, failure: str = "") -> HttpResponse:
    asked = record.request
    context = {
        "title": _("Record of the approval of %(reference)s") % {"reference": asked.record.reference},
        "subtitle": asked.record.title,
        "crumbs": [
            Crumb(asked.record.reference, asked.record.get_absolute_url()),
            Crumb(_("Approval"), asked.get_absolute_url()),
            Crumb(_("Record")),
        ],
        "actions": [
            Action(_("PDF"), reverse("approvals:request-record-pdf", args=[asked.pk]), icon="file-type-pdf")
        ],
        "record": record,
        "asked": asked,
        "tone": REQUEST_TONES[RequestState(asked.state)],
        "changed": _changed(record),
        "failure": failure,
    }
    return render(request, "approvals/request_record.html", context, status=503 if failure else 200)
