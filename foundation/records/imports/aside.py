"""Imports that take long: asked for in the page, done by a worker, which tells how far it is.

PostgreSQL knows what was asked for; a call only wakes a worker up. All rows are one transaction, so a worker that dies has
written nothing, and another begins anew.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from django.core.cache import cache
from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.reading import reading_as
from foundation.batches import task_wake
from foundation.records.imports.kinds import TableImport
from foundation.records.imports.preview import Preview, RowsRefused
from foundation.records.imports.tables import Problem, TableRefused
from foundation.records.models import ImportFile
from foundation.registry import registry

logger = structlog.get_logger(__name__)

TASK = "records.run_import"
MOST_ATTEMPTS = 3
WHOLE = 0  # the number of the row of what is said of a file as a whole
KEPT_SECONDS = 3_600


@dataclass(frozen=True, kw_only=True)
class LongImport:
    """A kind of import that a worker does where a file is long, as an app declares it; `key` is the purpose of its files."""

    key: str
    kind: TableImport[Any]


@transaction.atomic
def import_ask(*, file: ImportFile, now: datetime) -> None:
    """Note that a person wants what was previewed, and wake a worker; asked again meanwhile, nothing more follows."""
    waiting = ImportFile.objects.filter(pk=file.pk, imported_at=None, confirmed_at=None)
    if waiting.update(confirmed_at=now, attempts=0, refusals=[]):
        transaction.on_commit(lambda: task_wake(TASK, str(file.pk)))


def imports_waiting() -> list[UUID]:
    """Return the keys of what was asked for and is not done, the oldest first."""
    waiting = ImportFile.objects.filter(confirmed_at__isnull=False, imported_at=None)
    return list(waiting.order_by("confirmed_at").values_list("pk", flat=True))


def import_run(*, key: UUID, clock: Callable[[], datetime]) -> None:
    """Import what was asked for, unless it is done or being done; what stands against it is kept for who asked."""
    file = _claim(key)
    if file is None:
        return
    kind: TableImport[Any] = registry.get(LongImport, file.purpose).kind
    try:
        with reading_as(file.user):
            kind.run_file(file=file, actor=file.user, now=clock(), on_row=_Progress(key))
    except TableRefused as refused:
        _refuse(file, [Problem(WHOLE, "", str(refused))])
    except RowsRefused as refused:
        _refuse(file, refused.preview.problems)
    except Exception:
        logger.exception("records.import_failed", purpose=file.purpose, key=str(key))
        _refuse(file, [Problem(WHOLE, "", _failed())])


def import_progress(file: ImportFile) -> tuple[int, int]:
    """Return how many rows of how many are written; nothing of nothing while the file is read."""
    done, total = cache.get(_cache_key(file.pk), (0, 0))
    return done, total


def problems_kept(file: ImportFile) -> list[Problem]:
    """Return what stood against a file when a worker tried to import it."""
    return [Problem(**one) for one in file.refusals]


class _Progress:
    """Counts rows. Beside the transaction that writes them: what it holds shows to nobody before it ends."""

    def __init__(self, key: UUID) -> None:
        self.key, self.done = key, 0

    def __call__(self, preview: Preview[Any]) -> None:
        self.done += 1
        cache.set(_cache_key(self.key), (self.done, len(preview.rows)), timeout=KEPT_SECONDS)


def _cache_key(key: UUID) -> str:
    return f"import-progress:{key}"


@transaction.atomic
def _claim(key: UUID) -> ImportFile | None:
    """Return a file to import now. Counted at once, so that one that ends its worker each time does so thrice and no more."""
    asked = ImportFile.objects.filter(pk=key, confirmed_at__isnull=False, imported_at=None)
    file = asked.select_related("user").select_for_update(skip_locked=True, of=("self",)).first()
    if file is None:
        return None
    if not file.user.is_active or file.attempts >= MOST_ATTEMPTS:
        _refuse(file, [Problem(WHOLE, "", _failed())])
        return None
    file.attempts += 1
    file.save(update_fields=["attempts"])
    cache.delete(_cache_key(key))
    return file


def _failed() -> str:
    return _("The import failed, and nothing was written. An administrator finds the reason in the log.")


def _refuse(file: ImportFile, problems: list[Problem]) -> None:
    ImportFile.objects.filter(pk=file.pk, imported_at=None).update(
        confirmed_at=None, refusals=[asdict(one) for one in problems]
    )
