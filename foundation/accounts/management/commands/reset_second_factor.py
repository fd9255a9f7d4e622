"""Take all second factors from a person, for when the last administrator has lost the phone."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from foundation import clock
from foundation.accounts.models import User
from foundation.accounts.services import factors_reset


class Command(BaseCommand):
    """`./portal manage reset_second_factor EMAIL`: whoever owns the machine may."""

    help = "Takes all second factors from a person who lost them."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the e-mail address."""
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        """Take them away and say so."""
        user = User.objects.filter(email__iexact=options["email"]).first()
        if user is None:
            raise CommandError(f"Nobody has the e-mail address {options['email']}.")
        if not factors_reset(user=user, actor=None, now=clock.now()):
            raise CommandError(f"{user} has no second factor.")
        self.stdout.write(f"{user} has no second factor any more and signs in by password alone.")
