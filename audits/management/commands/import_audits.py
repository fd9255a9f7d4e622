"""Imports a programme of audits from a file, whole or not at all."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audits.imports import Preview, audits_import, audits_preview
from audits.imports.columns import LIMITS
from foundation.accounts.models import User
from foundation.records.imports.commands import ImportCommand


class Command(ImportCommand):
    """`./portal manage import_audits FILE [--dry-run] [--json] [--actor EMAIL] [--sheet NAME]`"""

    help = "Import a programme of audits from CSV or XLSX: every row, or none. --dry-run only says what would be done."
    limits = LIMITS
    actor_right = "programmes.approve"
    no_actor = gettext_lazy(
        "There is no CISO in whose name to import. Set the organisation up first, or name --actor."
    )

    def preview(self, *, content: bytes, actor: User, now: datetime, sheet: str) -> Preview[Any]:
        """Return what an import would do."""
        return audits_preview(content=content, actor=actor, now=now, sheet=sheet)

    def row_report(self, row: Any) -> dict[str, Any]:
        """Name the audit."""
        reference = row.audit.reference if row.audit else None
        return {"reference": reference, "title": row.values.get("title", "")}

    def run_import(
        self,
        *,
        content: bytes,
        file_name: str,
        actor: User,
        now: datetime,
        sheet: str,
        options: dict[str, Any],
    ) -> dict[str, Any]:
        """Import."""
        outcome = audits_import(content=content, file_name=file_name, actor=actor, now=now, sheet=sheet)
        return {name: list(v) if isinstance(v, tuple) else v for name, v in asdict(outcome).items()}

    def say_done(self, report: dict[str, Any]) -> str:
        """Say how many audits were planned and changed."""
        return _("%(created)s audits planned, %(updated)s changed, %(unchanged)s unchanged.") % {
            "created": len(report["created"]),
            "updated": len(report["updated"]),
            "unchanged": report["unchanged"],
        }

    def say_row(self, row: dict[str, Any]) -> str:
        """Name the audit."""
        return f"{row['reference'] or '–':<10} {row['title']}"

    def say_plan(self, report: dict[str, Any]) -> str:
        """Say how many would be planned and changed."""
        return (
            _(
                "%(rows)s rows: %(create)s to plan, %(update)s to change, %(unchanged)s unchanged. Nothing written."
            )
            % report
        )
