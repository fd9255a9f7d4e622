"""Loads the sample organisation and prints how to sign in."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from foundation import clock
from foundation.accounts.sample import (
    SIGN_IN_FILE,
    OrganisationExists,
    sample_is_loaded,
    sample_load,
    sign_in_keep,
)


class Command(BaseCommand):
    """`./portal manage load_sample`"""

    help = "Load the sample organisation into an empty portal, and print how to sign in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--base-url", default=settings.BASE_URL, help="the address that links in e-mails start with"
        )

    def handle(self, *args: Any, base_url: str, **options: Any) -> None:
        try:
            sign_in = sample_load(now=clock.now(), base_url=base_url)
        except OrganisationExists as error:
            if SIGN_IN_FILE.exists() and sample_is_loaded():
                self.stdout.write(str(error))
                self.stdout.write(SIGN_IN_FILE.read_text(encoding="utf-8").rstrip())
                return
            raise CommandError(str(error)) from error
        sign_in_keep(sign_in=sign_in)
        self.stdout.write(str(sign_in))
