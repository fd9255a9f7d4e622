"""The page of a request for evidence, and its steps."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from audits.choices import WAITING_EVIDENCE_STATES, EvidenceState
from audits.models import EvidenceRequest
from audits.permissions import answering_refusal, can_change_evidence, can_see_checks
from audits.selectors import activity_of, answer_lines, asker_of, evidence_with_people, stuck_words
from audits.services.evidence import DUE
from audits.services.evidence_judges import REVIEW
from foundation.accounts.organisation import organisation_day
from foundation.accounts.requests import PersonRequest
from foundation.deadlines.facts import reminders_fact
from foundation.deadlines.models import Deadline
from foundation.deadlines.selectors import deadlines_of
from foundation.lifecycle.pages import TransitionPage, record_steps, transition_actions
from foundation.records.pages import HISTORY_TAB, RecordDetailPage
from foundation.records.parts import confidentiality_of
from foundation.records.selectors import known_name
from foundation.ui.components import Due, Listing, Person, Reference, When
from foundation.ui.record_page import TabPage
from foundation.ui.structure import Action, Crumb, Fact, Step

LATEST = 5


class EvidencePage(RecordDetailPage):
    """A request for evidence: what is asked of whom, and what was answered. Who answers it is led to the page of the answer."""

    request: PersonRequest
    record: EvidenceRequest
    tabs = (
        TabPage("overview", lazy("Overview"), "audits/evidence_overview.html"),
        HISTORY_TAB,
    )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Return the page with one tab, or lead to the answer."""
        if not kwargs.get("tab") and "all" not in request.GET and self._may_answer():
            return redirect("audits:evidence-answer", reference=kwargs["reference"])
        return super().get(request, *args, **kwargs)

    @cached_property
    def _found(self) -> EvidenceRequest:
        requests = evidence_with_people(self.request.user)
        return get_object_or_404(requests, reference=self.kwargs["reference"])

    def _may_answer(self) -> bool:
        today = organisation_day(self.now)
        return answering_refusal(request=self._found, user=self.request.user, on=today) is None

    def get_record(self) -> EvidenceRequest:
        """Return the request, of those that the reader may see."""
        return self._found

    def get_tab_url(self, key: str) -> str:
        """Return the address of a tab."""
        if key == "overview":
            return self.record.get_absolute_url()
        return reverse("audits:evidence-tab", args=[self.record.reference, key])

    def get_title(self) -> str:
        """Return what is needed."""
        return self.record.title

    def get_subtitle(self) -> Any:
        """Return the reference, and the audit that needs it, where the reader may know of that."""
        parts: list[Any] = [self.record.reference]
        if audit := known_name(self.request.user, self.record.audit_id):
            named = Listing((Reference(audit.reference, audit.get_absolute_url()), audit.title), " ")
            parts += [_("for an audit"), named]
        return Listing(tuple(parts), " · ")

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        return (
            Crumb(_("Evidence requests"), reverse("audits:evidence-list")),
            Crumb(self.record.reference),
        )

    def get_actions(self) -> Sequence[Action]:
        """Return the steps that the reader may take, and the ways to the forms of either side."""
        reference = self.record.reference

        def step_url(name: str) -> str:
            return reverse("audits:evidence-transition", args=[reference, name])

        actions = transition_actions(self.record, self.request.user, step_url)
        if can_change_evidence(self.request.user, self.record):
            edit = Action(_("Edit"), reverse("audits:evidence-edit", args=[reference]), icon="pencil")
            actions.insert(0, edit)
        if self._may_answer():
            url = reverse("audits:evidence-answer", args=[reference])
            actions.append(Action(_("Answer"), url, icon="send", primary=True))
        return actions

    def get_steps(self) -> Sequence[Step]:
        """Return the state bar."""
        return record_steps(self.record)

    def get_facts(self) -> Sequence[Fact]:
        """Return what the request waits for, and whose it is."""
        asked = self.record
        facts: list[Fact] = []
        if asked.state in WAITING_EVIDENCE_STATES:
            facts += [Fact(_("Due"), Due(asked.due_on, self.now)), *self._reminders(DUE)]
        elif asked.state == EvidenceState.ANSWERED and (review := self._dates.get(REVIEW)):
            facts += [
                Fact(_("To be looked at"), Due(review.due_on, self.now)),
                Fact(
                    _("Waits for"),
                    _("Nobody may do it") if self._stuck else Person(review.assignee.full_name),
                ),
                *self._reminders(REVIEW),
            ]
        if asked.answered_by:
            answered = (Person(asked.answered_by.full_name), When(asked.answered_at, self.now))
            facts.append(Fact(_("Answered"), Listing(answered, " ")))
        return [
            *facts,
            Fact(_("Who is asked"), Person(asked.owner.full_name)),
            Fact(_("Asked by"), Person(asker_of(asked).full_name)),
            Fact(_("Business unit"), asked.unit.name),
            Fact(_("Confidentiality"), confidentiality_of(asked)),
        ]

    @cached_property
    def _dates(self) -> dict[str, Deadline]:
        return {deadline.kind: deadline for deadline in deadlines_of(self.record)}

    def _reminders(self, kind: str) -> list[Fact]:
        deadline = self._dates.get(kind)
        if deadline is None:
            return []
        return [Fact(_("Reminders"), reminders_fact(deadline, now=self.now, reader=self.request.user))]

    @cached_property
    def _stuck(self) -> str:
        """Return why nobody may look at the answer, where that is so."""
        review = self._dates.get(REVIEW)
        if review is None:
            return ""
        return stuck_words(self.record, person=review.assignee, is_stuck=review.is_stuck, now=self.now)

    def context_overview(self, asked: EvidenceRequest) -> dict[str, Any]:
        """Return what was asked and answered, for which checks, and what happened lately."""
        sees_checks = can_see_checks(self.request.user, asked.audit)
        return {
            "file_lines": answer_lines(asked, self.request.user),
            "checks": list(asked.checks.select_related("text")) if sees_checks else [],
            "moments": activity_of(asked, self.request.user, count=LATEST),
            "history_url": self.get_tab_url("history"),
            "files_url": self.get_tab_url("files"),
            "stuck": self._stuck,
            "is_returned": asked.state == EvidenceState.RETURNED,
        }


class EvidenceStep(TransitionPage):
    """Confirms and takes a step of a request."""

    def get_record(self) -> EvidenceRequest:
        """Return the request, of those that the reader may see."""
        return get_object_or_404(evidence_with_people(self.actor), reference=self.kwargs["reference"])

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        return (
            Crumb(_("Evidence requests"), reverse("audits:evidence-list")),
            Crumb(self.record.reference, self.record.get_absolute_url()),
            Crumb(self.step.label),
        )
