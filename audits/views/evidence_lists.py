"""The list of requests for evidence, its files, and what is done to many of them at once."""

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from audits.choices import EVIDENCE_TONES, WAITING_EVIDENCE_STATES, EvidenceState
from audits.filters import EvidenceFilters
from audits.models import EvidenceListing, EvidenceRequest
from audits.permissions import evidence_change_refusal
from audits.querysets import EvidenceListingQuerySet
from audits.selectors import evidence_with_people
from audits.services import EvidenceRefused, evidence_change
from audits.services.evidence import DUE
from audits.views.lists import restricted_badge
from foundation.deadlines.bulk_move import BulkDateMove
from foundation.lists.bulk import Chosen, StepRefused
from foundation.lists.pages import OPEN_FIRST, OPEN_LATE_MINE_ALL, WorkingList
from foundation.records.bulk import OwnerForm, RecordBulkPage
from foundation.records.pages import RecordRows
from foundation.records.querysets import visibility_grounds
from foundation.records.services import StaleRecord
from foundation.ui.addresses import address_of
from foundation.ui.columns import Column
from foundation.ui.components import Badge, Due, Link, Listing, Person, Reference, When
from foundation.ui.structure import Action, EmptyState

RUN = "audits.run"
JOINED = ("unit", "owner")


@cache
def evidence_badge(state: str) -> Badge:
    """Return a state of requests as it is shown; the same badge each time, so that a list draws it once."""
    return Badge(EvidenceState(state).label, EVIDENCE_TONES[state], dot=True)


