"""Imports people from a file, whole or not at all."""

from argparse import ArgumentParser
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.accounts.models import User
from foundation.enrolment.columns import LIMITS
from foundation.enrolment.preview import people_preview
from foundation.enrolment.services import people_import
from foundation.records.imports.commands import ImportCommand
from foundation.records.imports.preview import Preview


class Command(ImportCommand):
    """`./portal manage import_people FILE [--dry-run] [--json] [--invite] [--actor EMAIL] [--sheet NAME]`"""

    help = "Import people from CSV or XLSX: every row, or none. --dry-run only says what would be done."
    limits = LIMITS
    actor_right = "people.manage"
    no_actor = gettext_lazy(
        "There is no administrator in whose name to import. Set the organisation up first, or name --actor."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--invite", action="store_true", help="send new people the link to choose a password"
        )

    def preview(self, *, content: bytes, actor: User, now: datetime, sheet: str) -> Preview[Any]:
        """Return what an import would do."""
        return people_preview(content=content, actor=actor, now=now, sheet=sheet)

    def row_report(self, row: Any) -> dict[str, Any]:
        """Name the person."""
        return {"email": row.values.get("email", ""), "name": row.values.get("full_name", "")}

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
        outcome = people_import(
            content=content,
            file_name=file_name,
            actor=actor,
            now=now,
            sheet=sheet,
            invite=options["invite"],
        )
        return {name: list(v) if isinstance(v, tuple) else v for name, v in asdict(outcome).items()}

    def say_done(self, report: dict[str, Any]) -> str:
        """Say how many people came and were changed."""
        return _("%(created)s people created, %(updated)s changed, %(unchanged)s unchanged.") % {
            "created": len(report["created"]),
            "updated": len(report["updated"]),
            "unchanged": report["unchanged"],
        }

    def say_row(self, row: dict[str, Any]) -> str:
        """Name the person."""
        return f"{row['email']:<36} {row['name']}"

    def say_plan(self, report: dict[str, Any]) -> str:
        """Say how many would come and be changed."""
        return (
            _(
                "%(rows)s rows: %(create)s to create, %(update)s to change, %(unchanged)s unchanged. Nothing written."
            )
            % report
        )
