"""Uploaded tables between their preview and their import."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import transaction

from foundation.accounts.models import User
from foundation.records.models import ImportFile

KEPT_FOR = timedelta(days=1)
MOST_BROUGHT = 5


@transaction.atomic
def import_file_keep(
    *,
    user: User,
    purpose: str,
    file_name: str,
    content: bytes,
    sheet: str,
    now: datetime,
    asked: Mapping[str, Any] | None = None,
) -> ImportFile:
    """Keep an uploaded table until it is imported, for a day at most; `asked` is what was chosen with it."""
    return ImportFile.objects.create(
        user=user,
        purpose=purpose,
        file_name=file_name[-200:],
        content=content,
        sheet=sheet,
        digest=sha256(content).hexdigest(),
        asked=dict(asked or {}),
        created_at=now,
    )


def import_files_drop(*, now: datetime) -> int:
    """Drop the tables that nobody imported within a day of their upload; return how many."""
    # What else is kept of a file goes with it; its content is not read for that.
    unused = ImportFile.objects.filter(created_at__lt=now - KEPT_FOR, imported_at__isnull=True).only("pk")
    return unused.delete()[0]


def import_file_of(*, key: UUID, user: User, purpose: str, with_content: bool = True) -> ImportFile | None:
    """Return a table that this very person uploaded for this purpose, or None; `with_content`: it is about to be read."""
    files = ImportFile.objects.filter(key=key, user=user, purpose=purpose)
    return (files if with_content else files.defer("content")).first()


def import_files_brought(*, user: User, purpose: str) -> list[ImportFile]:
    """Return the files of a person that a worker has read, or reads or imports, and that are not imported; the newest first."""
    files = ImportFile.objects.filter(user=user, purpose=purpose, previewing_at__isnull=False)
    return list(
        files.filter(imported_at=None).defer("content", "plan").order_by("-created_at")[:MOST_BROUGHT]
    )


def import_file_lock(*, file: ImportFile) -> ImportFile:
    """Return the table, locked until the transaction ends, so that of two confirmations one imports."""
    return ImportFile.objects.select_for_update().get(pk=file.pk)


def import_file_done(*, file: ImportFile, result: dict[str, Any], now: datetime) -> None:
    """Keep what came of an import, and forget the content."""
    file.result, file.imported_at, file.content = result, now, None
    file.save(update_fields=["result", "imported_at", "content"])
