"""What waits for my decision, and the page on which it is decided."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST, require_safe

from foundation import clock
from foundation.accounts.confirmation import confirm_first
from foundation.accounts.requests import PersonRequest
from foundation.approvals.choices import REQUEST_TONES, RequestState, Verdict
from foundation.approvals.content import content_shown
from foundation.approvals.forms import DecisionForm, WithdrawalForm
from foundation.approvals.models import ApprovalRequest
from foundation.approvals.permissions import handed_on_by, may_withdraw, voice_of
from foundation.approvals.selectors import progress, requests_waiting_for
from foundation.approvals.services import (
    ApprovalRefused,
    approval_decide,
    approval_withdraw,
    content_seen,
)
from foundation.approvals.views.common import visible_request
from foundation.records.pages import record_opened
from foundation.ui.structure import Action, Crumb

DECIDED = {
    Verdict.APPROVE: lazy("Approved"),
    Verdict.REJECT: lazy("Rejected"),
    Verdict.CHANGES: lazy("Changes requested"),
}


@require_safe
@login_required
def request_list(request: PersonRequest) -> HttpResponse:
    """List the requests that this person may decide now, oldest first."""
    page = Paginator(requests_waiting_for(request.user), 25).get_page(request.GET.get("page"))
    return render(
        request, "approvals/request_list.html", {"title": _("Waiting for my decision"), "page": page}
    )


@require_safe
@login_required
def request_detail(request: PersonRequest, pk: int) -> HttpResponse:
    """Show exactly what is to be approved, who decided what, and the decision form."""
    asked = visible_request(request, pk)
    now = clock.now()
    record_opened(record=asked.record, user=request.user, now=now)
    content_seen(request=asked, person=request.user, now=now)
    return _detail(request, asked, DecisionForm())


@require_POST
@login_required
def request_decide(request: PersonRequest, pk: int) -> HttpResponse:
    """Take a decision by someone who has just proved again who they are."""
    confirm_first(request)
    asked = visible_request(request, pk)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _detail(request, asked, form, status=422)
    verdict = Verdict(form.cleaned_data["verdict"])
    try:
        approval_decide(
            request=asked,
            actor=request.user,
            verdict=verdict,
            seen_digest=form.cleaned_data["digest"],
            comment=form.cleaned_data["comment"],
            now=clock.now(),
        )
    except ApprovalRefused as refusal:
        form.add_error(None, str(refusal))
        return _detail(request, visible_request(request, pk), form, status=409)
    messages.success(request, DECIDED[verdict])
    return redirect("approvals:request-detail", pk=pk)


@require_POST
@login_required
def request_withdraw(request: PersonRequest, pk: int) -> HttpResponse:
    """Take back one's own request."""
    asked = visible_request(request, pk)
    form = WithdrawalForm(request.POST)
    comment = form.cleaned_data["comment"] if form.is_valid() else ""
    try:
        approval_withdraw(request=asked, actor=request.user, now=clock.now(), comment=comment)
    except ApprovalRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Request withdrawn"))
    return redirect("approvals:request-detail", pk=pk)


def _detail(
    request: PersonRequest, asked: ApprovalRequest, form: DecisionForm, status: int = 200
) -> HttpResponse:
    context = {
        "title": _("Approval of %(reference)s") % {"reference": asked.record.reference},
        "subtitle": asked.record.title,
        "crumbs": [
            Crumb(_("Waiting for my decision"), reverse("approvals:request-list")),
            Crumb(asked.record.reference, asked.record.get_absolute_url()),
            Crumb(_("Approval")),
        ],
        "actions": [
            Action(_("Record"), reverse("approvals:request-record", args=[asked.pk]), icon="history")
        ],
        "asked": asked,
        "tone": REQUEST_TONES[RequestState(asked.state)],
        "content": content_shown(asked),
        "steps": progress(asked, clock.now()),
        "voice": voice_of(asked, request.user),
        "handed": handed_on_by(asked, request.user) if asked.is_open else None,
        "may_withdraw": asked.is_open and may_withdraw(asked, request.user),
        "form": form,
    }
    return render(request, "approvals/request_detail.html", context, status=status)
