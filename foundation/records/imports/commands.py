"""What the commands that import a table have in common."""

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation import clock
from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_zone
from foundation.accounts.selectors import people_with_right
from foundation.records.imports.kinds import TableImport
from foundation.records.imports.preview import Preview, RowAction, RowsRefused
from foundation.records.imports.reading import content_of
from foundation.records.imports.tables import Limits, TableRefused
from foundation.ui.components import Text

SHOWN_PROBLEMS = 200
EXIT_REFUSED = 1
EXIT_USAGE = 2


class ImportCommand(BaseCommand):
    """`FILE [--dry-run] [--json] [--actor EMAIL] [--sheet NAME]`: imports every row of a file, or none.

    Exits with 0 when the file was imported (or, dry, could be), 1 when it was refused, 2 when it was asked wrongly.
    Without --actor, the first person who holds `actor_right` for the whole organisation imports.
    """

    kind: ClassVar[TableImport[Any]]
    actor_right: ClassVar[str]
    no_actor: ClassVar[Text]
    done_text: ClassVar[Text]
    plan_text: ClassVar[Text]

    def row_report(self, row: Any) -> dict[str, Any]:
        """Return what is said of a row, besides its number and what is done with it."""
        raise NotImplementedError

    def say_row(self, row: dict[str, Any]) -> str:
        """Return the line of a row in a dry run."""
        raise NotImplementedError

    def import_options(self, options: dict[str, Any]) -> dict[str, Any]:
        """Return what the command's further options ask of the import, by the names that `TableImport.write` gives them."""
        return {}

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="a CSV or XLSX file; - reads standard input")
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would be done with each row; write nothing"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object instead of text")
        parser.add_argument("--actor", metavar="EMAIL", help="who imports")
        parser.add_argument("--sheet", default="", help="the sheet of a workbook; without it, the first")

    def handle(self, *args: Any, **options: Any) -> None:
        now = clock.now()
        with timezone.override(organisation_zone()), translation.override("en"):
            actor = importing_person(options["actor"], right=self.actor_right, nobody=self.no_actor)
            report: dict[str, Any] = {
                "file": options["file"],
                "dry_run": options["dry_run"],
                "imported": False,
            }
            try:
                content = content_of_path(options["file"], self.kind.limits)
                report |= self._run(content, actor, now, options)
            except TableRefused as refused:
                report["error"] = str(refused)
            except RowsRefused as refused:
                report |= self._rows_report(refused.preview)
                report["problems"] = [asdict(problem) for problem in refused.preview.problems]
            self._say(report, as_json=options["json"])
        if "error" in report or "problems" in report:
            sys.exit(EXIT_REFUSED)

    def _run(self, content: bytes, actor: User, now: datetime, options: dict[str, Any]) -> dict[str, Any]:
        if options["dry_run"]:
            preview = self.kind.preview(content=content, actor=actor, now=now, sheet=options["sheet"])
            if preview.problems:
                raise RowsRefused(preview)
            return self._rows_report(preview)
        outcome = self.kind.run(
            content=content,
            file_name=Path(options["file"]).name,
            actor=actor,
            now=now,
            sheet=options["sheet"],
            **self.import_options(options),
        )
        rows = len(outcome.created) + len(outcome.updated) + outcome.unchanged
        return {"imported": True, "rows": rows, **outcome.lists()}

    def _rows_report(self, preview: Preview[Any]) -> dict[str, Any]:
        return {
            "rows": len(preview.rows),
            **{action.value: preview.counts[action] for action in RowAction},
            "plan": [
                {"row": row.number, "action": row.action.value, **self.row_report(row)}
                for row in preview.rows
            ],
        }

    def _say(self, report: dict[str, Any], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(report, ensure_ascii=False, indent=2))
        elif "error" in report:
            self.stderr.write(report["error"])
        elif "problems" in report:
            self._say_problems(report["problems"], report["rows"])
        elif report["imported"]:
            counts = {name: len(v) if isinstance(v, list) else v for name, v in report.items()}
            self.stdout.write(str(self.done_text) % counts)
        else:
            for row in report["plan"]:
                self.stdout.write(f"{row['row']:>6}  {row['action']:<10} {self.say_row(row)}")
            self.stdout.write(str(self.plan_text) % report)

    def _say_problems(self, problems: list[dict[str, Any]], rows: int) -> None:
        for problem in problems[:SHOWN_PROBLEMS]:
            place = _("Row %(row)s") % problem + (f", {problem['column']}" if problem["column"] else "")
            self.stderr.write(f"{place}: {problem['message']}")
        if len(problems) > SHOWN_PROBLEMS:
            self.stderr.write(
                _("… and %(count)s more; --json lists all.") % {"count": len(problems) - SHOWN_PROBLEMS}
            )
        refused = len({problem["row"] for problem in problems})
        self.stderr.write(
            ngettext(
                "%(refused)s of %(rows)s rows can't be imported, so nothing was.",
                "%(refused)s of %(rows)s rows can't be imported, so nothing was.",
                refused,
            )
            % {"refused": refused, "rows": rows}
        )


def importing_person(email: str | None, *, right: str, nobody: Text) -> User:
    """Return whom a command imports for: who is named by --actor, else the first who holds a right everywhere."""
    if email:
        actor = User.objects.filter(email__iexact=email, is_active=True).first()
        if actor is None:
            raise CommandError(
                _("Nobody with the address %(email)s has an open account.") % {"email": email},
                returncode=EXIT_USAGE,
            )
        return actor
    actor = people_with_right(right=right, unit=None, on=timezone.localdate()).first()
    if actor is None:
        raise CommandError(str(nobody), returncode=EXIT_USAGE)
    return actor


def content_of_path(name: str, limits: Limits) -> bytes:
    """Return a file's bytes, or those of standard input for `-`; a file that is too large is not read to its end."""
    if name == "-":
        return content_of(sys.stdin.buffer, limits)
    try:
        with Path(name).open("rb") as file:
            return content_of(file, limits)
    except OSError as error:
        message = _("%(file)s can't be read: %(reason)s.") % {"file": name, "reason": error.strerror}
        raise CommandError(message, returncode=EXIT_USAGE) from error
