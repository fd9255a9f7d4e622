"""The list of documents, and its file."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from foundation.lists.pages import OPEN_FIRST
from foundation.records.pages import RecordList
from foundation.ui.columns import Column
from foundation.ui.components import Due, When
from foundation.ui.structure import Action, EmptyState
from policies.filters import DocumentFilters
from policies.models import Document
from policies.parts import document_badge
from policies.permissions import WRITE
from policies.selectors import documents_visible


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
    )
    default_sort = "title"
    file_name = "documents"
    trail_action = "policies.list.exported"

    def get_rows(self) -> "QuerySet[Document]":
        """Return the documents, with the versions that are named."""
        return documents_visible(self.request.user)

    def get_subtitle(self) -> str:
        """Return what the list holds."""
        return _("What holds in the organisation, who approved it, and what is being written")

    def get_actions(self) -> Sequence[Action]:
        """Offer what the reader may do."""
        if not self.request.access.has_anywhere(WRITE):  # type: ignore[attr-defined]
            return ()
        return (
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
