"""The list of documents, and its file."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from foundation.accounts.organisation import organisation_day
from foundation.approvals.drawing import speaker
from foundation.lists.pages import OPEN_FIRST
from foundation.records.pages import RecordList
from foundation.ui.columns import Column
from foundation.ui.components import Due, When
from foundation.ui.structure import Action, EmptyState
from policies.filters import DocumentFilters
from policies.models import Document
from policies.parts import document_badge
from policies.permissions import WRITE
from policies.selectors import approvals_read, audience_words, documents_visible, unit_names


class DocumentList(RecordList):
    """All documents that the reader may know of."""

    title = lazy("Policies")
    rows_label = lazy("Documents")
    filterset_class = DocumentFilters
    default_filters = OPEN_FIRST
    columns = (
        Column("reference", lazy("Reference"), order=("pk",)),
        Column("title", lazy("Title"), order=("title",), is_title=True),
        Column("type", lazy("Type"), order=("type",)),
        Column("version", lazy("In force")),
        Column("since", lazy("Since"), order=("current__published_at",)),
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

    def get_rows(self) -> "QuerySet[Document]":
        """Return the documents, with the versions that are named."""
        rows = documents_visible(self.request.user)
        return rows.select_related("current__file") if self.request.GET.get("export") else rows

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

    def prepare_rows(self, rows: list[Document]) -> list[Document]:
        """Read for all rows at once who approved what is in force, and whom it is for; nothing where no column says so."""
        if self.holds("approvers") or self.holds("approved"):
            approvals_read(rows)
        if self.holds("audience") and any(row.current and row.current.audience for row in rows):
            self.units = unit_names()
        return rows

    def cell_audience(self, row: Document) -> str:
        """Say whom the version in force is for."""
        return audience_words(row.current, self.units) if row.current else ""

    def cell_approvers(self, row: Any) -> str:
        """Name who approved the version in force, and in whose place."""
        return ", ".join(speaker(one.decided_by, one.on_behalf_of) for one in row.approved_by)

    def cell_approved(self, row: Any) -> When:
        """Show when the last of them did."""
        return When(max((one.decided_at for one in row.approved_by), default=None), self.now)

    def export_overdue(self, row: Document) -> str:
        """Say whether the review is late."""
        is_late = row.review_on is not None and row.review_on < organisation_day(self.now)
        return _("yes") if is_late else _("no")

    def export_file(self, row: Document) -> str:
        """Name the file that holds, where a file does."""
        return row.current.file.name if row.current and row.current.file else ""

    def export_digest(self, row: Document) -> str:
        """Return the digest of what was approved."""
        return row.current.digest if row.current else ""

    def cell_type(self, row: Document) -> str:
        """Name the type."""
        return row.get_type_display()

    def cell_version(self, row: Document) -> str:
        """Name the version in force."""
        return row.current.label if row.current else "–"

    def cell_since(self, row: Document) -> When:
        """Show since when it is in force."""
        return When(row.current.published_at if row.current else None, self.now)

    def cell_review(self, row: Document) -> Due:
        """Show when the next review is due."""
        return Due(row.review_on, self.now)

    def export_review(self, row: Document) -> Any:
        """Return the day."""
        return row.review_on

    def cell_state(self, row: Document) -> Any:
        """Name the state."""
        return document_badge(row.state)

    def cell_coming(self, row: Any) -> str:
        """Name the version that comes."""
        return row.coming[0].label if row.coming else ""
