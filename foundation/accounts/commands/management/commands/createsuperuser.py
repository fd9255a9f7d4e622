"""There are no superusers here: what someone may do comes with roles, and roles are given in the trail's sight."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser


class Command(BaseCommand):
    """Says what to do instead. Django's own would make an account that no trail knows of, and that may do nothing."""

    help = "Refused: people get accounts from an administrator, and rights by roles."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take what Django's command takes, so that whoever knows that one is told."""
        for option in ("--email", "--full_name", "--database"):
            parser.add_argument(option)
        parser.add_argument("--noinput", "--no-input", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuse."""
        raise CommandError(
            "The portal has no superusers. The first visit makes the first administrator, who makes the other accounts; "
            "`changepassword EMAIL` and `reset_second_factor EMAIL` let one in again who is locked out."
        )
