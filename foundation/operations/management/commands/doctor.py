"""`./portal doctor`: say what is wrong with this installation."""

import sys
from typing import Any

from django.core.management import BaseCommand

from foundation import clock
from foundation.operations.choices import State
from foundation.operations.diagnosis import diagnose

MARKS = {State.OK: "ok", State.WARNING: "note", State.BAD: "WRONG"}


class Command(BaseCommand):
    help = "Say what is wrong with this installation; the exit code is 1 when something is."

    requires_system_checks: list[str] = []  # a broken setting is for this command to tell

    def handle(self, *args: Any, **options: Any) -> None:
        styles = {
            State.OK: self.style.SUCCESS,
            State.WARNING: self.style.WARNING,
            State.BAD: self.style.ERROR,
        }
        wrong = 0
        for finding in diagnose(now=clock.now(), thorough=True):
            mark = styles[finding.state](f"{MARKS[finding.state]:5}")
            self.stdout.write(f"{mark}  {finding.name!s:24} {finding.text}")
            if finding.hint and finding.state != State.OK:
                self.stdout.write(f"{'':32} → {finding.hint}")
            wrong += finding.state == State.BAD
        if wrong:
            self.stdout.write(self.style.ERROR(f"\n{wrong} wrong"))
            sys.exit(1)
        self.stdout.write(self.style.SUCCESS("\nnothing wrong"))
