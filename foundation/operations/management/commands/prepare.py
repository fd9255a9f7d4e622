"""Bring the database up to date before the portal starts, and say how to begin."""

from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser, call_command
from django.db import OperationalError, connections
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from foundation import clock
from foundation.accounts.services import setup_code_issue


class Command(BaseCommand):
    help = "Migrate the database as its owner; with --sample, load the sample organisation too."

    # The database may not be there, or not be migrated: this command finds out itself.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--sample", action="store_true", help="load the sample organisation")

    def handle(self, *args: Any, sample: bool, **options: Any) -> None:
        """Work, telling the progress on standard error; how to begin goes to standard output, for `up` to show last."""
        try:
            executor = MigrationExecutor(connections["owner"])
        except OperationalError as error:
            raise CommandError(
                _("The database can not be reached: %(reason)s") % {"reason": str(error).strip()}
            ) from error
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if pending:
            self._tell(_("migrating the database, %(count)s steps") % {"count": len(pending)})
        call_command("migrate", database="owner", interactive=False, verbosity=0)
        call_command("index_records", stdout=self.stderr)
        if not settings.WHITENOISE_USE_FINDERS:
            call_command("collectstatic", interactive=False, verbosity=0)
        if sample:
            self._tell(_("loading the sample organisation"))
            call_command("load_sample", stdout=self.stdout)
        elif code := setup_code_issue(now=clock.now()):
            self.stdout.write(
                _("Set up your organisation there with this one-time code: %(code)s") % {"code": code}
            )
            self.stdout.write(_("Or stop it, and look around first with: ./portal up --sample"))

    def _tell(self, text: str) -> None:
        self.stderr.write(f"portal: {text}", style_func=str)
