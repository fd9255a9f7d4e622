"""Showing to a virus scanner what came in before there was one."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_day
from foundation.accounts.selectors import people_with_right
from foundation.accounts.services.telling import tell
from foundation.files.choices import VIRUS_FOUND, Scan
from foundation.files.inspection.scanner import ScannerAway, scanner_problem, virus_in
from foundation.files.models import FileVersion
from foundation.files.storage import content_open
from foundation.records.selectors import people_who_see
from foundation.trail.services import entry_write

logger = structlog.get_logger(__name__)

BATCH = 100
MOST_AT_ONCE = 200  # in one run of the task; the next goes on
LONGEST_NAME = 200


@dataclass
class ScanRun:
    """What a run came to: how many were seen, in how many something was found, and how many could not be judged.

    `away` says why the scanner could not be asked any more, so that the run ended early.
    """

    scanned: int = 0
    found: int = 0
    failed: int = 0
    away: str = ""


def files_scan(*, now: datetime, most: int | None = None) -> ScanRun:
    """Show versions that no scanner has seen to the one that CLAMD_URL names, the oldest first; `most` bounds how many.

    What can't be read or judged is left for the next run, and so is everything once the scanner is away. Two runs at once
    do no harm: of what both saw, one alone writes.
    """
    run = ScanRun()
    for version in _unscanned():
        if most is not None and run.scanned >= most:
            break
        try:
            with content_open(version.storage_key) as content:
                name = virus_in(content, settings.CLAMD_URL)
        except OSError:
            logger.exception("files.content_unreadable", storage_key=version.storage_key)
            run.failed += 1
            continue
        except ScannerAway:
            run.away = scanner_problem(settings.CLAMD_URL)
            if run.away:
                break
            run.failed += 1  # it answers, so the trouble is with this file: larger than it takes, for one
            continue
        run.scanned += 1
        run.found += _note(version, name[:LONGEST_NAME], now)
    return run


def _unscanned() -> Iterator[FileVersion]:
    """Yield what was not scanned yet, a batch at a time."""
    after = 0
    while True:
        versions = FileVersion.objects.unscanned().filter(pk__gt=after).order_by("pk")
        batch = list(versions.select_related("file__record__unit", "uploaded_by")[:BATCH])
        if not batch:
            return
        yield from batch
        after = batch[-1].pk


@transaction.atomic
def _note(version: FileVersion, virus: str, now: datetime) -> bool:
    """Write what the scanner says of a version; tell whether it found something that was not known yet."""
    facts = {"scan": Scan.FOUND if virus else Scan.CLEAN, "virus": virus, "scanned_at": now}
    is_news = FileVersion.objects.unscanned().filter(pk=version.pk).update(**facts) == 1
    if not virus or not is_news:
        return False
    record = version.file.record
    entry_write(
        action="files.file.virus_found",
        actor=None,
        record=record,
        after={"file": version.name, "sha256": version.sha256},
        comment=virus,
    )
    _tell(version, now)
    return True


def _tell(version: FileVersion, now: datetime) -> None:
    """Tell the record's owner, who added the file, and the CISO, each in their language and if they may know of the record."""
    record, on = version.file.record, organisation_day(now)
    cisos = people_with_right(right="records.view_restricted", unit=record.unit, on=on)
    wanted = {record.owner_id, version.uploaded_by_id, *cisos.values_list("pk", flat=True)}
    by_language: dict[str, list[User]] = {}
    for person in people_who_see(record, on=on).filter(pk__in=wanted):
        by_language.setdefault(person.language, []).append(person)
    for language, people in by_language.items():
        with translation.override(language):
            tell(
                people=people,
                kind=VIRUS_FOUND,
                title=_("A virus was found in a file"),
                sentence=_("A file of %(reference)s holds a virus. Nobody can open it here any more.")
                % {"reference": record.reference},
                path=version.file.get_absolute_url(),
                now=now,
            )
