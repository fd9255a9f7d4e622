"""`verify_trail`: proves that nobody edited, removed, inserted or cut off an entry of the trail."""

import json
from argparse import ArgumentParser, ArgumentTypeError
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.trail.checkpoints import checkpoint_file
from foundation.trail.keys import BadKey, public_keys
from foundation.trail.verification import Known, Problem, Tally, verify

SHOWN_AT_MOST = 1000


def expected_digest(text: str) -> tuple[int, str]:
    """Read `POSITION:DIGEST`."""
    position, _colon, digest = text.partition(":")
    if not position.isdecimal() or len(digest) != 64:
        raise ArgumentTypeError("write it as POSITION:DIGEST, the digest in 64 hexadecimal digits.")
    return int(position), digest


class Command(BaseCommand):
    help = (
        "Prove that the trail is as it was sealed. Names each entry that was edited, removed, inserted or cut off, "
        "and then exits with 1."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--checkpoints",
            metavar="FILE",
            type=Path,
            action="append",
            default=[],
            help="A file of checkpoints that was kept elsewhere, compared besides the portal's own; may be repeated.",
        )
        parser.add_argument(
            "--public-key",
            metavar="FILE",
            type=Path,
            action="append",
            default=[],
            help="Trust the keys in these PEM files alone, not those beside the checkpoints; may be repeated.",
        )
        parser.add_argument(
            "--expect",
            metavar="POSITION:DIGEST",
            type=expected_digest,
            action="append",
            default=[],
            help="A digest of the chain that was written down, as the weekly mail gives it; may be repeated.",
        )
        parser.add_argument("--json", action="store_true", help="Print the outcome as JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        own = checkpoint_file()
        files = [*([own] if own.exists() else []), *options["checkpoints"]]
        tally = Tally()
        try:
            known = Known(public_keys(options["public_key"]), tuple(files), tuple(options["expect"]))
            found = verify(known=known, tally=tally)
            shown = self._show(islice(found, SHOWN_AT_MOST), quiet=options["json"])
            more = sum(1 for _problem in found)
        except (BadKey, OSError) as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(self._report(tally, shown, len(shown) + more), indent=2))
        else:
            self._sum_up(tally, len(shown) + more)
        if shown:
            raise SystemExit(1)

    def _show(self, problems: "islice[Problem]", *, quiet: bool) -> list[Problem]:
        shown = []
        for problem in problems:
            shown.append(problem)
            if not quiet:
                self.stdout.write(self.style.ERROR(f"{problem.fault}: {problem.message}"))
        return shown

    def _sum_up(self, tally: Tally, problems: int) -> None:
        self.stdout.write(
            _(
                "%(entries)s sealed entries up to position %(position)s, %(waiting)s waiting for the next seal, "
                "%(checkpoints)s checkpoints compared."
            )
            % {**asdict(tally), "entries": tally.entries}
        )
        if tally.longest_wait_entry:
            self.stdout.write(
                _("The longest wait for a seal: %(wait)s (entry %(entry)s).")
                % {"wait": str(tally.longest_wait).split(".")[0], "entry": tally.longest_wait_entry}
            )
        if not tally.files:
            self.stdout.write(
                self.style.WARNING(
                    _("No checkpoint outside the database was compared: there is no such file.")
                )
            )
        if problems:
            text = ngettext("%s problem.", "%s problems.", problems) % problems
            self.stdout.write(self.style.ERROR(text))
        else:
            self.stdout.write(self.style.SUCCESS(_("The trail is as it was sealed.")))

    def _report(self, tally: Tally, shown: list[Problem], problems: int) -> dict[str, Any]:
        return {
            "ok": not problems,
            "entries": tally.entries,
            "position": tally.position,
            "waiting": tally.waiting,
            "checkpoints": tally.checkpoints,
            "files": tally.files,
            "longest_wait_seconds": tally.longest_wait.total_seconds(),
            "problem_count": problems,
            "problems": [asdict(problem) for problem in shown],
        }
