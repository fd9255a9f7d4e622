"""Set a person's password at the machine: for portals without a mail server, and for whoever is locked out."""

import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from foundation import clock
from foundation.accounts.models import User
from foundation.accounts.services import password_set

TRIES = 3


class Command(BaseCommand):
    """`./portal manage changepassword EMAIL`: whoever owns the machine may; the trail keeps it and the person is told."""

    help = "Sets a person's password, ends all sessions of the person, and tells the person by mail."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the e-mail address."""
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask for the password twice, and set it."""
        user = User.objects.filter(email__iexact=options["email"]).first()
        if user is None:
            raise CommandError(f"Nobody has the e-mail address {options['email']}.")
        self.stdout.write(f"A new password for {user} ({user.email}).")
        password_set(user=user, password=self._ask(user), now=clock.now())
        self.stdout.write(f"Password of {user} set; all sessions ended. The trail keeps it.")
        if not user.is_active:
            self.stdout.write(
                "The account is closed, so it opens nothing until an administrator opens it again."
            )

    def _ask(self, user: User) -> str:
        for _try in range(TRIES):
            password = getpass.getpass("Password: ")
            if password != getpass.getpass("Once more: "):
                self.stderr.write("The two differ.")
                continue
            try:
                validate_password(password, user)
            except ValidationError as error:
                self.stderr.write("\n".join(error.messages))
                continue
            return password
        raise CommandError("No password was set.")
