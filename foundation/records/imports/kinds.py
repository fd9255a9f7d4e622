"""A kind of import, declared: what its file holds, who may bring it, and how its rows are written. Every row or none."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any, ClassVar, Generic

from django.db import connection, transaction

from foundation.accounts.models import User
from foundation.records.imports.drafts import import_file_done, import_file_lock
from foundation.records.imports.preview import Preview, R, RowsRefused
from foundation.records.imports.reading import read_table
from foundation.records.imports.rows import Reading
from foundation.records.imports.tables import Column, Limits
from foundation.records.models import ImportFile
from foundation.trail.services import entry_write


@dataclass(frozen=True)
class ImportOutcome:
    """What an import did: the names of what it made and changed, by which they are found again, and how many rows changed nothing."""

    created: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    unchanged: int = 0

    def counts(self) -> dict[str, int]:
        """Return how many of each, by name."""
        return {
            name: len(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()
        }

    def lists(self) -> dict[str, Any]:
        """Return everything, as JSON keeps it."""
        return {
            name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()
        }


class TableImport(Generic[R]):
    """A kind of import. One instance serves all requests, so it keeps nothing.

    `purpose` tells its uploads from others', `right` is what a person needs somewhere, `trail_action` names its entry in the
    trail. `write` gets rows without problems, in a transaction that takes one import of the kind at a time.
    """

    purpose: ClassVar[str]
    right: ClassVar[str]
    trail_action: ClassVar[str]
    columns: ClassVar[Sequence[Column]]
    limits: ClassVar[Limits]
    outcome_class: ClassVar[type[ImportOutcome]] = ImportOutcome
    reading: type[Reading[R]]

    def write(self, preview: Preview[R], *, actor: User, now: datetime, **options: Any) -> ImportOutcome:
        """Make and change what the rows say; raise RowsRefused (see `Preview.refused_by`) when one can't be."""
        raise NotImplementedError

    def preview(
        self,
        *,
        content: bytes,
        actor: User,
        now: datetime,
        sheet: str = "",
        on_read: Callable[[int, int], None] | None = None,
    ) -> Preview[R]:
        """Read a table and return what its import by this person would do; writes nothing.

        Raises TableRefused when the file as a whole can't be read. The number of queries does not grow with the rows.
        `on_read` is told how many rows of how many are read, where that takes long.
        """
        table = read_table(content, columns=self.columns, limits=self.limits, sheet=sheet)
        return Preview(self.reading(actor, now).read(table), table.sheet, table.sheets)

    def is_long(self, content: bytes) -> bool:
        """Tell whether a file takes so long that a worker has to read and import it (see `aside.py`)."""
        return False

    def rows_kept(self, rows: Sequence[R]) -> list[Any]:
        """Return of rows what the page shows of them, as JSON keeps it until the person comes back."""
        raise NotImplementedError

    def rows_again(self, kept: Sequence[Any]) -> list[R]:
        """Return rows as they were kept, to be shown and not to be imported."""
        raise NotImplementedError

    @transaction.atomic
    def run(
        self,
        *,
        content: bytes,
        file_name: str,
        actor: User,
        now: datetime,
        sheet: str = "",
        on_row: Callable[[Preview[Any]], None] | None = None,
        **options: Any,
    ) -> ImportOutcome:
        """Make or change what the rows of a file say, all of them or none; `on_row` is told of each.

        Raises TableRefused when the file can't be read, RowsRefused when a row can't be imported.
        """
        self._wait_for_others()
        preview = self.preview(content=content, actor=actor, now=now, sheet=sheet)
        if preview.problems:
            raise RowsRefused(preview)
        outcome = self.write(replace(preview, on_row=on_row), actor=actor, now=now, **options)
        entry_write(
            action=self.trail_action,
            actor=actor,
            subject=file_name,
            after={"sha256": sha256(content).hexdigest(), "rows": len(preview.rows), **outcome.counts()},
        )
        return outcome

    @transaction.atomic
    def run_file(self, *, file: ImportFile, actor: User, now: datetime, **options: Any) -> ImportOutcome:
        """Import exactly the file that was previewed; asked again, return what came of it the first time.

        Raises TableRefused and RowsRefused as `run()`.
        """
        locked = import_file_lock(file=file)
        if locked.imported_at is not None:
            return self.outcome_of(locked)
        outcome = self.run(
            content=bytes(locked.content or b""),
            file_name=locked.file_name,
            actor=actor,
            now=now,
            sheet=locked.sheet,
            **options,
        )
        import_file_done(file=locked, result=outcome.lists(), now=now)
        return outcome

    def outcome_of(self, file: ImportFile) -> ImportOutcome:
        """Return what came of a file that was imported."""
        kept: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in file.result.items()
        }
        return self.outcome_class(**kept)

    def _wait_for_others(self) -> None:
        """Take one import of this kind at a time, so that the same file imported twice at once is imported once."""
        key = int.from_bytes(sha256(f"import {self.purpose}".encode()).digest()[:8], signed=True)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])
