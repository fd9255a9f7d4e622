"""Adding files to records, new versions of them, and withdrawing them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import IO

import structlog
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.models import User
from foundation.files.choices import Scan
from foundation.files.inspection import FileRefused, clean_name, inspect_file, refuse_virus
from foundation.files.models import File, FileVersion
from foundation.files.permissions import adding_refusal, changing_refusal
from foundation.files.previews import pages_count
from foundation.files.storage import content_drop, content_store
from foundation.records.models import Record
from foundation.records.selectors import KEPT_FROM
from foundation.registry import FileGuard, registry
from foundation.trail.services import entry_write

logger = structlog.get_logger(__name__)

MOST_FILES = 500  # on one record: its tab shows them all


@dataclass(frozen=True)
class Upload:
    """What a person sent: the name it had there, and its content, which can be read again and again."""

    name: str
    content: IO[bytes]


class StaleDescription(Exception):
    """Somebody else said meanwhile what a file shows; `description` is what it says now."""

    def __init__(self, description: str) -> None:
        super().__init__(_("This was changed meanwhile."))
        self.description = description


@dataclass(frozen=True)
class Outcome:
    """What became of one upload: the file that it was added as, or why it was not; `known` is the one that has it already."""

    name: str
    file: File | None = None
    refusal: str = ""
    known: File | None = None


class FileKnown(FileRefused):
    """The record has a file with this content already."""

    def __init__(self, file: File, name: str) -> None:
        super().__init__(_("It is here already, as “%(name)s”.") % {"name": name})
        self.file = file


def files_add(
    *,
    record: Record,
    uploads: Sequence[Upload],
    actor: User,
    now: datetime,
    description: str = "",
    kept_from: str = "",
) -> list[Outcome]:
    """Add each upload as a file of its own, and return what became of each: one that is refused costs the others nothing."""
    outcomes = []
    for upload in uploads:
        try:
            file = file_add(
                record=record,
                upload=upload,
                actor=actor,
                now=now,
                description=description,
                kept_from=kept_from,
            )
        except FileRefused as refused:
            known = refused.file if isinstance(refused, FileKnown) else None
            outcomes.append(Outcome(clean_name(upload.name), refusal=str(refused), known=known))
        else:
            outcomes.append(Outcome(clean_name(upload.name), file))
    return outcomes


def file_add(
    *,
    record: Record,
    upload: Upload,
    actor: User,
    now: datetime,
    description: str = "",
    kept_from: str = "",
    is_fixed: bool = False,
) -> File:
    """Add a file to a record; raise FileRefused when it may not come in, is there already, or nothing is added there now.

    Those who play the part `kept_from` in the record will not know of it. What the portal made itself (`is_fixed`) stays as it is.
    The content is stored before the row is written. Should the process end in between, it is an orphan, and removed as such.
    """
    version = _version_of(record, upload, actor, now, kept_from)
    with _stored(upload, version.storage_key), transaction.atomic():
        held = _held(record)
        if refusal := adding_refusal(actor, held, now):
            raise FileRefused(refusal)
        _refuse_known(record, version)
        file: File = File.objects.create(
            record_id=record.pk,
            description=description,
            kept_from=kept_from,
            is_fixed=is_fixed,
            added_by=actor,
            added_at=now,
        )
        version.file = file
        version.save(force_insert=True)
        entry_write(action="files.file.added", actor=actor, record=record, after=_facts(version))
    return file


def version_add(*, file: File, upload: Upload, actor: User, now: datetime, note: str = "") -> FileVersion:
    """Add a newer version of a file; raise FileRefused when it may not come in, nothing in it is new, or the file stays as it is."""
    version = _version_of(file.record, upload, actor, now, file.kept_from)
    with _stored(upload, version.storage_key), transaction.atomic():
        locked = _file_held(file)
        before = FileVersion.objects.get(file=locked, number=locked.latest)
        _refuse_version(locked, before, version)
        if refusal := changing_refusal(actor, locked, now):
            raise FileRefused(refusal)
        locked.latest += 1
        locked.save(update_fields=["latest"])
        version.file, version.number, version.note = locked, locked.latest, note
        version.save(force_insert=True)
        entry_write(
            action="files.file.version_added",
            actor=actor,
            record=file.record,
            before=_facts(before),
            after=_facts(version),
            comment=note,
        )
    return version


@transaction.atomic
def file_describe(*, file: File, actor: User, now: datetime, description: str, read: str) -> None:
    """Say in other words what a file shows; `read` is what it said to who writes. The same words change nothing.

    Raises StaleDescription when it says something else by now, ValidationError when the file was withdrawn, or stays as it is.
    """
    locked = _file_held(file)
    if locked.is_withdrawn:
        raise ValidationError(_("This file was withdrawn meanwhile."))
    if refusal := changing_refusal(actor, locked, now):
        raise ValidationError(refusal)
    if description == locked.description:
        return
    if read != locked.description:
        raise StaleDescription(locked.description)
    before, locked.description = locked.description, description
    locked.save(update_fields=["description"])
    newest = FileVersion.objects.get(file=locked, number=locked.latest)
    newest.file = locked
    newest.save(update_fields=["words"])  # by which search finds it
    entry_write(
        action="files.file.described",
        actor=actor,
        record=file.record,
        before={**_named(newest), "description": before},
        after={**_named(newest), "description": description},
    )


@transaction.atomic
def file_withdraw(*, file: File, actor: User, now: datetime, reason: str) -> None:
    """Withdraw a file, visibly and for a reason; its content is kept.

    Raises ValidationError when somebody was faster, or the file stays as it is.
    """
    locked = _file_held(file)
    if locked.is_withdrawn:
        raise ValidationError(_("This file was withdrawn already."))
    if refusal := changing_refusal(actor, locked, now, by_withdrawing=True):
        raise ValidationError(refusal)
    locked.withdrawn_by, locked.withdrawn_at, locked.withdrawal_reason = actor, now, reason
    locked.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawal_reason"])
    newest = FileVersion.objects.get(file=locked, number=locked.latest)
    entry_write(
        action="files.file.withdrawn",
        actor=actor,
        record=file.record,
        before=_facts(newest),
        comment=reason,
    )


def reading_note(*, version: FileVersion, actor: User, page: int | None = None) -> None:
    """Write into the trail that somebody took a file of a restricted record, or looked at a page; of others nobody keeps count."""
    record = version.file.record
    if record.is_restricted and page is None:
        entry_write(action="files.file.downloaded", actor=actor, record=record, after=_facts(version))
    elif record.is_restricted:
        after = {**_named(version), "page": page}
        entry_write(action="files.file.viewed", actor=actor, record=record, after=after)


def _held(record: Record) -> Record:
    """Return a record as it is now, and keep it so, with what its guard looks at, until the transaction ends.

    So nothing comes in twice, nor behind a step that is taken at the same time.
    """
    guard = registry.find(FileGuard, record.kind)
    if guard and guard.locks_first:
        guard.locks_first(record.pk)
    locked: Record = Record.objects.select_for_update(no_key=True).get(pk=record.pk)
    return locked


def _file_held(file: File) -> File:
    """Return a file as it is now, and keep it and its record so until the transaction ends."""
    record = _held(file.record)
    locked: File = File.objects.select_for_update().get(pk=file.pk)
    locked.record = record
    return locked


def _version_of(record: Record, upload: Upload, actor: User, now: datetime, kept_from: str) -> FileVersion:
    """Return the first version of a file, yet to be saved; raise FileRefused, and write into the trail what does harm."""
    try:
        inspected = inspect_file(upload.content, upload.name, most_bytes=settings.FILES_MAX_BYTES)
        if settings.CLAMD_URL:
            refuse_virus(upload.content, settings.CLAMD_URL)
    except FileRefused as refused:
        if refused.is_malware:
            entry_write(
                action="files.upload.refused",
                actor=actor,
                record=record,
                after={"file": clean_name(upload.name), **_kept_facts(kept_from)},
                comment=str(refused),
            )
        raise
    return FileVersion(
        number=1,
        name=inspected.name,
        content_type=inspected.kind.content_type,
        size=inspected.size,
        sha256=inspected.sha256,
        scan=Scan.CLEAN if settings.CLAMD_URL else Scan.NONE,
        scanned_at=now if settings.CLAMD_URL else None,
        pages=pages_count(upload.content, inspected.kind.content_type),
        uploaded_by=actor,
        uploaded_at=now,
    )


@contextmanager
def _stored(upload: Upload, storage_key: str) -> Iterator[None]:
    """Store an upload's content under a key; remove it when what follows fails."""
    try:
        content_store(upload.content, storage_key)
    except OSError as error:
        logger.exception("files.store_failed")
        _dropped(storage_key)  # what was written of it, on a disk that is full
        raise FileRefused(
            _("The portal could not store it just now. Try again; if it goes on, tell an administrator.")
        ) from error
    try:
        yield
    except BaseException:
        _dropped(storage_key)
        raise


