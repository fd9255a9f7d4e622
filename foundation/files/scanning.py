"""Showing to a virus scanner what came in before there was one."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q
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
from foundation.records.selectors import KEPT_FROM, people_who_see
from foundation.trail.services import entry_write

logger = structlog.get_logger(__name__)

BATCH = 100
MOST_AT_ONCE = 200  # tried in one run of the task; the next goes on
AGAIN_AFTER = timedelta(hours=6)  # until the task tries again what could not be read or judged
SCANNING_LOCK = 0x7363616E  # "scan": any number that no other advisory lock of the database has
LONGEST_NAME = 200


@dataclass
class ScanRun:
    """What a run came to: how many were seen, in how many something was found, and how many could not be judged.

    `away` says why the scanner could not be asked any more, so that the run ended early; `is_busy`: another run is going
    on, and this one did nothing.
    """

    scanned: int = 0
    found: int = 0
    failed: int = 0
    away: str = ""
    is_busy: bool = False

    @property
    def tried(self) -> int:
        """Return how many were tried."""
        return self.scanned + self.failed


def files_scan(*, now: datetime, most: int | None = None, again_after: timedelta = timedelta(0)) -> ScanRun:
    """Show versions that no scanner has seen to the one that CLAMD_URL names; `most` bounds how many are tried.

    One run at a time. What was never tried comes first, then what was tried longest ago, so that what can't be read or
    judged holds nothing up; it is tried again once `again_after` has gone by. Once the scanner is away, the run ends.
    """
    with _turn() as is_ours:
        return _scan(now, most, now - again_after) if is_ours else ScanRun(is_busy=True)


@contextmanager
def _turn() -> Iterator[bool]:
    """Tell whether it is our turn; the database ends it with our connection, however that ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [SCANNING_LOCK])
        (is_ours,) = cursor.fetchone()
    try:
        yield is_ours
    finally:
        if is_ours and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [SCANNING_LOCK])


def _scan(now: datetime, most: int | None, tried_before: datetime) -> ScanRun:
    run = ScanRun()
    for version in _unscanned(tried_before):
        if most is not None and run.tried >= most:
            break
        # Before it is asked about: one on which the worker or the scanner dies must not be the first again.
        FileVersion.objects.filter(pk=version.pk).update(tried_at=now)
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


def _unscanned(tried_before: datetime) -> Iterator[FileVersion]:
    """Yield what was not scanned yet, a batch at a time: what each time is tried must not be found again."""
    to_try = Q(tried_at__isnull=True) | Q(tried_at__lt=tried_before)
    versions = FileVersion.objects.unscanned().filter(to_try)
    in_turn = versions.order_by(F("tried_at").asc(nulls_first=True), "pk")
    while batch := list(in_turn.select_related("file__record__unit", "uploaded_by")[:BATCH]):
        yield from batch


@transaction.atomic
def _note(version: FileVersion, virus: str, now: datetime) -> bool:
    """Write what the scanner says of a version; tell whether it found something that was not known yet."""
    facts = {"scan": Scan.FOUND if virus else Scan.CLEAN, "virus": virus, "scanned_at": now}
    is_news = FileVersion.objects.unscanned().filter(pk=version.pk).update(**facts) == 1
    if not virus or not is_news:
        return False
    record, kept_from = version.file.record, version.file.kept_from
    entry_write(
        action="files.file.virus_found",
        actor=None,
        record=record,
        after={
            "file": version.name,
            "sha256": version.sha256,
            **({KEPT_FROM: kept_from} if kept_from else {}),
        },
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
