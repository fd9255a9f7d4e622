"""Pages of actions: one action, agreeing on one, changing it, and its steps."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from foundation.accounts.permissions import right_check
from foundation.accounts.requests import PersonRequest
from foundation.actions.choices import ActionState
from foundation.actions.facts import next_step_of
from foundation.actions.forms import ActionCreateForm, ActionEditForm
from foundation.actions.models import Action
from foundation.actions.permissions import can_manage_actions
from foundation.actions.selectors import date_moves
from foundation.actions.services import (
    action_change,
    action_create,
    agreed_refusal,
    change_refusal,
    revising_refusal,
)
from foundation.actions.sources import agreeing_refusal
from foundation.deadlines.facts import reminders_fact
from foundation.deadlines.selectors import deadlines_of
from foundation.lifecycle.pages import TransitionPage, record_steps, transition_actions
from foundation.records.models import Record
from foundation.records.pages import HISTORY_TAB, RecordDetailPage, RecordFormPage, visible_record
from foundation.records.services import submit_once
from foundation.ui.components import Due, Link, Listing, Person, Reference, When
from foundation.ui.record_page import TabPage
from foundation.ui.structure import Action as Button
from foundation.ui.structure import Crumb, Fact, Step

# Who and what it is about, read with the action.
NAMED = (
    "owner",
    "unit",
    "source",
    "verifier",
    "done_by",
    "verified_by",
    "effect_checked_by",
    "proposed_by",
    "agreed_by",
)
DUE_WORDS = {
    ActionState.PROPOSED: lazy("To be decided by"),
    ActionState.RETURNED: lazy("To be revised by"),
    ActionState.TO_VERIFY: lazy("To be verified by"),
    ActionState.VERIFIED: lazy("Effect to be checked on"),
}


class ActionPage(RecordDetailPage):
    """An action: what is to be done, by whom, until when, and what came of it."""

    request: PersonRequest
    record: Action
    tabs = (
        TabPage("overview", lazy("Overview"), "actions/tab_overview.html"),
        HISTORY_TAB,
    )

    def get_record(self) -> Action:
        """Return the action, of those that the reader may see."""
        return visible_action(self.request, self.kwargs["reference"])

    def get_tab_url(self, key: str) -> str:
        """Return the address of a tab."""
        if key == self.tabs[0].key:
            return self.record.get_absolute_url()
        return reverse("actions:action-tab", args=[self.record.reference, key])

    def get_title(self) -> str:
        """Return what is to be done."""
        return self.record.title

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        return crumbs_to(Crumb(self.record.reference))

    def get_subtitle(self) -> Listing:
        """Return the reference, and what it follows from where the reader may know of that."""
        parts: list[Any] = [Reference(self.record.reference)]
        if source := self.visible_source():
            parts.append(Link(_("follows from %(source)s") % {"source": source}, source.get_absolute_url()))
        return Listing(tuple(parts), " · ")

    def visible_source(self) -> Record | None:
        """Return what the action follows from, if the reader may know of it."""
        found: Record | None = (
            Record.objects.visible_to(self.request.user).filter(pk=self.record.source_id).first()
        )
        return found

    def context_overview(self, record: Action) -> Mapping[str, Any]:
        """Say what comes next, and why the reader can't see to that."""
        return {"next": next_step_of(record, reader=self.request.user, now=self.now)}

    def get_actions(self) -> Sequence[Button]:
        """Offer the steps, and the form until it is settled; of what was returned, that of who proposed it."""
        buttons = transition_actions(self.record, self.request.user, self._step_url)
        if revising_refusal(self.record, self.request.user) is None:
            revise = reverse("actions:action-revise", args=[self.record.reference])
            buttons.insert(0, Button(_("Revise"), revise, icon="pencil"))
        if change_refusal(self.record) is None and can_manage_actions(self.request.user, self.record):
            edit = reverse("actions:action-edit", args=[self.record.reference])
            buttons.insert(0, Button(_("Edit"), edit, icon="pencil"))
        return buttons

    def _step_url(self, name: str) -> str:
        return reverse("actions:action-step", args=[self.record.reference, name])

    def get_steps(self) -> Sequence[Step]:
        """Return the state bar."""
        return record_steps(self.record)

    def get_facts(self) -> Sequence[Fact]:
        """Return what stands at the side."""
        action = self.record
        due = DUE_WORDS.get(ActionState(action.state), _("Due"))
        return (
            Fact(due, Due(action.next_due_on, self.now, done=action.is_settled)),
            *self._moves(),
            *self._reminders(),
            *self._of_proposal(),
            Fact(_("Owner"), Person(action.owner.full_name)),
            *(self._of_corrective() if action.is_corrective and not action.is_proposal else ()),
            Fact(_("Nature"), action.get_nature_display()),
            Fact(_("Business unit"), action.unit.name),
            Fact(_("Confidentiality"), action.get_confidentiality_display()),
        )

    def _moves(self) -> list[Fact]:
        """Say how often the day was moved that was agreed on."""
        moves = None if self.record.is_proposal else date_moves(self.record)
        if moves is None:
            return []
        words = ngettext("%(count)d time; first agreed:", "%(count)d times; first agreed:", moves.times)
        moved = Listing((words % {"count": moves.times}, When(moves.first, self.now)), " ")
        return [Fact(_("Date moved"), moved)]

    def _of_proposal(self) -> list[Fact]:
        """Say who proposed it, who agreed when, and until when it is to be done once that is so."""
        action = self.record
        facts = [Fact(_("To be done by"), When(action.due_on, self.now))] if action.is_proposal else []
        if action.proposed_by:
            facts.append(Fact(_("Proposed by"), Person(action.proposed_by.full_name)))
        if action.agreed_by:
            agreed = (Person(action.agreed_by.full_name), When(action.agreed_at, self.now))
            facts.append(Fact(_("Agreed on"), Listing(agreed, " ")))
        return facts

    def _of_corrective(self) -> list[Fact]:
        """Say who verifies it, when its effect is checked, and how often it did not work."""
        action = self.record
        facts = [Fact(_("Verifier"), Person(action.verifier.full_name) if action.verifier else _("Nobody"))]
        if action.state in (ActionState.OPEN, ActionState.TO_VERIFY):
            words = ngettext("%(days)d day after", "%(days)d days after", action.effectiveness_days)
            facts.append(Fact(_("Effect checked"), words % {"days": action.effectiveness_days}))
        if action.times_reopened:
            words = ngettext("%(times)d time", "%(times)d times", action.times_reopened)
            facts.append(Fact(_("Found not effective"), words % {"times": action.times_reopened}))
        return facts

    def _reminders(self) -> list[Fact]:
        """Say when people are reminded, and whether that is put off; nothing once there is nothing to do."""
        deadline = None if self.record.is_settled else deadlines_of(self.record).first()
        if deadline is None:
            return []
        return [Fact(_("Reminders"), reminders_fact(deadline, now=self.now, reader=self.request.user))]


