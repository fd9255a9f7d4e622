"""Importing audits: every row or none."""

from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import connection, transaction

from audits.imports.columns import PURPOSE
from audits.imports.preview import OFFSET_COLUMNS, RowPlan, audits_preview
from audits.schedule import Offsets
from audits.services import AuditPlan, AuditRefused, audit_change, audits_plan
from foundation.accounts.models import User
from foundation.records.imports.drafts import import_file_done, import_file_lock
from foundation.records.imports.preview import RowAction, RowsRefused
from foundation.records.models import ImportFile
from foundation.records.services import StaleRecord
from foundation.trail.services import entry_write

# One import at a time, so that the same file imported twice at once is imported once.
IMPORT_LOCK = 711_000_101


@dataclass(frozen=True)
class ImportOutcome:
    """What an import did: the references of the audits that it planned and changed, and how many rows changed nothing."""

    created: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    unchanged: int = 0


@transaction.atomic
def audits_import(
    *, content: bytes, file_name: str, actor: User, now: datetime, sheet: str = ""
) -> ImportOutcome:
    """Plan or change the audits of a file, all of them or none.

    Raises TableRefused when the file can't be read, RowsRefused when a row can't be imported.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [IMPORT_LOCK])
    preview = audits_preview(content=content, actor=actor, now=now, sheet=sheet)
    if preview.problems:
        raise RowsRefused(preview)
    new = [row for row in preview.rows if row.action == RowAction.CREATE]
    try:
        created = audits_plan(plans=[_plan(row) for row in new], actor=actor, now=now)
    except AuditRefused as refused:  # somebody's rights changed since the rows were read
        new[0].complain("", str(refused))
        raise RowsRefused(preview) from refused
    updated = []
    for row in preview.rows:
        if row.action == RowAction.UPDATE:
            try:
                updated.append(_change(row, actor, now))
            except (AuditRefused, StaleRecord) as error:
                row.complain("", str(error))
                raise RowsRefused(preview) from error
    outcome = ImportOutcome(
        tuple(audit.reference for audit in created), tuple(updated), preview.counts[RowAction.UNCHANGED]
    )
    entry_write(
        action="audits.import.done",
        actor=actor,
        subject=file_name,
        after={
            "sha256": sha256(content).hexdigest(),
            "rows": len(preview.rows),
            "created": len(created),
            "updated": len(updated),
            "unchanged": outcome.unchanged,
        },
    )
    return outcome


@transaction.atomic
def audits_import_file(*, file: ImportFile, actor: User, now: datetime) -> ImportOutcome:
    """Import exactly the file that was previewed; asked again, return what came of it the first time.

    Raises TableRefused and RowsRefused as `audits_import()`.
    """
    locked = import_file_lock(file=file)
    if locked.imported_at is None:
        outcome = audits_import(
            content=bytes(locked.content or b""),
            file_name=locked.file_name,
            actor=actor,
            now=now,
            sheet=locked.sheet,
        )
        import_file_done(file=locked, result=asdict(outcome), now=now)
        return outcome
    return outcome_of(locked)


def outcome_of(file: ImportFile) -> ImportOutcome:
    """Return what came of a file that was imported."""
    result: dict[str, Any] = file.result
    return ImportOutcome(tuple(result["created"]), tuple(result["updated"]), result["unchanged"])


def _plan(row: RowPlan) -> AuditPlan:
    values = {
        name: value for name, value in row.values.items() if name not in (*OFFSET_COLUMNS, "recurrence")
    }
    offsets = Offsets(**{name: row.values[name] for name in OFFSET_COLUMNS if name in row.values})
    return AuditPlan(offsets=offsets, rrule=row.values.get("recurrence", ""), **values)


def _change(row: RowPlan, actor: User, now: datetime) -> str:
    assert row.audit is not None
    changes = dict(row.changes)
    people = {name: changes.pop(name, None) for name in ("team", "auditees")}
    audit = audit_change(
        audit=row.audit, changes=changes, actor=actor, now=now, version=row.audit.version, **people
    )
    return audit.reference


__all__ = ["PURPOSE", "ImportOutcome", "RowsRefused", "audits_import", "audits_import_file", "outcome_of"]
