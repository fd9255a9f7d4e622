"""`./portal manage setup_code`: a new one-time code for the first visit."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from foundation import clock
from foundation.accounts.services import setup_code_issue


class Command(BaseCommand):
    help = "Print a new one-time code, with which the organisation is set up at the first visit."

    def handle(self, *args: Any, **options: Any) -> None:
        code = setup_code_issue(now=clock.now())
        if code is None:
            self.stdout.write(_("The organisation is set up already: no code is needed."))
        else:
            self.stdout.write(_("One-time code for the first visit (valid for a day): %s") % code)
