"""Reading tables that people bring: CSV and XLSX files, bounded, checked, and with every row's problems told.

`read_table()` turns bytes into rows under named columns; `cells` turns a cell into a value or a CellError;
`directories` find people and units by what people write; `drafts` keep a file between its preview and its import.
`rows`, `preview` and `kinds` turn rows into what they do, and do it; `views` and `commands` are the doors.
An app declares the meaning of its columns (see `foundation/enrolment` and `audits/imports`).
"""

from foundation.records.imports.cells import CellError, RowReader
from foundation.records.imports.reading import read_table
from foundation.records.imports.tables import Column, Limits, Problem, Row, Table, TableRefused

__all__ = [
    "CellError",
    "Column",
    "Limits",
    "Problem",
    "Row",
    "RowReader",
    "Table",
    "TableRefused",
    "read_table",
]
