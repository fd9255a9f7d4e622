"""Proposing an action that is to follow from a record, and revising what was returned."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from foundation.accounts.requests import PersonRequest
from foundation.actions.forms import ProposalCreateForm, ProposalReviseForm
from foundation.actions.models import Action
from foundation.actions.services import action_propose, proposal_revise, revising_refusal
from foundation.actions.sources import proposing_refusal
from foundation.actions.views import crumbs_to, visible_action
from foundation.records.models import Record
from foundation.records.pages import RecordFormPage, visible_record
from foundation.records.services import submit_once
from foundation.ui.structure import Crumb


class ProposalCreatePage(RecordFormPage):
    """Proposes an action that is to follow from a record."""

    request: PersonRequest
    form_class = ProposalCreateForm
    title = lazy("Propose an action")
    submit_label = lazy("Propose")
    source: Record

    def prepare(self) -> None:
        """Find the record that it is to follow from, and refuse who proposes nothing there."""
        self.source = visible_record(self.request, self.kwargs["reference"])
        if refusal := proposing_refusal(source=self.source, person=self.request.user):
            raise PermissionDenied(refusal)

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        return crumbs_to(Crumb(self.source.reference, self.source.get_absolute_url()), Crumb(self.title))

    def get_subtitle(self) -> str:
        """Return what it is to follow from."""
        return _("For %(source)s. It is to be done once it is agreed on.") % {"source": self.source}

    def get_cancel_url(self) -> str:
        """Return to what it is to follow from."""
        return self.source.get_absolute_url()

    def save(self, form: ProposalCreateForm) -> str:
        """Make one proposal, however often the button is pressed."""
        action = submit_once(
            key=form.cleaned_data["submission"],
            actor=self.request.user,
            purpose=f"actions.propose:{self.source.pk}",
            content=form.submitted_content(),
            create=lambda: action_propose(
                source=self.source, actor=self.request.user, now=self.now, **form.content
            ),
        )
        messages.success(self.request, _("%(reference)s is proposed") % {"reference": action.reference})
        return self.source.get_absolute_url()


class ProposalRevisePage(RecordFormPage):
    """Revises a proposal that was returned."""

    request: PersonRequest
    form_class = ProposalReviseForm
    title = lazy("Revise the proposal")
    action: Action

    def prepare(self) -> None:
        """Find the proposal, and refuse who did not propose it, or while it is not theirs to change."""
        self.action = visible_action(self.request, self.kwargs["reference"])
        if refusal := proposing_refusal(source=self.action.source, person=self.request.user):
            raise PermissionDenied(refusal)
        self.open_unless(revising_refusal(self.action, self.request.user))

    def get_form_arguments(self) -> dict[str, Any]:
        """Fill the form from the proposal."""
        return {"record": self.action}

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        return crumbs_to(Crumb(self.action.reference, self.action.get_absolute_url()), Crumb(self.title))

    def get_subtitle(self) -> str:
        """Say why it was returned."""
        return _("%(reference)s was returned: %(why)s") % {
            "reference": self.action.reference,
            "why": self.action.returned_because,
        }

    def get_cancel_url(self) -> str:
        """Return to the proposal."""
        return self.action.get_absolute_url()

    def save(self, form: ProposalReviseForm) -> str:
        """Change the proposal; proposing it again is a step of its own."""
        proposal_revise(
            action=self.action,
            changes=form.content,
            actor=self.request.user,
            now=self.now,
            version=form.cleaned_data["version"],
        )
        messages.success(self.request, _("Saved. Propose it again once it is as it should be."))
        return self.action.get_absolute_url()
