"""Imports a catalogue of requirements from a file, whole or not at all."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from compliance.catalogues import CatalogueError
from compliance.imports import NEW, ImportPlan, TableProblems, plan_import, read_brought
from compliance.models import Framework
from compliance.oscal import MOST_BYTES
from compliance.permissions import MANAGE
from compliance.services import EditionRefused, FrameworkRefused
from foundation import clock
from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_zone
from foundation.records.imports.commands import EXIT_REFUSED, EXIT_USAGE, content_of_path, importing_person
from foundation.records.imports.tables import Limits, TableRefused

NO_ACTOR = gettext_lazy(
    "There is nobody in whose name to import. Set the organisation up first, or name --actor."
)
CHANGES = {
    "added": gettext_lazy("Added"),
    "changed": gettext_lazy("Changed"),
    "moved": gettext_lazy("Moved"),
    "withdrawn": gettext_lazy("Withdrawn"),
    "reinstated": gettext_lazy("Required again"),
}
COUNTS = gettext_lazy(
    "%(groups)d groups, %(controls)d controls, %(enhancements)d enhancements, %(parameters)d parameters;"
    " %(withdrawn)d of them withdrawn."
)


class Command(BaseCommand):
    """`./portal manage import_catalogue FILE [--dry-run] [--json]`

    Exits with 0 when the catalogue was accepted (or, dry, could be, or is there already), 1 when it was refused, 2 when the command was
    asked wrongly. Errors go to standard error, and say where in the file they are.
    """

    help = (
        "Import a catalogue of requirements (OSCAL in JSON; CSV or XLSX with --name and --edition) as the current edition"
        " of its framework. --dry-run only says what it would add, change and withdraw."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file", help="an OSCAL catalogue in JSON, or a CSV or XLSX file; - reads standard input"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would be done; write nothing")
        parser.add_argument("--json", action="store_true", help="print one JSON object instead of text")
        parser.add_argument("--actor", metavar="EMAIL", help="who imports")
        parser.add_argument(
            "--framework",
            default="",
            metavar="FRM-0001",
            help=f"whose edition it is; `{NEW}`: a new framework's. Without it, the file's own identity tells",
        )
        parser.add_argument("--name", default="", help="the framework's name: of a new one, or of a table")
        parser.add_argument("--edition", default="", metavar="VERSION", help="of a table: its version")
        parser.add_argument("--publisher", default="", help="of a table: who publishes the standard")
        parser.add_argument("--sheet", default="", help="the sheet of a workbook; without it, the first")

    def handle(self, *args: Any, **options: Any) -> None:
        now = clock.now()
        with timezone.override(organisation_zone()), translation.override("en"):
            actor = importing_person(options["actor"], right=MANAGE, nobody=NO_ACTOR)
            report: dict[str, Any] = {
                "file": options["file"],
                "dry_run": options["dry_run"],
                "imported": False,
            }
            try:
                plan = self._plan(actor, options)
                report |= plan.report()
                if plan.refusal:
                    report["error"] = plan.refusal
                elif plan.same is not None:
                    report["already_imported"] = True
                elif not options["dry_run"]:
                    edition = plan.accept(actor=actor, now=now)
                    report |= {"imported": True, "framework": edition.framework.reference}
            except TableProblems as refused:
                report |= {"error": str(refused), "problems": refused.lines}
            except CatalogueError as refused:
                report |= {"error": str(refused), "where": refused.where}
            except (EditionRefused, FrameworkRefused, TableRefused) as refused:
                report["error"] = str(refused)
            self._say(report, as_json=options["json"])
        if "error" in report:
            sys.exit(EXIT_REFUSED)

    def _plan(self, actor: User, options: dict[str, Any]) -> ImportPlan:
        chosen, title = options["framework"].strip(), options["name"]
        if chosen and chosen != NEW:
            framework = Framework.objects.visible_to(actor).filter(reference=chosen.upper()).first()
            if framework is None:
                message = _("There is no framework %(reference)s.") % {"reference": chosen}
                raise CommandError(message, returncode=EXIT_USAGE)
            chosen, title = framework.reference, framework.title
        brought = read_brought(
            content_of_path(options["file"], Limits(file_bytes=MOST_BYTES)),
            file_name=Path(options["file"]).name,
            title=title,
            label=options["edition"],
            publisher=options["publisher"],
            sheet=options["sheet"],
        )
        return plan_import(brought, actor=actor, chosen=chosen, name=options["name"])

    def _say(self, report: dict[str, Any], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(report, ensure_ascii=False, indent=2))
            return
        if "error" in report:
            for line in report.get("problems", ()):
                self.stderr.write(line)
            self.stderr.write(report["error"])
            return
        self._say_plan(report)
        if report["imported"] and report["makes_current_again"]:
            self.stdout.write(
                _("Version %(makes_current_again)s is the current one of %(framework)s again.") % report
            )
        elif report["imported"]:
            self.stdout.write(_("Accepted as the current version of %(framework)s.") % report)
        elif report.get("already_imported"):
            self.stdout.write(_("This is there already, and the same. Nothing to import."))
        else:
            self.stdout.write(_("Nothing written."))

    def _say_plan(self, report: dict[str, Any]) -> None:
        name = f"{report['framework'] or _('New framework')} {report['title']}"
        before = f" ({_('so far')} {report['current_version']})" if report["current_version"] else ""
        self.stdout.write(f"{name}, {report['version']}{before}")
        self.stdout.write(str(COUNTS) % report["counts"])
        for note in report["notes"]:
            self.stdout.write(_("Note: %(note)s") % {"note": note})
        for one in report["left_out"]:
            self.stdout.write(
                _("Left out: %(what)s, %(count)d times, at %(places)s")
                % {**one, "places": ", ".join(one["places"])}
            )
        for change, label in CHANGES.items():
            lines = report[change]
            self.stdout.write(f"{label}: {len(lines)}")
            if change == "added" and not report["current_version"]:
                continue  # all of them are
            for line in lines:
                self.stdout.write(f"  {line['id']}  {line['title']}")
