"""Imports that take long: asked for in the page, read and then done by a worker, which tells how far it is.

PostgreSQL knows what was asked for; a call only wakes a worker up. All rows are one transaction, so a worker that dies has
written nothing, and another begins anew. What the import would do is kept until the person comes back; it is read anew
when it is done.
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
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from foundation.accounts.reading import reading_as
from foundation.batches import task_wake
from foundation.records.imports.drafts import import_file_lock
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
REFUSED = "refused"  # in a plan: why there is none
_WAITING = Q(imported_at=None) & (
    Q(confirmed_at__isnull=False) | Q(previewing_at__isnull=False, previewed_at=None)
)


@dataclass(frozen=True, kw_only=True)
class LongImport:
    """A kind of import that a worker reads and does where a file is long, as an app declares it; `key` is the purpose of its files."""

    key: str
    kind: TableImport[Any]


@transaction.atomic
def preview_ask(*, file: ImportFile, now: datetime) -> None:
    """Note that a file is to be read, and wake a worker."""
    if ImportFile.objects.filter(pk=file.pk, previewing_at=None).update(previewing_at=now):
        transaction.on_commit(lambda: task_wake(TASK, str(file.pk)))


@transaction.atomic
def import_ask(*, file: ImportFile, now: datetime) -> None:
    """Note that a person wants what was previewed, and wake a worker; asked again meanwhile, nothing more follows."""
    waiting = ImportFile.objects.filter(pk=file.pk, imported_at=None, confirmed_at=None)
    if waiting.update(confirmed_at=now, attempts=0, refusals=[]):
        transaction.on_commit(lambda: task_wake(TASK, str(file.pk)))


def imports_waiting() -> list[UUID]:
    """Return the keys of what was asked for and is not done, the oldest first."""
    waiting = ImportFile.objects.filter(_WAITING).order_by(Coalesce("confirmed_at", "previewing_at"))
    return list(waiting.values_list("pk", flat=True))


def import_run(*, key: UUID, clock: Callable[[], datetime]) -> None:
    """Read what was brought, or import what was asked for, unless it is done or being done; what stands against it is kept."""
    file = _claim(key, clock())
    if file is None:
        return
    kind: TableImport[Any] = registry.get(LongImport, file.purpose).kind
    if file.confirmed_at is None:
        _preview(file, kind, clock())
    else:
        _import(file, kind, clock)


@transaction.atomic
def _preview(file: ImportFile, kind: TableImport[Any], now: datetime) -> None:
    """Keep what the import of a file would do. The row is held meanwhile, so that nobody else reads it, too."""
    locked = import_file_lock(file=file)
    if not locked.is_being_read:
        return
    try:
        with transaction.atomic(), reading_as(locked.user):
            preview = kind.preview(
                content=bytes(locked.content or b""),
                actor=locked.user,
                now=now,
                sheet=locked.sheet,
                on_read=_Progress(locked.pk).read,
            )
            plan: dict[str, Any] = {
                "rows": kind.rows_kept(preview.rows),
                "sheet": preview.sheet,
                "sheets": preview.sheets,
            }
    except TableRefused as refused:
        plan = {REFUSED: str(refused)}
    except Exception:
        logger.exception("records.preview_failed", purpose=file.purpose, key=str(file.pk))
        with reading_as(file.user):
            plan = {REFUSED: _unread()}
    _keep_plan(file, plan, now)


def preview_kept(file: ImportFile) -> Preview[Any]:
    """Return what a worker found that the import of a file would do; raise TableRefused where it can't be read."""
    if REFUSED in file.plan:
        raise TableRefused(file.plan[REFUSED])
    kind: TableImport[Any] = registry.get(LongImport, file.purpose).kind
    return Preview(kind.rows_again(file.plan["rows"]), file.plan["sheet"], tuple(file.plan["sheets"]))


def _import(file: ImportFile, kind: TableImport[Any], clock: Callable[[], datetime]) -> None:
    key = file.pk
    try:
        with reading_as(file.user):
            kind.run_file(file=file, actor=file.user, now=clock(), on_row=_Progress(key))
    except TableRefused as refused:
        _refuse(file, [Problem(WHOLE, "", str(refused))])
    except RowsRefused as refused:
        _refuse(file, refused.preview.problems)
    except Exception:
        logger.exception("records.import_failed", purpose=file.purpose, key=str(key))
        with reading_as(file.user):
            _refuse(file, [Problem(WHOLE, "", _failed())])


def import_progress(file: ImportFile) -> tuple[int, int]:
    """Return how many rows of how many are read, or written; nothing of nothing before the first."""
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
        self.read(self.done, len(preview.rows))

    def read(self, done: int, total: int) -> None:
        """Tell how many rows of how many are done."""
        cache.set(_cache_key(self.key), (done, total), timeout=KEPT_SECONDS)


def _cache_key(key: UUID) -> str:
    return f"import-progress:{key}"


@transaction.atomic
def _claim(key: UUID, now: datetime) -> ImportFile | None:
    """Return a file to import now. Counted at once, so that one that ends its worker each time does so thrice and no more."""
    asked = ImportFile.objects.filter(_WAITING, pk=key).defer("content")
    file = asked.select_related("user").select_for_update(skip_locked=True, of=("self",)).first()
    if file is None:
        return None
    if not file.user.is_active or file.attempts >= MOST_ATTEMPTS:
        with reading_as(file.user):
            if file.confirmed_at is None:
                _keep_plan(file, {REFUSED: _unread()}, now)
            else:
                _refuse(file, [Problem(WHOLE, "", _failed())])
        return None
    file.attempts += 1
    file.save(update_fields=["attempts"])
    cache.delete(_cache_key(key))
    return file


def _failed() -> str:
    return _("The import failed, and nothing was written. An administrator finds the reason in the log.")


def _unread() -> str:
    return _("The file could not be read. An administrator finds the reason in the log.")


def _keep_plan(file: ImportFile, plan: dict[str, Any], now: datetime) -> None:
    ImportFile.objects.filter(pk=file.pk).update(plan=plan, previewed_at=now, attempts=0)
    cache.delete(_cache_key(file.pk))


def _refuse(file: ImportFile, problems: list[Problem]) -> None:
    ImportFile.objects.filter(pk=file.pk, imported_at=None).update(
        confirmed_at=None, refusals=[asdict(one) for one in problems]
    )
