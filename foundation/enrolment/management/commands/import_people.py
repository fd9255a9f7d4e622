"""Imports people from a file, whole or not at all."""

from argparse import ArgumentParser
from typing import Any

from django.utils.translation import gettext_lazy

from foundation.enrolment.services import PEOPLE_IMPORT
from foundation.records.imports.commands import ImportCommand


class Command(ImportCommand):
    """`./portal manage import_people FILE [--dry-run] [--json] [--invite] [--actor EMAIL] [--sheet NAME]`"""

    help = "Import people from CSV or XLSX: every row, or none. --dry-run only says what would be done."
    kind = PEOPLE_IMPORT
    actor_right = "people.manage"
    no_actor = gettext_lazy(
        "There is no administrator in whose name to import. Set the organisation up first, or name --actor."
    )
    done_text = gettext_lazy("%(created)s people created, %(updated)s changed, %(unchanged)s unchanged.")
    plan_text = gettext_lazy(
        "%(rows)s rows: %(create)s to create, %(update)s to change, %(unchanged)s unchanged. Nothing written."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--invite", action="store_true", help="send new people the link to choose a password"
        )

    def import_options(self, options: dict[str, Any]) -> dict[str, Any]:
        """Return whether new people are invited."""
        return {"invite": options["invite"]}

    def row_report(self, row: Any) -> dict[str, Any]:
        """Name the person."""
        return {"email": row.values.get("email", ""), "name": row.values.get("full_name", "")}

    def say_row(self, row: dict[str, Any]) -> str:
        """Name the person."""
        return f"{row['email']:<36} {row['name']}"
