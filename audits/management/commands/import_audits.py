"""Imports a programme of audits from a file, whole or not at all."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audits.imports import RowAction, RowsRefused, audits_import, audits_preview
from audits.imports.columns import LIMITS
from audits.imports.preview import RowPlan
from foundation import clock
from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_zone
from foundation.accounts.selectors import people_with_right
from foundation.records.imports import TableRefused
from foundation.records.imports.reading import content_of

SHOWN_PROBLEMS = 200
EXIT_REFUSED = 1
EXIT_USAGE = 2


class Command(BaseCommand):
    """`./portal manage import_audits FILE [--dry-run] [--json]`

    Exits with 0 when the file was imported (or, dry, could be), 1 when it was refused, 2 when it was asked wrongly.
    """

    help = "Import a programme of audits from CSV or XLSX: every row, or none. --dry-run only says what would be done."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="a CSV or XLSX file; - reads standard input")
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would be done with each row; write nothing"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object instead of text")
        parser.add_argument("--actor", metavar="EMAIL", help="who imports; without it, the first CISO")
        parser.add_argument("--sheet", default="", help="the sheet of a workbook; without it, the first")

    def handle(self, *args: Any, **options: Any) -> None:
        now = clock.now()
        with timezone.override(organisation_zone()), translation.override("en"):
            actor = _actor(options["actor"])
            report: dict[str, Any] = {
                "file": options["file"],
                "dry_run": options["dry_run"],
                "imported": False,
            }
            run = _try if options["dry_run"] else _import
            try:
                content = content_of_path(options["file"])
                report |= run(
                    content=content, name=options["file"], actor=actor, now=now, sheet=options["sheet"]
                )
            except TableRefused as refused:
                report["error"] = str(refused)
            except RowsRefused as refused:
                report |= _rows_report(refused.preview.rows)
                report["problems"] = [asdict(problem) for problem in refused.preview.problems]
            self._say(report, as_json=options["json"])
        if "error" in report or "problems" in report:
            sys.exit(EXIT_REFUSED)

    def _say(self, report: dict[str, Any], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(report, ensure_ascii=False, indent=2))
            return
        if "error" in report:
            self.stderr.write(report["error"])
        elif "problems" in report:
            self._say_problems(report["problems"], report["rows"])
        elif report["imported"]:
            self.stdout.write(
                _("%(created)s audits planned, %(updated)s changed, %(unchanged)s unchanged.")
                % {
                    "created": len(report["created"]),
                    "updated": len(report["updated"]),
                    "unchanged": report["unchanged"],
                }
            )
        else:
            for row in report["plan"]:
                self.stdout.write(
                    f"{row['row']:>6}  {row['action']:<10} {row['reference'] or '–':<10} {row['title']}"
                )
            self.stdout.write(
                _(
                    "%(rows)s rows: %(create)s to plan, %(update)s to change, %(unchanged)s unchanged. Nothing written."
                )
                % report
            )

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


def content_of_path(name: str) -> bytes:
    """Return a file's bytes, or those of standard input for `-`; a file that is too large is not read to its end."""
    if name == "-":
        return content_of(sys.stdin.buffer, LIMITS)
    try:
        with Path(name).open("rb") as file:
            return content_of(file, LIMITS)
    except OSError as error:
        message = _("%(file)s can't be read: %(reason)s.") % {"file": name, "reason": error.strerror}
        raise CommandError(message, returncode=EXIT_USAGE) from error


def _actor(email: str | None) -> User:
    if email:
        actor = User.objects.filter(email__iexact=email, is_active=True).first()
        if actor is None:
            raise CommandError(
                _("Nobody with the address %(email)s has an open account.") % {"email": email},
                returncode=EXIT_USAGE,
            )
        return actor
    actor = people_with_right(right="programmes.approve", unit=None, on=timezone.localdate()).first()
    if actor is None:
        raise CommandError(
            _("There is no CISO in whose name to import. Set the organisation up first, or name --actor."),
            returncode=EXIT_USAGE,
        )
    return actor


def _try(*, content: bytes, name: str, actor: User, now: datetime, sheet: str) -> dict[str, Any]:
    """Return what an import would do; raise RowsRefused as it would."""
    preview = audits_preview(content=content, actor=actor, now=now, sheet=sheet)
    if preview.problems:
        raise RowsRefused(preview)
    return _rows_report(preview.rows)


def _import(*, content: bytes, name: str, actor: User, now: datetime, sheet: str) -> dict[str, Any]:
    outcome = audits_import(content=content, file_name=Path(name).name, actor=actor, now=now, sheet=sheet)
    return {
        "imported": True,
        "rows": len(outcome.created) + len(outcome.updated) + outcome.unchanged,
        "created": list(outcome.created),
        "updated": list(outcome.updated),
        "unchanged": outcome.unchanged,
    }


def _rows_report(rows: Iterable[RowPlan]) -> dict[str, Any]:
    rows = list(rows)
    return {
        "rows": len(rows),
        **{action.value: sum(row.action == action for row in rows) for action in RowAction},
        "plan": [
            {
                "row": row.number,
                "action": row.action.value,
                "reference": row.audit.reference if row.audit else None,
                "title": row.values.get("title", ""),
            }
            for row in rows
        ],
    }
