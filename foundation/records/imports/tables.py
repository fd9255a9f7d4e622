"""What a table is: its columns, rows, limits and problems."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from foundation.accounts.models import User


class TableRefused(Exception):
    """The file as a whole can't be read; the message tells a person why, and what to do about it."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How much of a file is read before it is refused. Bytes are those of the upload; parts are unpacked ones."""

    file_bytes: int = 10 * 1024 * 1024
    rows: int = 20_000
    columns: int = 100
    cell_characters: int = 20_000
    sheet_name_characters: int = 100
    archive_entries: int = 2_000
    archive_bytes: int = 64 * 1024 * 1024
    archive_ratio: int = 150


@dataclass(frozen=True)
class BadCell:
    """A cell whose content is refused for what it is (a formula, an error value), with the reason."""

    message: str
    shown: str = ""


Cell = str | int | float | bool | datetime | BadCell | None


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of a kind of table: found by its key, its label (in English or the reader's language) or an alias.

    `read` turns a cell into a value or raises CellError; a column that needs to know more than its cell has a method
    `read_<key>` in the reading of its rows instead (see `rows.Reading`). `choices` are the drop-down in the template file
    for this person, `is_day` formats its cells as dates; `width` is in characters.
    """

    key: str
    label: Any
    required: bool = False
    aliases: tuple[str, ...] = ()
    help: Any = ""
    example: str = ""
    width: int = 18
    read: Callable[[Cell], Any] | None = None
    choices: Callable[["User"], Sequence[str]] | None = None
    is_day: bool = False


@dataclass(frozen=True)
class RawRow:
    """A row that is not empty, with the number that a spreadsheet shows beside it."""

    number: int
    cells: list[Cell]


@dataclass(frozen=True)
class RawTable:
    """A file's rows before their columns have meaning; `sheet` is the one that was read, of these `sheets`."""

    rows: list[RawRow]
    sheet: str = ""
    sheets: tuple[str, ...] = ()


@dataclass(frozen=True)
class Row:
    """A row by column key; a column that the file does not have reads as empty."""

    number: int
    cells: dict[str, Cell]


@dataclass(frozen=True)
class Problem:
    """Something wrong in a row, in the column called `column` (empty: in the row as a whole)."""

    row: int
    column: str
    message: str
    value: str = ""


@dataclass(frozen=True)
class Table:
    """A file's rows under known columns, with the problems of their shape (too many cells)."""

    columns: tuple[Column, ...]
    rows: list[Row]
    problems: list[Problem] = field(default_factory=list)
    sheet: str = ""
    sheets: tuple[str, ...] = ()


def plain_name(text: str) -> str:
    """Return a column's or a choice's name as it is compared: without case, blanks and punctuation."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold())
