"""The list of requests for evidence, its files, and what is done to many of them at once."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from audits.choices import WAITING_EVIDENCE_STATES
from audits.filters import EvidenceFilters
from audits.models import EvidenceListing, EvidenceRequest
from audits.permissions import evidence_change_refusal
from audits.selectors import evidence_with_people
from audits.services import evidence_change
from audits.services.evidence import DUE
from audits.views.badges import evidence_badge
from audits.views.of_audits import RUN, OfAuditCells, OfAuditList
from foundation.deadlines.bulk_move import BulkDateMove
from foundation.lists.pages import OPEN_FIRST, OPEN_LATE_MINE_ALL
from foundation.records.bulk import BulkAssign, RecordBulkPage
from foundation.ui.columns import Column
from foundation.ui.components import Badge, Due, When
from foundation.ui.structure import Action, EmptyState


class EvidenceCells(OfAuditCells):
    """The cells of requests."""

    def cell_state(self, row: EvidenceListing | EvidenceRequest) -> Badge:
        """Name the state."""
        return evidence_badge(row.state)


class EvidenceList(EvidenceCells, OfAuditList):
    """All requests for evidence that the reader may know of: who is asked finds the own ones alone."""

    listing = EvidenceListing
    assign_page, move_page = "audits:evidence-assign", "audits:evidence-move"
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

    def get_subtitle(self) -> str:
        """Return what the list holds."""
        return _("What auditors need to see, from whom and until when")

    def get_empty_state(self) -> EmptyState:
        """Say where requests come from."""
        if not self.may_change_many:
            text = _("What auditors need from you will stand here, and comes to you by e-mail.")
            return EmptyState(_("Nobody asks you for evidence"), text, "report-search")
        text = _("Evidence is asked for from an audit's page or its checklist, from the preparation on.")
        actions = [Action(_("Audits"), reverse("audits:audit-list"), icon="clipboard-check")]
        return EmptyState(_("No evidence requests yet"), text, "report-search", actions)

    def cell_answered_at(self, row: EvidenceListing) -> Any:
        """Show when it was answered last."""
        return When(row.answered_at, self.now) if row.answered_at else ""


class EvidenceBulkPage(EvidenceCells, RecordBulkPage):
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

    def cell_due_on(self, row: EvidenceRequest) -> Due | None:
        """Show when it is due, while it waits for an answer."""
        return Due(row.due_on, self.now) if row.state in WAITING_EVIDENCE_STATES else None


class EvidenceAssign(BulkAssign, EvidenceBulkPage):
    """Asks another person instead."""

    title = lazy("Ask somebody else")

    def change_refusal(self, row: EvidenceRequest) -> str | None:
        """Return what keeps a request from being changed at all."""
        return evidence_change_refusal(row)

    def change_record(self, row: EvidenceRequest, changes: dict[str, Any], **given: Any) -> None:
        """Ask who is chosen."""
        evidence_change(request=row, changes=changes, **given)


class EvidenceMove(BulkDateMove, EvidenceBulkPage):
    """Moves the days on which evidence is due, as the calendar does."""

    title = lazy("Move the dates of evidence requests")
    date_kind = DUE

    def date_of(self, row: EvidenceRequest) -> date:
        """Return the day on which it is due."""
        return row.due_on
