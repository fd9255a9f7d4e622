"""What waits for my decision, and the page on which it is decided."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
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
from foundation.approvals.kinds import ApprovalKind, judged
from foundation.approvals.models import ApprovalRequest
from foundation.approvals.permissions import may_withdraw, voice_of
from foundation.approvals.selectors import (
    progress,
    requests_visible_to,
    requests_waiting_for,
    with_steps,
)
from foundation.approvals.services import (
    ApprovalRefused,
    approval_decide,
    approval_withdraw,
)
from foundation.records.pages import record_opened
from foundation.registry import registry
from foundation.ui.structure import Crumb

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
    asked = _visible_request(request, pk)
    record_opened(record=asked.record, user=request.user, now=clock.now())
    return _detail(request, asked, DecisionForm())


@require_POST
@login_required
def request_decide(request: PersonRequest, pk: int) -> HttpResponse:
    """Take a decision by someone who has just proved again who they are."""
    confirm_first(request)
    asked = _visible_request(request, pk)
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
        return _detail(request, _visible_request(request, pk), form, status=409)
    messages.success(request, DECIDED[verdict])
    return redirect("approvals:request-detail", pk=pk)


@require_POST
@login_required
def request_withdraw(request: PersonRequest, pk: int) -> HttpResponse:
    """Take back one's own request."""
    asked = _visible_request(request, pk)
    form = WithdrawalForm(request.POST)
    comment = form.cleaned_data["comment"] if form.is_valid() else ""
    try:
        approval_withdraw(request=asked, actor=request.user, now=clock.now(), comment=comment)
    except ApprovalRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Request withdrawn"))
    return redirect("approvals:request-detail", pk=pk)


def _visible_request(request: PersonRequest, pk: int) -> ApprovalRequest:
    asked = get_object_or_404(with_steps(requests_visible_to(request.user)), pk=pk)
    asked.record = judged(asked.record)
    if not registry.get(ApprovalKind, asked.record.kind).may_read(asked.record, request.user):
        raise Http404
    return asked


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
        "asked": asked,
        "tone": REQUEST_TONES[RequestState(asked.state)],
        "content": content_shown(asked),
        "steps": progress(asked, clock.now()),
        "voice": voice_of(asked, request.user),
        "may_withdraw": asked.is_open and may_withdraw(asked, request.user),
        "form": form,
    }
    return render(request, "approvals/request_detail.html", context, status=status)
