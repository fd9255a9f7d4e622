"""The pages of the import: what they are called, and how documents are shown on them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from foundation.accounts.models import User
from foundation.records.imports import tables
from foundation.records.imports.forms import TableForm
from foundation.records.imports.parts import action_badge, outcome_badge, told
from foundation.records.imports.preview import RowAction
from foundation.records.imports.views import ImportPages
from foundation.ui.columns import Column
from foundation.ui.components import Listing, Person, Reference
from foundation.ui.structure import Action
from policies.choices import DocumentType
from policies.imports.columns import LIMITS, MOST_DOCUMENTS
from policies.imports.preview import DocumentRow
from policies.imports.services import DOCUMENT_IMPORT, manifest_of
from policies.models import Document

PREVIEW_COLUMNS = (
    Column("number", gettext_lazy("Row"), at_end=True),
    Column("action", gettext_lazy("What happens")),
    Column("title", gettext_lazy("Document"), is_title=True),
    Column("file", gettext_lazy("File")),
    Column("type", gettext_lazy("Kind")),
    Column("unit", gettext_lazy("Business unit")),
    Column("owner", gettext_lazy("Owner")),
    Column("history", gettext_lazy("History")),
)
RESULT_COLUMNS = (
    Column("reference", gettext_lazy("Reference")),
    Column("title", gettext_lazy("Document"), is_title=True),
    Column("action", gettext_lazy("What happened")),
    Column("type", gettext_lazy("Kind")),
    Column("unit", gettext_lazy("Business unit")),
    Column("owner", gettext_lazy("Owner")),
)


class PackageForm(TableForm):
    """Takes a ZIP with a manifest."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["sheet"]
        self.fields["file"].label = _("ZIP")
        self.fields["file"].help_text = _(
            "A folder with manifest.csv and the documents that it names (.md, .docx, .pdf), zipped: at most %(size)d MB and "
            "%(most)d documents. Nothing is written before you have seen what would be."
        ) % {"size": LIMITS.file_bytes // (1024 * 1024), "most": MOST_DOCUMENTS}
        self.fields["file"].widget.attrs["accept"] = ".zip"

    def read(self, content: bytes, sheet: str) -> tables.Table:
        """Return the rows of the manifest."""
        return manifest_of(content)[1]


class DocumentImportPages(ImportPages[DocumentRow]):
    """`/policies/import/`"""

    kind = DOCUMENT_IMPORT
    form_class = PackageForm
    subtitle = gettext_lazy(
        "Bring the documents that there are: zip a folder of them with a manifest whose columns are listed below. "
        "Each becomes a draft, ready to be submitted for approval."
    )
    namespace = "policies"
    title = gettext_lazy("Import documents")
    things = gettext_lazy("Policies")
    list_url = "policies:document-list"
    to_list = gettext_lazy("Go to the documents")
    template_name = "manifest"
    preview_columns = PREVIEW_COLUMNS
    result_title = gettext_lazy("Imported documents")
    result_columns = RESULT_COLUMNS

    def preview_cells(self, row: DocumentRow, now: datetime) -> tuple[Any, ...]:
        """Return the document that the row begins, or that is there already."""
        values = row.values
        type_, owner, title = values.get("type"), values.get("owner"), values.get("title", "")
        if row.document:
            reference = Reference(row.document.reference, row.document.get_absolute_url())
            title = Listing((title, reference), " ")
        return (
            row.number,
            action_badge(row.action),
            told(row, title),
            values.get("file"),
            DocumentType(type_).label if type_ else None,
            values.get("unit"),
            Person(owner.full_name) if owner else None,
            row.history(),
        )

    def result_rows(
        self, names: Sequence[str], *, created: set[str], reader: User, now: datetime
    ) -> list[tuple[Any, ...]]:
        """Return the documents that were begun."""
        documents = Document.objects.visible_to(reader).filter(reference__in=names)
        return [
            (
                Reference(document.reference, document.get_absolute_url()),
                document.title,
                outcome_badge(is_new=document.reference in created),
                DocumentType(document.type).label,
                document.unit,
                Person(document.owner.full_name),
            )
            for document in documents.select_related("unit", "owner").order_by("pk")
        ]

    def confirm_actions(self, counts: Mapping[RowAction, int], url: str) -> list[Action]:
        """Return the button, which says how many documents it begins."""
        create = counts[RowAction.CREATE]
        text = ngettext("Import %(count)d document", "Import %(count)d documents", create) % {"count": create}
        return [Action(text, url, icon="upload", primary=True, posts=True)]
