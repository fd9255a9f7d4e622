"""Remarks on passages of what is to be approved, and who is asked to read it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRefresh

from foundation import clock
from foundation.accounts.organisation import organisation_day
from foundation.accounts.permissions import person_of
from foundation.accounts.requests import PersonRequest
from foundation.approvals.content import passages_in
from foundation.approvals.forms import ReaderForm, RemarkForm
from foundation.approvals.kinds import ApprovalKind
from foundation.approvals.models import ApprovalRequest, Remark, passage_key
from foundation.approvals.permissions import may_remark, voice_of
from foundation.approvals.selectors import is_reader
from foundation.approvals.services import (
    ApprovalRefused,
    answer_refusal,
    reader_ask,
    reader_refusal,
    remark_answer,
    remark_make,
    remark_settle,
)
from foundation.approvals.views.common import visible_request
from foundation.records.selectors import people_who_see
from foundation.registry import registry
from foundation.ui.form_pages import ASK, ConfirmPage
from foundation.ui.pages import fills
from foundation.ui.structure import Crumb


class AboutRequest(ConfirmPage):
    """A form about a request, which leads back to it."""

    asked: ApprovalRequest
    anchor = ""

    def get_crumbs(self) -> list[Crumb]:
        """Lead back to the decision."""
        return [Crumb(_("Approval"), self.asked.get_absolute_url()), Crumb(str(self.get_title()))]

    def get_cancel_url(self) -> str:
        """Lead back to the passage that it is about."""
        return (
            f"{self.asked.get_absolute_url()}#{self.anchor}" if self.anchor else self.asked.get_absolute_url()
        )

    def go_on(self, url: str) -> HttpResponse:
        """Read the page below the dialog anew: an address that differs in its fragment alone would leave both as they are."""
        return HttpResponseClientRefresh() if fills(self.request, ASK) else super().go_on(url)


class RemarkCreate(AboutRequest):
    """Remark on a passage."""

    form_class = RemarkForm
    title = lazy("Remark")
    submit_label = lazy("Remark")
    passage = ""
    quote = ""

    def prepare(self) -> None:
        """Find the request and the passage, and refuse who may not remark."""
        self.asked = visible_request(self.request, self.kwargs["pk"])
        person = person_of(self.request)
        voice = voice_of(self.asked, person)
        if not may_remark(self.asked, person, voice, is_reader=is_reader(self.asked, person)):
            self.open_unless(
                _(
                    "Remarks are made by those who may decide it, and who were asked to read it, while it waits."
                )
            )
        self.passage = self.request.GET.get("passage", "")
        kind = registry.get(ApprovalKind, self.asked.record.kind)
        passages = passages_in(self.asked.content, kind.markdown)
        if self.passage not in passages:
            raise Http404
        self.quote = passages[self.passage]
        self.anchor = passage_key(self.passage)

    def get_text(self) -> str:
        """Show how the passage begins."""
        return _("On: “%(quote)s”") % {"quote": self.quote} if self.quote else _("On what is to be approved.")

    def save(self, form: RemarkForm) -> str:
        """Write it."""
        try:
            remark = remark_make(
                request=self.asked,
                actor=person_of(self.request),
                passage=self.passage,
                text=form.cleaned_data["text"],
                now=self.now,
            )
        except ApprovalRefused as refusal:
            raise ValidationError(str(refusal)) from refusal
        messages.success(self.request, _("Remarked"))
        return f"{self.asked.get_absolute_url()}#remark-{remark.pk}"


class RemarkAnswer(AboutRequest):
    """Answer a remark."""

    form_class = RemarkForm
    title = lazy("Answer")
    submit_label = lazy("Answer")
    remark: Remark

    def prepare(self) -> None:
        """Find the remark, and refuse who may not answer it."""
        self.remark = visible_remark(self.request, self.kwargs["pk"])
        self.asked = self.remark.request
        self.anchor = f"remark-{self.remark.pk}"
        self.open_unless(answer_refusal(self.remark, person_of(self.request)))

    def get_text(self) -> str:
        """Show what is answered."""
        return _("%(person)s: “%(text)s”") % {"person": self.remark.by, "text": self.remark.text}

    def get_form_arguments(self) -> dict[str, Any]:
        """Name the field."""
        return {"label": _("Answer")}

    def save(self, form: RemarkForm) -> str:
        """Write it."""
        try:
            remark_answer(
                remark=self.remark,
                actor=person_of(self.request),
                text=form.cleaned_data["text"],
                now=self.now,
            )
        except ApprovalRefused as refusal:
            raise ValidationError(str(refusal)) from refusal
        messages.success(self.request, _("Answered"))
        return self.get_cancel_url()


class ReaderAsk(AboutRequest):
    """Ask somebody to read what is to be approved."""

    form_class = ReaderForm
    title = lazy("Ask for a reading")
    submit_label = lazy("Ask")

    def prepare(self) -> None:
        """Find the request, and refuse who may not ask others."""
        self.asked = visible_request(self.request, self.kwargs["pk"])
        self.open_unless(reader_refusal(self.asked, person_of(self.request)))

    def get_text(self) -> str:
        """Say what it means."""
        return _("They may remark on passages of it, and decide nothing.")

    def get_form_arguments(self) -> dict[str, Any]:
        """Offer those who may know of the record, but for who asked or made it."""
        people = people_who_see(self.asked.record, on=organisation_day(self.now))
        barred = {person_of(self.request).pk, self.asked.requested_by_id, *self.asked.authors}
        return {"people": people.exclude(pk__in=barred)}

    def save(self, form: ReaderForm) -> str:
        """Ask."""
        person = form.cleaned_data["person"]
        try:
            reader_ask(request=self.asked, actor=person_of(self.request), person=person, now=self.now)
        except ApprovalRefused as refusal:
            raise ValidationError(str(refusal)) from refusal
        messages.success(self.request, _("%(person)s was asked to read it") % {"person": person})
        return self.get_cancel_url()


@require_POST
@login_required
def remark_settle_view(request: PersonRequest, pk: int) -> HttpResponse:
    """Mark a remark as settled."""
    remark = visible_remark(request, pk)
    try:
        remark_settle(remark=remark, actor=request.user, now=clock.now())
    except ApprovalRefused as refusal:
        if remark.settled_at is None:
            raise PermissionDenied(str(refusal)) from refusal
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Settled"))
    return redirect(f"{remark.request.get_absolute_url()}#remark-{pk}")


def visible_remark(request: HttpRequest, pk: int) -> Remark:
    """Return a remark on a request that the reader may open; else 404."""
    remark = get_object_or_404(Remark.objects.select_related("by", "request"), pk=pk)
    remark.request = visible_request(request, remark.request_id)
    return remark
