"""The list of documents, and its file."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from foundation.accounts.organisation import organisation_day
from foundation.approvals.drawing import speaker
from foundation.lists.pages import OPEN_FIRST
from foundation.records.pages import LongRecordList
from foundation.ui.columns import Column
from foundation.ui.components import Due, When
from foundation.ui.structure import Action, EmptyState
from policies.filters import DocumentFilters
from policies.models import DocumentListing
from policies.parts import document_badge
from policies.permissions import WRITE
from policies.selectors import approvals_read, audience_words, unit_names

# The columns that are read from the version in force.
OF_VERSIONS = ("audience", "approvers", "approved", "cadence_months", "file", "digest")


class DocumentList(LongRecordList):
    """All documents that the reader may know of."""

    listing = DocumentListing
    title = lazy("Policies")
    rows_label = lazy("Documents")
    filterset_class = DocumentFilters
    default_filters = OPEN_FIRST
    columns = (
        Column("reference", lazy("Reference"), order=("pk",)),
        Column("title", lazy("Title"), order=("title",), is_title=True),
        Column("type", lazy("Type"), order=("type",)),
        Column("version", lazy("In force")),
        Column("since", lazy("Since"), order=("since",)),
        Column("state", lazy("State")),
        Column("review", lazy("Review"), order=("review_on",)),
        Column("unit", lazy("Business unit")),
        Column("owner", lazy("Owner")),
        Column("coming", lazy("Next version"), is_extra=True),
        Column("confidentiality", lazy("Confidentiality"), is_extra=True),
        Column("audience", lazy("Audience"), is_extra=True),
        Column("approvers", lazy("Approved by"), is_extra=True),
        Column("approved", lazy("Approved on"), is_extra=True),
        Column("cadence_months", lazy("Reviewed every (months)"), is_extra=True),
        Column("overdue", lazy("Review overdue"), exports_only=True),
        Column("file", lazy("File"), exports_only=True),
        Column("digest", lazy("SHA-256 of what was approved"), exports_only=True),
    )
    default_sort = "title"
    file_name = "documents"
    trail_action = "policies.list.exported"
    units: Mapping[int, str] = MappingProxyType({})

    def get_rows(self) -> Any:
        """Return the narrow rows, with the versions in force where a column says more of them."""
        rows = super().get_rows()
        if not any(self.holds(name) for name in OF_VERSIONS):
            return rows
        return rows.select_related("document__current__file").defer("document__current__body")

    def get_subtitle(self) -> str:
        """Return what the list holds."""
        return _("What holds in the organisation, who approved it, and what is being written")

    def get_actions(self) -> Sequence[Action]:
        """Offer what the reader may do."""
        if not self.request.access.has_anywhere(WRITE):  # type: ignore[attr-defined]
            return ()
        return (
            Action(_("Import"), reverse("policies:import"), icon="upload"),
            Action(_("Write a document"), reverse("policies:document-create"), icon="plus", primary=True),
        )

    def get_empty_state(self) -> EmptyState:
        """Say what to do first, to those who may."""
        return EmptyState(
            _("No documents yet"),
            _("Ten policies, an incident response plan and a playbook are there to start from."),
            "file-text",
            self.get_actions(),
        )

    def prepare_rows(self, rows: list[DocumentListing]) -> list[DocumentListing]:
        """Read for all rows at once who approved what is in force, and whom it is for; nothing where no column says so."""
        if self.holds("approvers") or self.holds("approved"):
            approvals_read([row.document for row in rows])
        if self.holds("audience") and any(
            row.document.current and row.document.current.audience for row in rows
        ):
            self.units = unit_names()
        return rows

    def cell_audience(self, row: DocumentListing) -> str:
        """Say whom the version in force is for."""
        return audience_words(row.document.current, self.units) if row.document.current else ""

    def cell_approvers(self, row: Any) -> str:
        """Name who approved the version in force, and in whose place."""
        return ", ".join(speaker(one.decided_by, one.on_behalf_of) for one in row.document.approved_by)

    def cell_approved(self, row: Any) -> When:
        """Show when the last of them did."""
        return When(max((one.decided_at for one in row.document.approved_by), default=None), self.now)

    def cell_cadence_months(self, row: DocumentListing) -> int:
        """Show how often it is looked at."""
        return row.document.cadence_months

    def export_overdue(self, row: DocumentListing) -> str:
        """Say whether the review is late."""
        is_late = row.review_on is not None and row.review_on < organisation_day(self.now)
        return _("yes") if is_late else _("no")

    def export_file(self, row: DocumentListing) -> str:
        """Name the file that holds, where a file does."""
        return row.document.current.file.name if row.document.current and row.document.current.file else ""

    def export_digest(self, row: DocumentListing) -> str:
        """Return the digest of what was approved."""
        return row.document.current.digest if row.document.current else ""

    def cell_type(self, row: DocumentListing) -> str:
        """Name the type."""
        return row.get_type_display()

    def cell_version(self, row: DocumentListing) -> str | None:
        """Name the version in force."""
        return row.label or None

    def cell_since(self, row: DocumentListing) -> When:
        """Show since which day it is in force."""
        return When(organisation_day(row.since) if row.since else None, self.now)

    def export_since(self, row: DocumentListing) -> datetime | None:
        """Return the instant since which it is in force."""
        return row.since

    def cell_review(self, row: DocumentListing) -> Due:
        """Show when the next review is due."""
        return Due(row.review_on, self.now)

    def export_review(self, row: DocumentListing) -> Any:
        """Return the day."""
        return row.review_on

    def cell_state(self, row: DocumentListing) -> Any:
        """Name the state."""
        return document_badge(row.state)

    def cell_coming(self, row: DocumentListing) -> str:
        """Name the version that comes."""
        return row.coming
