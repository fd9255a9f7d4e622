"""Evidence packs: asked for in the page, made by a worker, kept for two weeks.

PostgreSQL knows what is to be made; the broker's message only wakes a worker up. A worker that dies is noticed by its silence, and
another begins anew.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import IO, Any
from uuid import UUID

import structlog
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from duties.choices import OPEN_PACKS, Duty, PackState
from duties.models.packs import EvidencePack, PackShown
from duties.packs.chain import Clock, NotSealed
from duties.packs.making import Maker, Progress, TooMuch
from duties.packs.scope import pack_title
from duties.permissions import EVIDENCE
from duties.services.pack_notices import pack_tell
from foundation.accounts.access import access_of
from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_day
from foundation.accounts.reading import reading_as
from foundation.documents.typesetting import NotTypeset
from foundation.files.storage import files_storage
from foundation.trail.services import entry_write

logger = structlog.get_logger(__name__)

SILENT_AFTER = timedelta(minutes=15)  # longer than a large pack takes to be stored
PICKED_UP_AFTER = timedelta(minutes=1)
MOST_ATTEMPTS = 3
MOST_OPEN = 3
LONGEST = timedelta(days=5 * 366)
FORGOTTEN_AFTER = timedelta(days=90)
STORED = "packs"
ORPHANED_AFTER = timedelta(days=1)  # one that is being stored has no row that names it yet
PIECE = 1024 * 1024
MAKING_LOCK = 0x7061636B  # "pack": any number that no other advisory lock of the database has


class PackStopped(Exception):
    """Somebody stopped the pack, or another worker took it over."""


class NotAllowed(Exception):
    """Who asked for a pack may not make any more; the message is for people."""


def work_folder() -> Path:
    """Return the folder in which packs are put together: on a disk, since they may be larger than the memory."""
    folder = Path(settings.VAR_DIR) / "packs"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


@transaction.atomic
def pack_request(
    *, actor: User, duty: Duty | None, starts_on: date, ends_on: date, now: datetime
) -> tuple[EvidencePack, bool]:
    """Note that a person wants the evidence of a period; return it, and whether it is new.

    The same that is under way already is as good. Raises ValidationError for a period that makes no sense, and while MOST_OPEN
    of theirs are not finished.
    """
    _check_period(starts_on, ends_on, organisation_day(now))
    User.objects.select_for_update().get(pk=actor.pk)  # of two at once, the second sees the first
    open_ones = EvidencePack.objects.filter(requested_by=actor, state__in=OPEN_PACKS)
    asked = {"duty": duty.value if duty else None, "starts_on": starts_on, "ends_on": ends_on}
    same = (
        open_ones.filter(**asked)
        if duty
        else open_ones.filter(duty__isnull=True, starts_on=starts_on, ends_on=ends_on)
    )
    if under_way := same.first():
        return under_way, False
    if open_ones.count() >= MOST_OPEN:
        words = _("%(count)d of your packs are being made. Wait for one of them, or stop it.")
        raise ValidationError(words % {"count": MOST_OPEN})
    pack = EvidencePack.objects.create(requested_by=actor, requested_at=now, touched_at=now, **asked)
    _note(pack, "requested")
    return pack, True


def _check_period(starts_on: date, ends_on: date, today: date) -> None:
    if ends_on < starts_on:
        raise ValidationError({"ends_on": _("The period ends before it begins.")})
    if starts_on > today:
        raise ValidationError({"starts_on": _("The period has not begun: there is no evidence of it yet.")})
    if ends_on - starts_on > LONGEST:
        raise ValidationError({"ends_on": _("A pack is of five years at the most. Choose a shorter period.")})


@transaction.atomic
def pack_stop(*, pack: EvidencePack, now: datetime) -> bool:
    """Stop a pack that is not finished; tell whether it was not."""
    stopped = EvidencePack.objects.filter(pk=pack.pk, state__in=OPEN_PACKS).update(
        state=PackState.STOPPED, phase="", finished_at=now
    )
    if stopped:
        PackShown.objects.filter(pack=pack).delete()
    return bool(stopped)


@transaction.atomic
def pack_remove(*, pack: EvidencePack) -> None:
    """Remove a pack that is ready before its time; it stays known that it was made."""
    if locked := EvidencePack.objects.select_for_update().filter(pk=pack.pk, state=PackState.READY).first():
        _expire(locked)


def pack_open(pack: EvidencePack) -> IO[bytes]:
    """Return a pack that is ready, opened for reading; raises OSError where the storage has lost it, or is away."""
    return files_storage().open(stored_path(pack.storage_key), "rb")


def pack_download_note(*, pack: EvidencePack) -> None:
    """Write into the trail that whoever it was made for took a pack away."""
    _note(pack, "downloaded", sha256=pack.sha256, size=pack.size)


def pack_make(*, key: UUID, clock: Clock, pause: Callable[[float], None] = time.sleep) -> bool:
    """Make a pack, unless it or another one is being made, or it is finished or stopped; tell whether it was begun.

    An error leaves it failed with a reason, and in the log.
    """
    pack = _claim(key, clock())
    if pack is None:
        return False
    _make_or_fail(pack, clock, pause)
    return True


def pack_next() -> UUID | None:
    """Return which pack waits longest to be made."""
    waiting = EvidencePack.objects.filter(state=PackState.WAITING).order_by("requested_at", "pk")
    return waiting.values_list("pk", flat=True).first()


def is_another_made(pack: EvidencePack, now: datetime) -> bool:
    """Tell whether a worker is at another pack, so that this one waits."""
    heard_of = EvidencePack.objects.filter(state=PackState.WORKING, touched_at__gte=now - SILENT_AFTER)
    return heard_of.exclude(pk=pack.pk).exists()


def _make_or_fail(pack: EvidencePack, clock: Clock, pause: Callable[[float], None]) -> None:
    with reading_as(pack.requested_by):
        try:
            _make(pack, clock, pause)
        except PackStopped:
            return
        except (NotAllowed, NotSealed, TooMuch) as refused:
            _fail(pack, str(refused), clock())
        except NotTypeset:
            _fail(pack, _("The index could not be typeset. Choose a shorter period, or one duty."), clock())
        except OSError:
            logger.exception("packs.storage_failed", pack=str(pack.key))
            words = _(
                "The storage of files did not answer, or is full. An administrator finds the reason in the log."
            )
            _fail(pack, words, clock())
        except Exception:
            logger.exception("packs.failed", pack=str(pack.key))
            _fail(pack, _("It could not be made. An administrator finds the reason in the log."), clock())


def packs_tidy(*, clock: Clock) -> list[UUID]:
    """Remove old packs, give up on what failed too often, and return the keys of what waits for a worker."""
    now = clock()
    for pack in EvidencePack.objects.filter(
        state=PackState.READY, finished_at__lt=now - EvidencePack.KEPT_FOR
    ):
        pack_remove(pack=pack)
    EvidencePack.objects.filter(finished_at__lt=now - FORGOTTEN_AFTER).exclude(state=PackState.READY).delete()
    silent = EvidencePack.objects.filter(state=PackState.WORKING, touched_at__lt=now - SILENT_AFTER)
    for pack in silent.filter(attempt__gte=MOST_ATTEMPTS).select_related("requested_by"):
        with reading_as(pack.requested_by):
            _fail(
                pack,
                _("The worker that made it was lost, three times. Choose a shorter period, or one duty."),
                now,
            )
    _sweep()
    _sweep_storage(now)
    return list(_waiting(now).order_by("requested_at").values_list("pk", flat=True))


def _sweep() -> None:
    """Remove what dead workers left behind of packs that are not in the making any more."""
    making = EvidencePack.objects.filter(state=PackState.WORKING).values_list("key", "attempt")
    kept = {f"{key.hex}-{attempt}.zip" for key, attempt in making}
    for path in work_folder().glob("*.zip"):
        if path.name not in kept:
            path.unlink(missing_ok=True)


def _sweep_storage(now: datetime) -> None:
    """Remove stored packs that no row names: left by a worker that ended between storing one and saying so."""
    storage = files_storage()
    try:
        _folders, names = storage.listdir(STORED)
        named = EvidencePack.objects.filter(storage_key__in=names).values_list("storage_key", flat=True)
        for path in map(stored_path, set(names).difference(named)):
            if storage.get_modified_time(path) < now - ORPHANED_AFTER:
                storage.delete(path)
    except FileNotFoundError:
        return  # nothing was ever stored
    except OSError:
        logger.exception("packs.storage_not_swept")


def _waiting(now: datetime) -> QuerySet[EvidencePack]:
    return EvidencePack.objects.filter(
        Q(state=PackState.WAITING, touched_at__lt=now - PICKED_UP_AFTER)
        | Q(state=PackState.WORKING, touched_at__lt=now - SILENT_AFTER)
    )


@transaction.atomic
def _claim(key: UUID, now: datetime) -> EvidencePack | None:
    """Take a pack to make it; one at a time, so that reminders and mails find a worker."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [MAKING_LOCK])
    mine = Q(state=PackState.WAITING) | Q(
        state=PackState.WORKING, touched_at__lt=now - SILENT_AFTER, attempt__lt=MOST_ATTEMPTS
    )
    rows = EvidencePack.objects.select_for_update(skip_locked=True, of=("self",)).select_related(
        "requested_by"
    )
    pack = rows.filter(mine, pk=key).first()
    if pack is None or is_another_made(pack, now):
        return None
    PackShown.objects.filter(pack=pack).delete()
    pack.state, pack.begun_at, pack.touched_at = PackState.WORKING, now, now
    pack.attempt += 1
    pack.records_done = pack.files_done = pack.bytes_done = pack.links_done = 0
    pack.records_total = pack.links_total = None
    pack.save()
    return pack


