"""Importing audits: every row or none."""

from datetime import datetime
from typing import Any

from audits.imports.columns import COLUMNS, LIMITS
from audits.imports.preview import OFFSET_COLUMNS, AuditReading, RowPlan
from audits.schedule import Offsets
from audits.services import AuditPlan, AuditRefused, audit_change, audits_plan
from foundation.accounts.models import User
from foundation.records.imports.kinds import ImportOutcome, TableImport
from foundation.records.imports.preview import Preview, RowAction
from foundation.records.services import StaleRecord


class AuditImport(TableImport[RowPlan]):
    """A programme of audits; its outcome names them by their references."""

    purpose = "audits"
    right = "audits.import"
    trail_action = "audits.import.done"
    columns = COLUMNS
    limits = LIMITS
    reading = AuditReading

    def write(
        self, preview: Preview[RowPlan], *, actor: User, now: datetime, **options: Any
    ) -> ImportOutcome:
        """Plan or change the audits of the rows."""
        new = preview.rows_to(RowAction.CREATE)
        created, updated = [], []
        if new:
            with preview.refused_by(new[0], AuditRefused):
                created = audits_plan(plans=[_plan(row) for row in new], actor=actor, now=now)
        for row in preview.rows_to(RowAction.UPDATE):
            with preview.refused_by(row, AuditRefused, StaleRecord):
                updated.append(_change(row, actor, now))
        return ImportOutcome(
            tuple(audit.reference for audit in created), tuple(updated), preview.counts[RowAction.UNCHANGED]
        )


def _plan(row: RowPlan) -> AuditPlan:
    values = {
        name: value for name, value in row.values.items() if name not in (*OFFSET_COLUMNS, "recurrence")
    }
    offsets = Offsets(**{name: row.values[name] for name in OFFSET_COLUMNS if name in row.values})
    return AuditPlan(offsets=offsets, rrule=row.values.get("recurrence", ""), **values)


def _change(row: RowPlan, actor: User, now: datetime) -> str:
    assert row.audit is not None
    changes = dict(row.changes)
    people = {name: changes.pop(name, None) for name in ("team", "auditees", "frameworks")}
    audit = audit_change(
        audit=row.audit, changes=changes, actor=actor, now=now, version=row.audit.version, **people
    )
    return audit.reference


AUDIT_IMPORT = AuditImport()
audits_preview, audits_import, audits_import_file = (
    AUDIT_IMPORT.preview,
    AUDIT_IMPORT.run,
    AUDIT_IMPORT.run_file,
)
