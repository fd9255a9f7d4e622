"""Importing a programme of audits from CSV and XLSX: seen first, then imported whole or not at all."""

from audits.imports.preview import RowPlan, audits_preview
from audits.imports.services import ImportOutcome, audits_import, audits_import_file
from foundation.records.imports.preview import Preview, RowAction, RowsRefused

__all__ = [
    "ImportOutcome",
    "Preview",
    "RowAction",
    "RowPlan",
    "RowsRefused",
    "audits_import",
    "audits_import_file",
    "audits_preview",
]
