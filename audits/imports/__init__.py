"""Importing a programme of audits from CSV and XLSX: seen first, then imported whole or not at all."""

from audits.imports.preview import Preview, RowAction, RowPlan, audits_preview
from audits.imports.services import ImportOutcome, RowsRefused, audits_import, audits_import_file

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
