"""Show files to the virus scanner that came in before there was one."""

from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation import clock
from foundation.files.scanning import files_scan


class Command(BaseCommand):
    help = "Show files to the virus scanner that came in before there was one; the worker does so by itself, bit by bit."

    def handle(self, *args: Any, **options: Any) -> None:
        """Scan them all, and say what came of it."""
        if not settings.CLAMD_URL:
            raise CommandError(_("No scanner is named: set CLAMD_URL, such as tcp://localhost:3310."))
        run = files_scan(now=clock.now())
        if run.is_busy:
            raise CommandError(_("Files are being scanned already; try again when that run has ended."))
        words = ngettext(
            "%(count)d version of a file scanned", "%(count)d versions of files scanned", run.scanned
        )
        self.stdout.write(words % {"count": run.scanned})
        if run.failed:
            words = _(
                "%(count)d could not be read or judged; the log says which, and the next run tries again"
            )
            self.stdout.write(words % {"count": run.failed})
        if run.away:
            raise CommandError(_("The scanner does not answer: %(reason)s") % {"reason": run.away})
        if run.found:
            words = ngettext("A virus was found in %(count)d.", "Viruses were found in %(count)d.", run.found)
            raise CommandError(words % {"count": run.found})
