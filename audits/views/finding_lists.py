"""The list of findings, its files, and what is done to many of them at once."""

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from audits.choices import FINDING_TONES, GRADE_TONES, SHORT_GRADES, FindingState, Grade
from audits.filters import FindingFilters
from audits.models import Finding, FindingListing
from audits.permissions import finding_change_refusal
from audits.querysets import FindingListingQuerySet
from audits.selectors import findings_with_people, framework_name
from audits.services import ANSWER, FindingRefused, finding_change
from audits.views.lists import restricted_badge
from foundation.deadlines.bulk_move import BulkDateMove
from foundation.lists.bulk import Chosen, StepRefused
from foundation.lists.pages import OPEN_FIRST, OPEN_LATE_MINE_ALL, WorkingList
from foundation.records.bulk import OwnerForm, RecordBulkPage
from foundation.records.pages import RecordRows
from foundation.records.querysets import visibility_grounds
from foundation.records.services import StaleRecord
from foundation.ui.addresses import address_of
from foundation.ui.columns import Column, QuickFilter
from foundation.ui.components import Badge, Due, Link, Listing, Person, Reference, Tone, When
from foundation.ui.filters import ANY
from foundation.ui.structure import Action, Crumb, EmptyState

RUN = "audits.run"
JOINED = ("unit", "owner", "requirement", "framework")


@cache
def finding_badge(state: str) -> Badge:
    """Return a state of findings as it is shown; the same badge each time, so that a list draws it once."""
    return Badge(FindingState(state).label, FINDING_TONES[state], dot=True)


@cache
def grade_badge(grade: str) -> Badge:
    """Return a grade as it is shown; the same badge each time."""
    return Badge(Grade(grade).label, GRADE_TONES[grade])


@cache
def short_grade_badge(grade: str) -> Badge:
    """Return a grade as lists show it; the same badge each time."""
    return Badge(SHORT_GRADES[grade], GRADE_TONES[grade])


def repeat_badge() -> Badge:
    """Return the sign of a finding that was found before."""
    return Badge(_("Repeat"), Tone.ATTENTION, "repeat")


