"""What waits for my decision, and the page on which it is decided."""

from collections import Counter
from collections.abc import Sequence
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from foundation import clock
from foundation.accounts.confirmation import confirm_first
from foundation.accounts.organisation import organisation_day
from foundation.accounts.requests import PersonRequest
from foundation.approvals.choices import REQUEST_TONES, RequestState, Verdict
from foundation.approvals.content import NOTHING, Mark, content_shown
from foundation.approvals.forms import DecisionForm, WithdrawalForm
from foundation.approvals.kinds import ApprovalKind
from foundation.approvals.models import ApprovalRequest
from foundation.approvals.permissions import handed_on_by, may_remark, may_withdraw, voice_of, wrote
from foundation.approvals.selectors import Thread, progress, queue_of, threads_of
from foundation.approvals.services import (
    ApprovalRefused,
    approval_decide,
    approval_withdraw,
    content_seen,
)
from foundation.approvals.views.common import visible_request
from foundation.records.pages import record_opened
from foundation.registry import registry
from foundation.ui.components import Icon
from foundation.ui.structure import Action, Crumb

LEADS_TO_REMARKS = '<a href="#remark-{0}">{1} <span aria-hidden="true">{2}</span><span class="visually-hidden">{3}</span></a>'
OFFERS_REMARK = (
    '<a class="passage-remark" href="{0}" hx-get="{0}" hx-target="#ask-content" hx-swap="innerHTML" aria-haspopup="dialog">'
    '{1} <span class="passage-word">{2}</span></a>'
)
MESSAGE, MESSAGE_PLUS = Icon("message"), Icon("message-plus")
DECIDED = {
    Verdict.APPROVE: lazy("Approved"),
    Verdict.REJECT: lazy("Rejected"),
    Verdict.CHANGES: lazy("Changes requested"),
}


@require_safe
@login_required
def request_list(request: PersonRequest) -> HttpResponse:
    """List the requests that this person may decide now, oldest first."""
    after = request.GET.get("after", "")
    # Twelve digits are enough for a key, and few enough for any database.
    last = int(after) if after.isascii() and after.isdigit() and len(after) <= 12 else None
    context = {
        "title": _("Waiting for my decision"),
        "queue": queue_of(request.user, after=last),
        "is_first": last is None,
    }
    return render(request, "approvals/request_list.html", context)


@require_safe
@login_required
def request_detail(request: PersonRequest, pk: int) -> HttpResponse:
    """Show exactly what is to be approved, who decided what, and the decision form."""
    asked = visible_request(request, pk)
    record_opened(record=asked.record, user=request.user, now=clock.now())
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


def _marks(asked: ApprovalRequest, threads: Sequence[Thread], *, may_remark: bool) -> Mark:
    """Return what draws, beside a passage, how many remarks it has, and the way to make one."""
    counts = Counter(one.remark.passage for one in threads)
    first = {one.remark.passage: one.remark.pk for one in reversed(threads)}
    url = reverse("approvals:remark-create", args=[asked.pk])

    # By hand: a text has thousands of passages, and a template for each takes a fifth of a millisecond.
    def mark(anchor: str) -> SafeString:
        count = counts[anchor]
        leads = (
            format_html(
                LEADS_TO_REMARKS,
                first[anchor],
                MESSAGE,
                count,
                ngettext("%(count)d remark", "%(count)d remarks", count) % {"count": count},
            )
            if count
            else NOTHING
        )
        offers = (
            format_html(OFFERS_REMARK, f"{url}?{urlencode({'passage': anchor})}", MESSAGE_PLUS, _("Remark"))
            if may_remark
            else NOTHING
        )
        return (
            format_html('<span class="passage-mark">{}{}</span>', leads, offers)
            if leads or offers
            else NOTHING
        )

    return mark


def _too_late(asked: ApprovalRequest) -> str:
    """Return why what waits can't be approved any more, though it may be rejected or sent back."""
    kind = registry.get(ApprovalKind, asked.record.kind)
    return kind.late_on(asked.record, organisation_day(clock.now())) if asked.is_open else ""


def _detail(
    request: PersonRequest, asked: ApprovalRequest, form: DecisionForm, status: int = 200
) -> HttpResponse:
    person = request.user
    content_seen(request=asked, person=person, now=clock.now())
    voice = voice_of(asked, person)
    threads = threads_of(asked) if getattr(asked, "has_remarks", True) else []
    remarks = may_remark(asked, person, voice, is_reader=getattr(asked, "is_reader", False))
    mark = _marks(asked, threads, may_remark=remarks)
    is_author = wrote(asked, person)
    kind = registry.get(ApprovalKind, asked.record.kind)
    changes_url = kind.compared(asked.record) if asked.is_open else ""
    context = {
        "enclosed": kind.enclosed(asked.record) if asked.is_open else (),
        "title": _("Approval of %(reference)s") % {"reference": asked.record.reference},
        "subtitle": asked.record.title,
        "crumbs": [
            Crumb(_("Waiting for my decision"), reverse("approvals:request-list")),
            Crumb(asked.record.reference, asked.record.get_absolute_url()),
            Crumb(_("Approval")),
        ],
        "actions": [
            Action(_("Record"), reverse("approvals:request-record", args=[asked.pk]), icon="history"),
            *([Action(_("What changes"), changes_url, icon="columns")] if changes_url else []),
        ],
        "asked": asked,
        "tone": REQUEST_TONES[RequestState(asked.state)],
        "content": content_shown(asked, mark),
        "whole": mark(""),
        "threads": threads,
        "may_remark": remarks,
        "may_ask_reader": asked.is_open and (is_author or voice.refusal is None),
        "is_author": is_author,
        "steps": progress(asked, clock.now()),
        "voice": voice,
        "too_late": _too_late(asked),
        "handed": handed_on_by(asked, request.user) if asked.is_open else None,
        "may_withdraw": asked.is_open and may_withdraw(asked, request.user),
        "form": form,
    }
    return render(request, "approvals/request_detail.html", context, status=status)
