"""Write the words that search finds records by."""

from typing import Any

from django.core.management import BaseCommand, CommandParser
from django.utils.translation import ngettext

from foundation.records.services import records_index


class Command(BaseCommand):
    help = "Write the words that search finds records by, where they are missing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--anew", action="store_true", help="write those of all records")

    def handle(self, *args: Any, anew: bool, **options: Any) -> None:
        """Write them, and say how many."""
        count = records_index(anew=anew)
        if count or anew:
            self.stdout.write(
                ngettext(
                    "Search finds %(count)s record anew.",
                    "Search finds %(count)s records anew.",
                    count,
                )
                % {"count": count}
            )