class ActionCreatePage(RecordFormPage):
    """Agrees on an action that follows from a record."""

    request: PersonRequest
    form_class = ActionCreateForm
    title = lazy("Agree on an action")
    submit_label = lazy("Agree")
    source: Record

    def prepare(self) -> None:
        """Find the record that it follows from, and check the right."""
        self.source = visible_record(self.request, self.kwargs["reference"])
        right_check(user=self.request.user, right="actions.manage", unit_id=self.source.unit_id)
        self.open_unless(agreeing_refusal(source=self.source, person=self.request.user))

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        return crumbs_to(Crumb(self.source.reference, self.source.get_absolute_url()), Crumb(self.title))

    def get_subtitle(self) -> str:
        """Return what it follows from."""
        return _("Follows from %(source)s") % {"source": self.source}

    def get_cancel_url(self) -> str:
        """Return to what it follows from."""
        return self.source.get_absolute_url()

    def get_form_arguments(self) -> dict[str, Any]:
        """Say what it follows from."""
        return {"source": self.source}

    def save(self, form: ActionCreateForm) -> str:
        """Make one action, however often the button is pressed."""
        action = submit_once(
            key=form.cleaned_data["submission"],
            actor=self.request.user,
            purpose=f"actions.create:{self.source.pk}",
            content=form.submitted_content(),
            create=lambda: action_create(
                source=self.source, actor=self.request.user, now=self.now, **form.content
            ),
        )
        messages.success(self.request, _("%(reference)s is agreed on") % {"reference": action.reference})
        is_visible = Action.objects.visible_to(self.request.user).filter(pk=action.pk).exists()
        return (action if is_visible else self.source).get_absolute_url()


class ActionEditPage(RecordFormPage):
    """Changes an action until it is settled: all of it while it is open, then who judges it and when."""

    request: PersonRequest
    form_class = ActionEditForm
    action: Action

    def prepare(self) -> None:
        """Find the action and check the right and the state."""
        self.action = visible_action(self.request, self.kwargs["reference"])
        right_check(user=self.request.user, right="actions.manage", unit_id=self.action.unit_id)
        self.open_unless(change_refusal(self.action))
        if self.action.state == ActionState.OPEN:
            self.note = agreed_refusal(action=self.action, person=self.request.user) or ""

    def get_form_arguments(self) -> dict[str, Any]:
        """Fill the form from the action."""
        return {"record": self.action, "actor": self.request.user}

    def get_title(self) -> str:
        """Return what is edited."""
        return _("Edit %(reference)s") % {"reference": self.action.reference}

    def get_subtitle(self) -> str:
        """Return the action."""
        return self.action.title

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        return crumbs_to(
            Crumb(self.action.reference, self.action.get_absolute_url()), Crumb(self.get_title())
        )

    def get_cancel_url(self) -> str:
        """Return to the action."""
        return self.action.get_absolute_url()

    def save(self, form: ActionEditForm) -> str:
        """Change the action."""
        action_change(
            action=self.action,
            changes=form.content,
            actor=self.request.user,
            now=self.now,
            version=form.cleaned_data["version"],
        )
        return self.action.get_absolute_url()


class ActionStepPage(TransitionPage):
    """Confirms and takes a step of an action."""

    request: PersonRequest

    def get_record(self) -> Action:
        """Return the action, of those that the reader may see."""
        return visible_action(self.request, self.kwargs["reference"])

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        return crumbs_to(
            Crumb(self.record.reference, self.record.get_absolute_url()), Crumb(self.get_title())
        )


def crumbs_to(*rest: Crumb) -> tuple[Crumb, ...]:
    """Return a path that begins with the tracker of all actions."""
    return (Crumb(_("Actions"), reverse("actions:action-list")), *rest)


def visible_action(request: PersonRequest, reference: str) -> Action:
    """Return an action with all that its pages name, or raise Http404 where the reader may not know of it."""
    visible = Action.objects.visible_to(request.user).with_parts_of(request.user)
    visible = visible.with_unfinished_below().with_agreed_days().select_related(*NAMED)
    found: Action = get_object_or_404(visible, reference=reference)
    return found
