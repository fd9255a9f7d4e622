"""The findings and the requests for evidence on the page of their audit."""

from collections import Counter
from collections.abc import Iterable, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from audits.choices import EVIDENCE_ORDER, GRADE_TONES, FindingState, Grade
from audits.permissions import can_ask_for_evidence, can_raise_finding
from audits.querysets import EvidenceListingQuerySet, FindingListingQuerySet
from audits.selectors import counts_by, evidence_of, findings_of
from audits.views.badges import evidence_badge
from audits.views.evidence_lists import EvidenceCells, EvidenceList
from audits.views.finding_lists import FindingCells, FindingList
from audits.views.of_audits import AuditTab, some_of
from foundation.ui.components import Badge
from foundation.ui.structure import Action, EmptyState


class FindingsTab(FindingCells, AuditTab):
    """An audit's findings, the gravest first, with the counts by grade of those that stand."""

    title = lazy("Findings")
    order_words = lazy("the gravest first")
    list_page = "audits:finding-list"
    columns = some_of(
        FindingList.columns, "reference", "title", "grade", "state", "requirement", "owner", "due_on"
    )

    def get_rows(self) -> FindingListingQuerySet:
        """Return the findings, with what their cells name."""
        rows = findings_of(self.audit, self.user).with_repeats_for(self.user)
        return rows.gravest_first().select_related("owner", "requirement")

    def get_counts(self) -> tuple[int, Iterable[tuple[Badge, int]]]:
        """Return how many there are, and how many of each grade were not withdrawn."""
        counted = counts_by(findings_of(self.audit, self.user), "grade", "state")
        standing: Counter[str] = Counter()
        for (grade, state), count in counted.items():
            standing[grade] += count if state != FindingState.WITHDRAWN else 0
        by_grade = ((Badge(grade.label, GRADE_TONES[grade.value]), standing[grade.value]) for grade in Grade)
        return counted.total(), by_grade

    def get_add(self) -> Action | None:
        """Return the way to the form that raises one, for those who may."""
        if not can_raise_finding(self.user, self.audit):
            return None
        url = reverse("audits:finding-create", args=[self.audit.reference])
        return Action(_("Raise a finding"), url, icon="plus", primary=True)

    def get_empty_state(self, actions: Sequence[Action]) -> EmptyState:
        """Say what will stand here."""
        text = _("What the audit finds to fall short stands here, with what is answered and done about it.")
        return EmptyState(_("No findings yet"), text, "flag", actions)


class EvidenceTab(EvidenceCells, AuditTab):
    """An audit's requests, those first that wait for somebody, with the counts by state.

    Who is asked sees the own ones alone, and they alone are counted.
    """

    title = lazy("Evidence requests")
    order_words = lazy("what waits for somebody first")
    list_page = "audits:evidence-list"
    columns = some_of(EvidenceList.columns, "reference", "title", "state", "owner", "due_on")

    def get_rows(self) -> EvidenceListingQuerySet:
        """Return the requests, with what their cells name."""
        return evidence_of(self.audit, self.user).waiting_first().select_related("owner")

    def get_counts(self) -> tuple[int, Iterable[tuple[Badge, int]]]:
        """Return how many there are, and how many in each state."""
        counted = counts_by(evidence_of(self.audit, self.user), "state")
        by_state = ((evidence_badge(state), counted[(state,)]) for state in EVIDENCE_ORDER)
        return counted.total(), by_state

    def get_add(self) -> Action | None:
        """Return the way to the form that asks for more, for those who may."""
        if not can_ask_for_evidence(self.user, self.audit):
            return None
        url = reverse("audits:evidence-ask", args=[self.audit.reference])
        return Action(_("Ask for evidence"), url, icon="plus", primary=True)

    def get_empty_state(self, actions: Sequence[Action]) -> EmptyState:
        """Say what will stand here."""
        text = _(
            "What auditors need to see stands here, with who is asked, until when, and what was answered."
        )
        return EmptyState(_("Nothing is asked for"), text, "report-search", actions)
