"""Files of long lists: asked for in the page, written by a worker in pieces, dropped after hours.

PostgreSQL knows what is to be written; the broker's message only wakes a worker up. A worker that dies is noticed by its
silence, and another begins anew.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import BigIntegerField, F, Func, Q, QuerySet
from django.utils.translation import gettext as _

from foundation.accounts.access import access_of
from foundation.accounts.models import User
from foundation.accounts.reading import reading_as
from foundation.lists.choices import OPEN_EXPORTS, ExportState
from foundation.lists.models import QUERY_LENGTH, ListExport, ListExportPart, ListExportShown
from foundation.lists.rebuilding import ListGone, list_page_for
from foundation.lists.services.views import clean_query
from foundation.ui.exports import WRITERS, Sheet

logger = logging.getLogger(__name__)

KEPT_FOR = timedelta(hours=8)  # a working day: until its reader comes by again
SILENT_AFTER = timedelta(minutes=5)
PICKED_UP_AFTER = timedelta(minutes=1)
MOST_ATTEMPTS = 3
MOST_OPEN = 3
PART_BYTES = 512 * 1024
STEP_ROWS = 1_000

Clock = Callable[[], datetime]


class ExportStopped(Exception):
    """Somebody stopped the export, or another worker took it over."""


@transaction.atomic
def export_request(
    *, actor: User, list_key: str, query: str, title: str, file_name: str, fmt: str, now: datetime
) -> ListExport:
    """Note that a person wants a list as a file. Raises ValidationError while MOST_OPEN of theirs are not finished."""
    User.objects.select_for_update().get(pk=actor.pk)  # of two at once, the second sees the first
    open_ones = ListExport.objects.filter(user=actor, state__in=OPEN_EXPORTS)
    if open_ones.count() >= MOST_OPEN:
        raise ValidationError(
            _("%(count)d of your files are being written. Wait for one of them, or stop it.")
            % {"count": MOST_OPEN}
        )
    cleaned = clean_query(query)
    if len(cleaned) > QUERY_LENGTH:
        raise ValidationError(_("These filters are too long to be kept."))
    return ListExport.objects.create(
        user=actor,
        list_key=list_key,
        query=cleaned,
        title=title[:100],
        file_name=file_name,
        format=fmt,
        requested_at=now,
        touched_at=now,
    )


@transaction.atomic
def export_stop(*, export: ListExport, now: datetime) -> None:
    """Stop an export that is not finished; what was written of it goes."""
    stopped = ListExport.objects.filter(pk=export.pk, state__in=OPEN_EXPORTS).update(
        state=ExportState.STOPPED, finished_at=now
    )
    if stopped:
        _drop_content(export)


def is_outdated(export: ListExport, reader: User) -> bool:
    """Tell whether a file holds what its reader may not know of any more, or the list is gone.

    With other roles or units than when it was written it counts as such, whatever it holds. Else its keys are asked for:
    of a record that was restricted meanwhile, moved to another unit, or is the reader's no more. Two counts.
    """
    if export.access != access_of(reader).digest:
        return True
    try:
        page = list_page_for(list_key=export.list_key, query="", user=reader)
    except (ListGone, PermissionDenied):
        return True
    each = Func(F("keys"), function="unnest", output_field=BigIntegerField())
    return not page.sees_all(export.shown.annotate(key=each).values("key"))


def export_run(*, key: UUID, clock: Clock) -> None:
    """Write the file, unless it is being written, finished or stopped. An error leaves it failed, and in the log."""
    export = _claim(key, clock())
    if export is None:
        return
    try:
        _write(export, clock)
    except ExportStopped:
        return
    except (ListGone, PermissionDenied):
        _finish(export, ExportState.FAILED, clock())
    except Exception:
        logger.exception("An export failed: %s", export.list_key)
        _finish(export, ExportState.FAILED, clock())


def exports_tidy(*, clock: Clock) -> list[UUID]:
    """Drop old files, give up on what failed too often, and return the keys of what waits for a worker."""
    now = clock()
    ListExport.objects.filter(requested_at__lt=now - KEPT_FOR).delete()
    silent = ListExport.objects.filter(state=ExportState.RUNNING, touched_at__lt=now - SILENT_AFTER)
    silent.filter(attempt__gte=MOST_ATTEMPTS).update(state=ExportState.FAILED, finished_at=now)
    return list(_waiting(now).order_by("requested_at").values_list("pk", flat=True))


def _waiting(now: datetime) -> QuerySet[ListExport]:
    return ListExport.objects.filter(
        Q(state=ExportState.WAITING, touched_at__lt=now - PICKED_UP_AFTER)
        | Q(state=ExportState.RUNNING, touched_at__lt=now - SILENT_AFTER)
    )


@transaction.atomic
def _claim(key: UUID, now: datetime) -> ListExport | None:
    mine = Q(state=ExportState.WAITING) | Q(
        state=ExportState.RUNNING, touched_at__lt=now - SILENT_AFTER, attempt__lt=MOST_ATTEMPTS
    )
    export = (
        ListExport.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("user")
        .filter(mine, pk=key)
        .first()
    )
    if export is None:
        return None
    _drop_content(export)
    export.state, export.touched_at, export.rows_written = ExportState.RUNNING, now, 0
    export.attempt += 1
    export.save(update_fields=["state", "touched_at", "rows_written", "attempt"])
    return export


def _write(export: ListExport, clock: Clock) -> None:
    with reading_as(export.user):
        page = list_page_for(list_key=export.list_key, query=export.query, user=export.user, for_file=True)
        rows = page.get_filtered_rows()
        _still_mine(export, rows_total=rows.order_by().count(), access=access_of(export.user).digest)
        page.on_rows = lambda shown: _note_keys(export, page.keys_shown(shown))
        sheet = page.get_sheet(rows)
        target = _Parts(export)
        counted = Sheet(sheet.name, sheet.title, sheet.header, _counting(export, sheet.rows, clock))
        WRITERS[export.format](counted, target)  # type: ignore[arg-type]
        target.finish()
    _finish(export, ExportState.DONE, clock(), size=target.size)


def _counting(export: ListExport, rows: Any, clock: Clock) -> Iterator[Any]:
    number = 0
    for number, row in enumerate(rows, start=1):
        yield row
        if number % STEP_ROWS == 0:
            _still_mine(export, rows_written=number, touched_at=clock())
    _still_mine(export, rows_written=number, touched_at=clock())


def _still_mine(export: ListExport, **changes: Any) -> None:
    """Write how far it is; raise ExportStopped when it is not this worker's any more."""
    mine = ListExport.objects.filter(pk=export.pk, state=ExportState.RUNNING, attempt=export.attempt)
    if not mine.update(**changes):
        raise ExportStopped


