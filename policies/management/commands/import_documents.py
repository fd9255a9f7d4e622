"""Imports a set of documents from a ZIP, whole or not at all."""

from typing import Any

from django.utils.translation import gettext_lazy

from foundation.records.imports.commands import ImportCommand
from policies.imports import DOCUMENT_IMPORT


class Command(ImportCommand):
    """`./portal manage import_documents FILE [--dry-run] [--json] [--actor EMAIL]`"""

    help = (
        "Import documents from a ZIP of Markdown, DOCX and PDF with a manifest.csv: every row, or none, as drafts."
        " --dry-run only says what would be done."
    )
    kind = DOCUMENT_IMPORT
    actor_right = "policies.write"
    no_actor = gettext_lazy(
        "There is nobody in whose name to import. Set the organisation up first, or name --actor."
    )
    done_text = gettext_lazy("%(created)s documents begun as drafts, %(unchanged)s unchanged.")
    plan_text = gettext_lazy("%(rows)s rows: %(create)s to begin, %(unchanged)s unchanged. Nothing written.")

    def row_report(self, row: Any) -> dict[str, Any]:
        """Name the document and its file."""
        reference = row.document.reference if row.document else None
        values = row.values
        return {"reference": reference, "title": values.get("title", ""), "file": values.get("file", "")}

    def say_row(self, row: dict[str, Any]) -> str:
        """Name the document and its file."""
        return f"{row['reference'] or '–':<10} {row['title']} ({row['file']})"
