"""The list of findings, its files, and what is done to many of them at once."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from audits.choices import FindingState
from audits.filters import FindingFilters
from audits.models import Finding, FindingListing
from audits.permissions import finding_change_refusal
from audits.selectors import findings_with_people, framework_name
from audits.services import ANSWER, finding_change
from audits.views.badges import finding_badge, repeat_badge, short_grade_badge
from audits.views.of_audits import RUN, OfAuditCells, OfAuditList
from foundation.deadlines.bulk_move import BulkDateMove
from foundation.lists.pages import OPEN_FIRST, OPEN_LATE_MINE_ALL
from foundation.records.bulk import BulkAssign, RecordBulkPage
from foundation.ui.columns import Column, QuickFilter
from foundation.ui.components import Badge, Due, Part, When
from foundation.ui.filters import ANY
from foundation.ui.structure import Action, Crumb, EmptyState


class FindingCells(OfAuditCells):
    """The cells of findings, from their narrow rows."""

    def signs_of(self, row: Any) -> Sequence[Part]:
        """Say what is a repeat, as far as the reader may know of that, and what is restricted."""
        return (*([repeat_badge()] if row.repeats else []), *super().signs_of(row))

    def cell_grade(self, row: FindingListing) -> Badge:
        """Name the grade, in short."""
        return short_grade_badge(row.grade)

    def cell_state(self, row: FindingListing) -> Badge:
        """Name the state."""
        return finding_badge(row.state)

    def cell_requirement(self, row: FindingListing) -> str:
        """Name the requirement, as its framework prints it."""
        return row.requirement.identifier if row.requirement else ""


class FindingList(FindingCells, OfAuditList):
    """All findings that the reader may know of, of all audits."""

    listing = FindingListing
    joined = ("unit", "owner", "requirement", "framework")
    assign_page, move_page = "audits:findings-assign", "audits:findings-move"
    title = lazy("Findings")
    rows_label = lazy("Findings")
    filterset_class = FindingFilters
    primary_filters = ("q", "state", "grade", "unit")
    default_filters = OPEN_FIRST
    quick_filters = (*OPEN_LATE_MINE_ALL, QuickFilter(lazy("Repeats"), {"repeat": "on", "state": ANY}))
    columns = (
        Column("reference", lazy("Reference"), order=("pk",)),
        Column("title", lazy("Finding"), order=("title",), is_title=True),
        Column("grade", lazy("Grade")),
        Column("state", lazy("State")),
        Column("requirement", lazy("Requirement")),
        Column("audit", lazy("Audit")),
        Column("unit", lazy("Business unit")),
        Column("owner", lazy("Owner")),
        Column("due_on", lazy("Answer due"), order=("due_on",)),
        Column("framework", lazy("Framework"), is_extra=True),
        Column("raised_on", lazy("Raised"), is_extra=True),
        Column("closed_at", lazy("Closed"), is_extra=True),
        Column("repeat", lazy("Repeat"), is_extra=True),
        Column("confidentiality", lazy("Confidentiality"), is_extra=True),
    )
    default_sort = "-reference"
    file_name = "findings"
    trail_action = "audits.findings.exported"

    def get_written(self, rows: Any) -> QuerySet[Any]:
        """Add which are repeats, too, as far as the reader may know of that."""
        return super().get_written(rows.with_repeats_for(self.request.user))

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        return (Crumb(_("Audits"), reverse("audits:audit-list")), Crumb(self.title))

    def get_subtitle(self) -> str:
        """Return what the list holds."""
        return _("What audits found to fall short, with what is answered and done about it")

    def get_empty_state(self) -> EmptyState:
        """Say where findings come from."""
        text = _("They are raised from an audit's page or its checklist, once its fieldwork has begun.")
        actions = [Action(_("Audits"), reverse("audits:audit-list"), icon="clipboard-check")]
        return EmptyState(_("No findings yet"), text, "flag", actions)

    def export_grade(self, row: FindingListing) -> str:
        """Name the grade in full."""
        return row.get_grade_display()

    def cell_framework(self, row: FindingListing) -> str:
        """Name the framework, but for a confidential one of a finding that is not."""
        return framework_name(row.framework, row) if row.framework else ""

    def cell_raised_on(self, row: FindingListing) -> When:
        """Show when it was raised."""
        return When(row.raised_on, self.now)

    def cell_closed_at(self, row: FindingListing) -> Any:
        """Show when it was closed."""
        return When(row.closed_at, self.now) if row.closed_at else ""

    def cell_repeat(self, row: Any) -> str:
        """Say whether it was found before."""
        return _("yes") if row.repeats else _("no")


class FindingBulkPage(RecordBulkPage):
    """What assigning and moving have in common."""

    list_key = "audits:finding-list"
    right = RUN
    rows_label = lazy("Findings")
    columns = (
        Column("reference", lazy("Reference")),
        Column("title", lazy("Finding"), is_title=True),
        Column("state", lazy("State")),
        Column("owner", lazy("Owner")),
        Column("due_on", lazy("Answer due")),
    )

    def get_rows_of(self, keys: Sequence[int]) -> Sequence[Finding]:
        """Return the findings, the latest first."""
        return list(findings_with_people(self.actor).filter(pk__in=keys).order_by("-pk"))

    def cell_state(self, row: Finding) -> Badge:
        """Name the state."""
        return finding_badge(row.state)

    def cell_due_on(self, row: Finding) -> Due | None:
        """Show when the answer is due, while the finding waits for it."""
        return Due(row.answer_due_on, self.now) if row.state == FindingState.RAISED else None


class FindingsAssign(BulkAssign, FindingBulkPage):
    """Gives findings another owner."""

    title = lazy("Assign findings")

    def change_refusal(self, row: Finding) -> str | None:
        """Return what keeps a finding from being changed at all."""
        return finding_change_refusal(row)

    def change_record(self, row: Finding, changes: dict[str, Any], **given: Any) -> None:
        """Give a finding to the owner chosen."""
        finding_change(finding=row, changes=changes, **given)


class FindingsMove(BulkDateMove, FindingBulkPage):
    """Moves the days on which answers are due, as the calendar does."""

    title = lazy("Move the dates of answers")
    date_kind = ANSWER

    def date_of(self, row: Finding) -> date:
        """Return the day on which the answer is due."""
        return row.answer_due_on