class FindingList(RecordRows, WorkingList):
    """All findings that the reader may know of, of all audits."""

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

    def get_rows(self) -> FindingListingQuerySet:
        """Return the narrow rows, with the names that their cells show."""
        rows: FindingListingQuerySet = FindingListing.objects.visible_to(self.request.user).unarchived()
        return rows.select_related(*(name for name in JOINED if self.holds(name)))

    def get_shown(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Add the versions that a step for many is taken at, for who may take one."""
        named = self.get_written(rows)
        return named.annotate(version=F("finding__version")) if self.may_change_many else named

    def get_written(self, rows: Any) -> QuerySet[Any]:
        """Add which are repeats, and the audits, as far as the reader may know of that."""
        told = rows.with_repeats_for(self.request.user)
        return told.with_audits_for(self.request.user) if self.holds("audit") else told

    def keys_shown(self, rows: list[Any]) -> set[int]:
        """Return the keys of the findings, and of the audits that are named."""
        named = {row.audit_id for row in rows if row.audit_reference} if self.holds("audit") else set()
        return super().keys_shown(rows) | named

    def get_grounds(self) -> Sequence[Q]:
        """Return the grounds on which the reader may know of findings."""
        return visibility_grounds(self.request.user)

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        return (Crumb(_("Audits"), reverse("audits:audit-list")), Crumb(self.title))

    def get_subtitle(self) -> str:
        """Return what the list holds."""
        return _("What audits found to fall short, with what is answered and done about it")

    @property
    def may_change_many(self) -> bool:
        """Tell whether the reader runs audits somewhere; for which findings, each step says."""
        return bool(self.request.access.has_anywhere(RUN))  # type: ignore[attr-defined]

    def get_bulk_actions(self) -> Sequence[Action]:
        """Offer what is done to many at once, to those who may."""
        if not self.may_change_many:
            return ()
        return (
            Action(_("Assign"), reverse("audits:findings-assign"), icon="user-check"),
            Action(_("Move dates"), reverse("audits:findings-move"), icon="calendar-due"),
        )

    def get_empty_state(self) -> EmptyState:
        """Say where findings come from."""
        text = _("They are raised from an audit's page or its checklist, once its fieldwork has begun.")
        actions = [Action(_("Audits"), reverse("audits:audit-list"), icon="clipboard-check")]
        return EmptyState(_("No findings yet"), text, "flag", actions)

    def cell_reference(self, row: FindingListing) -> Reference:
        """Link the reference."""
        return Reference(row.reference, row.get_absolute_url())

    def cell_title(self, row: Any) -> Any:
        """Link the title; say what is a repeat and what is restricted."""
        parts: list[Any] = [Link(row.title, row.get_absolute_url())]
        if row.repeats:
            parts.append(repeat_badge())
        if row.is_restricted:
            parts.append(restricted_badge())
        return Listing(tuple(parts), " ") if len(parts) > 1 else parts[0]

    def export_title(self, row: FindingListing) -> str:
        """Return the title alone."""
        return row.title

    def cell_grade(self, row: FindingListing) -> Badge:
        """Name the grade, in short."""
        return short_grade_badge(row.grade)

    def export_grade(self, row: FindingListing) -> str:
        """Name the grade in full."""
        return row.get_grade_display()

    def cell_state(self, row: FindingListing) -> Badge:
        """Name the state."""
        return finding_badge(row.state)

    def cell_requirement(self, row: FindingListing) -> str:
        """Name the requirement, as its framework prints it."""
        return row.requirement.identifier if row.requirement else ""

    def cell_framework(self, row: FindingListing) -> str:
        """Name the framework, but for a confidential one of a finding that is not."""
        return framework_name(row.framework, row) if row.framework else ""

    def cell_audit(self, row: Any) -> Any:
        """Name the audit, where the reader may know of it."""
        if not row.audit_reference:
            return ""
        return Reference(row.audit_reference, address_of("audits:audit-detail", row.audit_reference))

    def cell_owner(self, row: FindingListing) -> Person:
        """Name the owner."""
        return Person(row.owner.full_name)

    def cell_due_on(self, row: FindingListing) -> Any:
        """Show when the answer is due, while the finding waits for it."""
        return Due(row.due_on, self.now) if row.due_on else ""

    def cell_raised_on(self, row: FindingListing) -> When:
        """Show when it was raised."""
        return When(row.raised_on, self.now)

    def cell_closed_at(self, row: FindingListing) -> Any:
        """Show when it was closed."""
        return When(row.closed_at, self.now) if row.closed_at else ""

    def cell_repeat(self, row: Any) -> str:
        """Say whether it was found before."""
        return _("yes") if row.repeats else _("no")

    def cell_confidentiality(self, row: FindingListing) -> str:
        """Name the confidentiality."""
        return row.get_confidentiality_display()


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

    def cells_of(self, row: Finding) -> list[Any]:
        """Show what tells one finding from another, and what the step may change."""
        waits = row.state == FindingState.RAISED
        return [
            Reference(row.reference, row.get_absolute_url()),
            row.title,
            finding_badge(row.state),
            Person(row.owner.full_name),
            When(row.answer_due_on, self.now) if waits else "",
        ]


class FindingsAssign(FindingBulkPage):
    """Gives findings another owner."""

    form_class = OwnerForm
    title = lazy("Assign findings")
    submit_label = lazy("Assign")

    def refusal_for(self, row: Finding) -> str:
        """Return what keeps a finding from being changed at all."""
        return self.right_refusal(row) or finding_change_refusal(row) or ""

    def take(self, chosen: Chosen, form: OwnerForm) -> None:
        """Change one finding, as its form would."""
        try:
            finding_change(
                finding=chosen.row,
                changes={"owner": form.cleaned_data["owner"]},
                actor=self.actor,
                now=self.now,
                version=chosen.version,
            )
        except (FindingRefused, StaleRecord) as refused:
            raise StepRefused(str(refused)) from refused


class FindingsMove(BulkDateMove, FindingBulkPage):
    """Moves the days on which answers are due, as the calendar does."""

    title = lazy("Move the dates of answers")
    date_kind = ANSWER

    def date_of(self, row: Finding) -> date:
        """Return the day on which the answer is due."""
        return row.answer_due_on