def _make(pack: EvidencePack, clock: Clock, pause: Callable[[float], None]) -> None:
    reader = pack.requested_by
    access = access_of(reader, clock())
    if not reader.is_active or not access.has_anywhere(EVIDENCE):
        raise NotAllowed(_("You may not make evidence packs any more."))

    def say(**changes: Any) -> None:
        _still_mine(pack, touched_at=clock(), **changes)

    say(access=access.digest)
    path = work_folder() / f"{pack.key.hex}-{pack.attempt}.zip"
    try:
        with path.open("w+b") as target:
            maker = Maker(
                pack,
                target,
                clock=clock,
                pause=pause,
                progress=Progress(say),
                shown=lambda records, files: _note_shown(pack, records, files),
                folder=path.parent,
            )
            summary = maker.make()
            target.flush()
            size, sha256 = target.tell(), _digest_of(target)
        storage_key = secrets.token_hex(16)
        with _Finished(path) as finished:
            files_storage().save(stored_path(storage_key), finished)
        _finish(pack, clock(), storage_key=storage_key, size=size, sha256=sha256, summary=summary)
    finally:
        path.unlink(missing_ok=True)


class _Finished(File):  # type: ignore[type-arg]
    """A file on the disk, which a folder of the same disk takes without copying it."""

    def __init__(self, path: Path) -> None:
        super().__init__(path.open("rb"), path.name)
        self._path = path

    def temporary_file_path(self) -> str:
        """Return where it lies."""
        return str(self._path)