class EvidenceList(RecordRows, WorkingList):
    """All requests for evidence that the reader may know of: who is asked finds the own ones alone."""

    title = lazy("Evidence requests")
    rows_label = lazy("Evidence requests")
    filterset_class = EvidenceFilters
    primary_filters = ("q", "state", "owner", "audit")
    default_filters = OPEN_FIRST
    quick_filters = OPEN_LATE_MINE_ALL
    columns = (
        Column("reference", lazy("Reference"), order=("pk",)),
        Column("title", lazy("What is needed"), order=("title",), is_title=True),
        Column("state", lazy("State")),
        Column("audit", lazy("Audit")),
        Column("owner", lazy("Who is asked")),
        Column("due_on", lazy("Due"), order=("due_on",)),
        Column("unit", lazy("Business unit"), is_extra=True),
        Column("answered_at", lazy("Answered"), is_extra=True),
        Column("confidentiality", lazy("Confidentiality"), is_extra=True),
    )
    default_sort = "-reference"
    file_name = "evidence-requests"
    trail_action = "audits.evidence.exported"

    def get_rows(self) -> EvidenceListingQuerySet:
        """Return the narrow rows, with the names that their cells show."""
        rows: EvidenceListingQuerySet = EvidenceListing.objects.visible_to(self.request.user).unarchived()
        return rows.select_related(*(name for name in JOINED if self.holds(name)))

    def get_shown(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Add the versions that a step for many is taken at, for who may take one."""
        named = self.get_written(rows)
        return named.annotate(version=F("evidence_request__version")) if self.may_change_many else named

    def get_written(self, rows: Any) -> QuerySet[Any]:
        """Add the audits, where the reader may know of them."""
        return rows.with_audits_for(self.request.user) if self.holds("audit") else rows

    def keys_shown(self, rows: list[Any]) -> set[int]:
        """Return the keys of the requests, and of the audits that are named."""
        named = {row.audit_id for row in rows if row.audit_reference} if self.holds("audit") else set()
        return super().keys_shown(rows) | named

    def get_grounds(self) -> Sequence[Q]:
        """Return the grounds on which the reader may know of requests."""
        return visibility_grounds(self.request.user)

    def get_subtitle(self) -> str:
        """Return what the list holds."""
        return _("What auditors need to see, from whom and until when")

    @property
    def may_change_many(self) -> bool:
        """Tell whether the reader runs audits somewhere; for which requests, each step says."""
        return bool(self.request.access.has_anywhere(RUN))  # type: ignore[attr-defined]

    def get_bulk_actions(self) -> Sequence[Action]:
        """Offer what is done to many at once, to those who may."""
        if not self.may_change_many:
            return ()
        return (
            Action(_("Assign"), reverse("audits:evidence-assign"), icon="user-check"),
            Action(_("Move dates"), reverse("audits:evidence-move"), icon="calendar-due"),
        )

    def get_empty_state(self) -> EmptyState:
        """Say where requests come from."""
        if not self.may_change_many:
            text = _("What auditors need from you will stand here, and comes to you by e-mail.")
            return EmptyState(_("Nobody asks you for evidence"), text, "report-search")
        text = _("Evidence is asked for from an audit's page or its checklist, from the preparation on.")
        actions = [Action(_("Audits"), reverse("audits:audit-list"), icon="clipboard-check")]
        return EmptyState(_("No evidence requests yet"), text, "report-search", actions)

    def cell_reference(self, row: EvidenceListing) -> Reference:
        """Link the reference."""
        return Reference(row.reference, row.get_absolute_url())

    def cell_title(self, row: EvidenceListing) -> Any:
        """Link what is needed; say what is restricted."""
        link = Link(row.title, row.get_absolute_url())
        return Listing((link, restricted_badge()), " ") if row.is_restricted else link

    def export_title(self, row: EvidenceListing) -> str:
        """Return the title alone."""
        return row.title

    def cell_state(self, row: EvidenceListing) -> Badge:
        """Name the state."""
        return evidence_badge(row.state)

    def cell_audit(self, row: Any) -> Any:
        """Name the audit, where the reader may know of it."""
        if not row.audit_reference:
            return ""
        return Reference(row.audit_reference, address_of("audits:audit-detail", row.audit_reference))

    def cell_owner(self, row: EvidenceListing) -> Person:
        """Name who is asked."""
        return Person(row.owner.full_name)

    def cell_due_on(self, row: EvidenceListing) -> Any:
        """Show when it is due, while it waits for an answer."""
        return Due(row.due_on, self.now) if row.due_on else ""

    def cell_answered_at(self, row: EvidenceListing) -> Any:
        """Show when it was answered last."""
        return When(row.answered_at, self.now) if row.answered_at else ""

    def cell_confidentiality(self, row: EvidenceListing) -> str:
        """Name the confidentiality."""
        return row.get_confidentiality_display()


class EvidenceBulkPage(RecordBulkPage):
    """What assigning and moving have in common."""

    list_key = "audits:evidence-list"
    right = RUN
    rows_label = lazy("Evidence requests")
    columns = (
        Column("reference", lazy("Reference")),
        Column("title", lazy("What is needed"), is_title=True),
        Column("state", lazy("State")),
        Column("owner", lazy("Who is asked")),
        Column("due_on", lazy("Due")),
    )

    def get_rows_of(self, keys: Sequence[int]) -> Sequence[EvidenceRequest]:
        """Return the requests, the latest first."""
        return list(evidence_with_people(self.actor).filter(pk__in=keys).order_by("-pk"))

    def cells_of(self, row: EvidenceRequest) -> list[Any]:
        """Show what tells one request from another, and what the step may change."""
        waits = row.state in WAITING_EVIDENCE_STATES
        return [
            Reference(row.reference, row.get_absolute_url()),
            row.title,
            evidence_badge(row.state),
            Person(row.owner.full_name),
            When(row.due_on, self.now) if waits else "",
        ]


class EvidenceAssign(EvidenceBulkPage):
    """Asks another person instead."""

    form_class = OwnerForm
    title = lazy("Ask somebody else")
    submit_label = lazy("Assign")

    def refusal_for(self, row: EvidenceRequest) -> str:
        """Return what keeps a request from being changed at all."""
        return self.right_refusal(row) or evidence_change_refusal(row) or ""

    def take(self, chosen: Chosen, form: OwnerForm) -> None:
        """Change one request, as its form would."""
        try:
            evidence_change(
                request=chosen.row,
                changes={"owner": form.cleaned_data["owner"]},
                actor=self.actor,
                now=self.now,
                version=chosen.version,
            )
        except (EvidenceRefused, StaleRecord) as refused:
            raise StepRefused(str(refused)) from refused


class EvidenceMove(BulkDateMove, EvidenceBulkPage):
    """Moves the days on which evidence is due, as the calendar does."""

    title = lazy("Move the dates of evidence requests")
    date_kind = DUE

    def date_of(self, row: EvidenceRequest) -> date:
        """Return the day on which it is due."""
        return row.due_on
