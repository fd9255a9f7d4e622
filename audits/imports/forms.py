"""The form that a table is brought with."""

from audits.imports.columns import COLUMNS, LIMITS
from foundation.records.imports.pages import TableForm


class ImportForm(TableForm):
    """A CSV or XLSX file of audits."""

    columns = COLUMNS
    limits = LIMITS