def stored_path(storage_key: str) -> str:
    """Return where a pack lies in the storage of files."""
    return f"{STORED}/{storage_key}"


def _digest_of(target: IO[bytes]) -> str:
    digest = hashlib.sha256()
    target.seek(0)
    while piece := target.read(PIECE):
        digest.update(piece)
    return digest.hexdigest()


def _still_mine(pack: EvidencePack, **changes: Any) -> None:
    """Write how far it is; raise PackStopped when it is not this worker's any more."""
    if not _mine(pack).update(**changes):
        raise PackStopped


def _mine(pack: EvidencePack) -> QuerySet[EvidencePack]:
    return EvidencePack.objects.filter(pk=pack.pk, state=PackState.WORKING, attempt=pack.attempt)


def _note_shown(pack: EvidencePack, records: list[int], files: list[int]) -> None:
    PackShown.objects.create(pack=pack, records=records, files=files)


def _finish(pack: EvidencePack, now: datetime, *, storage_key: str, **made: Any) -> None:
    """Note that a pack is ready, and tell who asked for it; where somebody stopped it at the last moment, it goes."""
    try:
        with transaction.atomic():
            _still_mine(
                pack, state=PackState.READY, phase="", finished_at=now, storage_key=storage_key, **made
            )
            pack.refresh_from_db()
            manifest = made["summary"]["manifest_sha256"]
            _note(pack, "made", sha256=pack.sha256, size=pack.size, manifest_sha256=manifest)
            pack_tell(pack=pack, now=now)
    except PackStopped:
        files_storage().delete(stored_path(storage_key))
        raise


@transaction.atomic
def _fail(pack: EvidencePack, words: str, now: datetime) -> None:
    failed = _mine(pack).update(state=PackState.FAILED, phase="", failure=words[:500], finished_at=now)
    if failed:
        PackShown.objects.filter(pack=pack).delete()
        pack.refresh_from_db()
        pack_tell(pack=pack, now=now)


def _expire(pack: EvidencePack) -> None:
    path = stored_path(pack.storage_key)
    EvidencePack.objects.filter(pk=pack.pk).update(state=PackState.EXPIRED, storage_key="")
    PackShown.objects.filter(pack=pack).delete()
    transaction.on_commit(lambda: files_storage().delete(path))


def _note(pack: EvidencePack, verb: str, **after: Any) -> None:
    """Write into the trail what was done with a pack; in one language, whoever did it."""
    with translation.override(settings.LANGUAGE_CODE):
        title = pack_title(pack.duty, pack.starts_on, pack.ends_on)
    facts = {
        "pack": str(pack.key),
        "duty": pack.duty,
        "starts_on": pack.starts_on.isoformat(),
        "ends_on": pack.ends_on.isoformat(),
    }
    actor = None if verb == "made" else pack.requested_by
    entry_write(action=f"duties.pack.{verb}", actor=actor, subject=title, after={**facts, **after})
