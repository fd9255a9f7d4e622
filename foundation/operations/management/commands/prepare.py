"""Bring the database up to date before the portal starts."""

from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser, call_command
from django.db import OperationalError, connections
from django.db.migrations.executor import MigrationExecutor


class Command(BaseCommand):
    help = "Migrate the database as its owner; with --sample, load the sample organisation too."

    # The database may not be there, or not be migrated: this command finds out itself.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--sample", action="store_true", help="load the sample organisation")

    def handle(self, *args: Any, sample: bool, **options: Any) -> None:
        try:
            executor = MigrationExecutor(connections["owner"])
        except OperationalError as error:
            raise CommandError(f"The database can not be reached: {str(error).strip()}") from error
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if pending:
            self.stdout.write(f"portal: migrating the database, {len(pending)} steps")
        call_command("migrate", database="owner", interactive=False, verbosity=0)
        if not settings.WHITENOISE_USE_FINDERS:
            call_command("collectstatic", interactive=False, verbosity=0)
        if sample:
            call_command("load_sample")
