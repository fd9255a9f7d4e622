"""Importing a programme of audits from CSV and XLSX: seen first, then imported whole or not at all."""

from audits.imports.preview import RowPlan
from audits.imports.services import AUDIT_IMPORT, audits_import, audits_import_file, audits_preview
from foundation.records.imports.kinds import ImportOutcome
from foundation.records.imports.preview import Preview, RowAction, RowsRefused

__all__ = [
    "AUDIT_IMPORT",
    "ImportOutcome",
    "Preview",
    "RowAction",
    "RowPlan",
    "RowsRefused",
    "audits_import",
    "audits_import_file",
    "audits_preview",
]
