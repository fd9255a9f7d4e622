"""Imports a programme of audits from a file, whole or not at all."""

from typing import Any

from django.utils.translation import gettext_lazy

from audits.imports import AUDIT_IMPORT
from foundation.records.imports.commands import ImportCommand


class Command(ImportCommand):
    """`./portal manage import_audits FILE [--dry-run] [--json] [--actor EMAIL] [--sheet NAME]`"""

    help = "Import a programme of audits from CSV or XLSX: every row, or none. --dry-run only says what would be done."
    kind = AUDIT_IMPORT
    actor_right = "programmes.approve"
    no_actor = gettext_lazy(
        "There is no CISO in whose name to import. Set the organisation up first, or name --actor."
    )
    done_text = gettext_lazy("%(created)s audits planned, %(updated)s changed, %(unchanged)s unchanged.")
    plan_text = gettext_lazy(
        "%(rows)s rows: %(create)s to plan, %(update)s to change, %(unchanged)s unchanged. Nothing written."
    )

    def row_report(self, row: Any) -> dict[str, Any]:
        """Name the audit."""
        reference = row.audit.reference if row.audit else None
        return {"reference": reference, "title": row.values.get("title", "")}

    def say_row(self, row: dict[str, Any]) -> str:
        """Name the audit."""
        return f"{row['reference'] or '–':<10} {row['title']}"