def _dropped(storage_key: str) -> None:
    """Remove a content; where the storage does not let it go, it is an orphan, which goes a day later."""
    try:
        content_drop(storage_key)
    except OSError:
        logger.exception("files.drop_failed", storage_key=storage_key)


def _refuse_known(record: Record, version: FileVersion) -> None:
    present = FileVersion.objects.newest().present().filter(file__record_id=record.pk)
    known = present.filter(sha256=version.sha256).select_related("file").first()
    if known:
        raise FileKnown(known.file, known.name)
    if File.objects.filter(record_id=record.pk).count() >= MOST_FILES:
        raise FileRefused(_("A record holds %(most)d files at the most.") % {"most": MOST_FILES})


def _refuse_version(file: File, newest: FileVersion, version: FileVersion) -> None:
    if file.is_withdrawn:
        raise FileRefused(_("The file was withdrawn meanwhile."))
    if newest.sha256 == version.sha256:
        raise FileRefused(_("It is the same as the newest version."))


def _named(version: FileVersion) -> dict[str, str]:
    """Return how the trail names a file, with whom it is kept from."""
    facts = _facts(version)
    return {name: str(facts[name]) for name in ("file", KEPT_FROM) if name in facts}


def _facts(version: FileVersion) -> dict[str, str | int]:
    """Return what the trail keeps of a version: with its SHA-256, the content is proven."""
    kept = _kept_facts(version.file.kept_from)
    return {"file": version.name, "file_size": version.size, "sha256": version.sha256, **kept}


def _kept_facts(kept_from: str) -> dict[str, str]:
    """Return how an entry about a file says from whom it is kept."""
    return {KEPT_FROM: kept_from} if kept_from else {}