def _finish(export: ListExport, state: ExportState, now: datetime, *, size: int = 0) -> None:
    if state != ExportState.DONE:
        _drop_content(export)
    mine = ListExport.objects.filter(pk=export.pk, state=ExportState.RUNNING, attempt=export.attempt)
    mine.update(state=state, finished_at=now, size=size)


def _note_keys(export: ListExport, keys: set[int]) -> None:
    if keys:
        ListExportShown.objects.create(export=export, keys=sorted(keys))


def _drop_content(export: ListExport) -> None:
    ListExportPart.objects.filter(export=export).delete()
    ListExportShown.objects.filter(export=export).delete()


class _Parts:
    """A file that is written into the database, piece by piece. It can't be read or gone back in."""

    def __init__(self, export: ListExport) -> None:
        self.size = 0
        self._export = export
        self._held = bytearray()
        self._number = 0

    def write(self, content: bytes) -> int:
        """Take content, and write a piece when there is enough of it."""
        self._held += content
        self.size += len(content)
        while len(self._held) >= PART_BYTES:
            self._put(bytes(self._held[:PART_BYTES]))
            del self._held[:PART_BYTES]
        return len(content)

    def flush(self) -> None:
        """Hold on to what is less than a piece."""

    def finish(self) -> None:
        """Write what is left."""
        if self._held:
            self._put(bytes(self._held))

    def _put(self, content: bytes) -> None:
        ListExportPart.objects.create(export=self._export, number=self._number, content=content)
        self._number += 1
