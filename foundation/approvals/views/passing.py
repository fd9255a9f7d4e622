"""Handing a decision on to a colleague, and taking it back."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST

from foundation import clock
from foundation.accounts.organisation import organisation_day
from foundation.accounts.permissions import person_of
from foundation.accounts.requests import PersonRequest
from foundation.approvals.forms import HandOnForm
from foundation.approvals.models import ApprovalRequest
from foundation.approvals.selectors import auditing_alone
from foundation.approvals.services import (
    ApprovalRefused,
    approval_hand_on,
    hand_on_refusal,
    hand_on_take_back,
)
from foundation.approvals.views.common import visible_request
from foundation.records.selectors import people_who_see
from foundation.ui.form_pages import ConfirmPage
from foundation.ui.structure import Crumb


class HandOn(ConfirmPage):
    """Leave one's decision of a request to a colleague."""

    form_class = HandOnForm
    title = lazy("Hand the decision on")
    submit_label = lazy("Hand on")
    asked: ApprovalRequest

    def prepare(self) -> None:
        """Find the request, and refuse whose decision it is not."""
        self.asked = visible_request(self.request, self.kwargs["pk"])
        self.open_unless(hand_on_refusal(self.asked, person_of(self.request)))

    def get_text(self) -> str:
        """Say what it means."""
        return _(
            "Your colleague decides in the own name, and you do not, unless you take it back. This is recorded, with your reason."
        )

    def get_form_arguments(self) -> dict[str, Any]:
        """Offer those who may know of the record, but for who asked or made it, and for auditors, who approve nothing."""
        asked = self.asked
        on = organisation_day(self.now)
        people = people_who_see(asked.record, on=on).filter(~auditing_alone(asked.record, on))
        barred = {person_of(self.request).pk, asked.requested_by_id, *asked.authors}
        return {"people": people.exclude(pk__in=barred)}

    def get_crumbs(self) -> list[Crumb]:
        """Lead back to the decision."""
        return [Crumb(_("Approval"), self.asked.get_absolute_url()), Crumb(str(self.title))]

    def get_cancel_url(self) -> str:
        """Lead back to the decision."""
        return self.asked.get_absolute_url()

    def save(self, form: HandOnForm) -> str:
        """Hand it on."""
        to = form.cleaned_data["to"]
        try:
            approval_hand_on(
                request=self.asked,
                actor=person_of(self.request),
                to=to,
                reason=form.cleaned_data["reason"],
                now=self.now,
            )
        except ApprovalRefused as refusal:
            raise ValidationError(str(refusal)) from refusal
        messages.success(self.request, _("Handed on to %(person)s") % {"person": to})
        return self.asked.get_absolute_url()


@require_POST
@login_required
def hand_on_take_back_view(request: PersonRequest, pk: int) -> HttpResponse:
    """Take back what one handed on."""
    asked = visible_request(request, pk)
    try:
        hand_on_take_back(request=asked, actor=request.user, now=clock.now())
    except ApprovalRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The decision is yours again"))
    return redirect(asked.get_absolute_url())
