"""From a cell to a value: each function returns the value or raises CellError with a sentence for the row's author."""

import difflib
import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from foundation.records.imports.tables import BadCell, Cell, Column, Problem, Row, plain_name

T = TypeVar("T")

FIRST_YEAR, LAST_YEAR = 1990, 2199
MONTHS = (
    "january february march april may june july august september october november december".split()  # noqa: SIM905
)
ISO_DAY = re.compile(r"(\d{4})[-./](\d{1,2})[-./](\d{1,2})(?:[T ]00:00(?::00)?(?:\.0+)?)?")
NUMERIC_DAY = re.compile(r"(\d{1,2})[-./](\d{1,2})[-./](\d{2}|\d{4})")
WRITTEN_DAY = re.compile(r"(\d{1,2})\.? ([^\W\d]{3,9})\.?,? (\d{4})")
WRITTEN_MONTH_FIRST = re.compile(r"([^\W\d]{3,9})\.? (\d{1,2}),? (\d{4})")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class CellError(Exception):
    """A cell can't be read as what its column asks for."""


class RowReader:
    """Reads a row's cells one by one and keeps what is wrong with each."""

    def __init__(self, row: Row, columns: Mapping[str, Column]) -> None:
        self.row = row
        self.problems: list[Problem] = []
        self._columns = columns

    def read(self, key: str, parse: Callable[[Cell], T]) -> T | None:
        """Return a column's value, or None where it is empty or wrong; the problem is kept."""
        cell = self.row.cells.get(key)
        try:
            if not is_empty(cell):
                return parse(cell)
        except CellError as error:
            self.complain(key, str(error))
            return None
        if self._columns[key].required:
            self.complain(key, _("This must be filled in."))
        return None

    def complain(self, key: str, message: str) -> None:
        """Keep a problem of a column; an empty key stands for the row as a whole."""
        cell = self.row.cells.get(key) if key else None
        label = str(self._columns[key].label) if key else ""
        self.problems.append(Problem(self.row.number, label, message, shown(cell)))


def is_empty(cell: Cell) -> bool:
    """Tell whether a cell holds nothing but blanks."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def shown(cell: Cell) -> str:
    """Return a cell's content as a person knows it, cut to a line."""
    if cell is None:
        return ""
    if isinstance(cell, BadCell):
        return cell.shown
    if isinstance(cell, datetime):
        return cell.date().isoformat() if _is_midnight(cell) else cell.isoformat(" ", "minutes")
    return " ".join(str(cell).split())[:80]


def text(cell: Cell, *, most: int, lines: bool = False) -> str:
    """Return a cell as text of at most `most` characters, on one line unless `lines`.

    Numbers read as they are written (16, not 16.0), dates as ISO.
    """
    if isinstance(cell, BadCell):
        raise CellError(cell.message)
    if isinstance(cell, bool):
        value = "TRUE" if cell else "FALSE"
    elif isinstance(cell, datetime):
        value = shown(cell)
    elif isinstance(cell, float):
        value = f"{cell:.15g}"
    else:
        value = unicodedata.normalize("NFC", str("" if cell is None else cell))
    value = value.replace("\r\n", "\n").replace("\r", "\n").strip()
    if CONTROL.search(value):
        raise CellError(_("This holds control characters, which can't be shown. Type it again."))
    if not lines:
        value = " ".join(value.split())
    if len(value) > most:
        raise CellError(
            _("This has %(count)s characters; at most %(limit)s fit.") % {"count": len(value), "limit": most}
        )
    return value


def whole_number(cell: Cell, *, least: int, most: int) -> int:
    """Return a cell as a whole number from `least` to `most`."""
    value = text(cell, most=40)
    if isinstance(cell, bool) or not re.fullmatch(r"[+-]?\d{1,12}(\.0+)?", value):
        raise CellError(_("“%(value)s” is not a whole number.") % {"value": value})
    number = int(value.partition(".")[0])
    if not least <= number <= most:
        raise CellError(
            _("%(value)s is out of range: from %(least)s to %(most)s.")
            % {"value": number, "least": least, "most": most}
        )
    return number


def day(cell: Cell) -> date:
    """Return a cell as a date: a spreadsheet's own, ISO (2026-04-03), or written out (3 April 2026).

    03/04/2026 means two days to two readers and is refused; 31/12/2026 and 12/31/2026 mean one.
    """
    if isinstance(cell, datetime):
        if not _is_midnight(cell):
            raise CellError(_("This holds a time of day; write a date only."))
        return _day_of(cell.year, cell.month, cell.day, shown(cell))
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        raise CellError(
            _("%(value)s is a number. Format the cell as a date, or write the date as 2026-04-03.")
            % {"value": cell}
        )
    value = text(cell, most=60)
    if match := ISO_DAY.fullmatch(value):
        return _day_of(int(match[1]), int(match[2]), int(match[3]), value)
    if match := WRITTEN_DAY.fullmatch(value):
        return _day_of(int(match[3]), _month(match[2], value), int(match[1]), value)
    if match := WRITTEN_MONTH_FIRST.fullmatch(value):
        return _day_of(int(match[3]), _month(match[1], value), int(match[2]), value)
    if match := NUMERIC_DAY.fullmatch(value):
        return _numeric_day(int(match[1]), int(match[2]), match[3], value)
    raise CellError(_("“%(value)s” is not a date. Write it as 2026-04-03.") % {"value": value})


def choice(cell: Cell, *, choices: Mapping[str, Any]) -> str:
    """Return the value of a choice that is named by its value or its label; an unknown one is told with the nearest."""
    value = text(cell, most=200)
    names: dict[str, str] = {}
    for key, label in choices.items():
        names.setdefault(plain_name(key), key)
        names.setdefault(plain_name(str(label)), key)
    found = names.get(plain_name(value))
    if found is not None:
        return found
    close = difflib.get_close_matches(plain_name(value), names, n=1, cutoff=0.6)
    if close:
        raise CellError(
            _("“%(value)s” is not known; did you mean “%(label)s”?")
            % {"value": value, "label": choices[names[close[0]]]}
        )
    raise CellError(
        _("“%(value)s” is not known. Known are: %(labels)s.")
        % {"value": value, "labels": ", ".join(str(label) for label in choices.values())}
    )


def names(cell: Cell) -> list[str]:
    """Return the names in a cell, separated by semicolons, commas or line breaks; each once."""
    value = text(cell, most=5_000, lines=True)
    pieces = (" ".join(piece.split()) for piece in re.split(r"[;,\n]", value))
    return list(dict.fromkeys(piece for piece in pieces if piece))


def _is_midnight(value: datetime) -> bool:
    return (value.hour, value.minute, value.second, value.microsecond) == (0, 0, 0, 0)


def _month(word: str, value: str) -> int:
    found = [number for number, name in enumerate(MONTHS, 1) if name.startswith(word.casefold())]
    if word.casefold() == "sept":
        return 9
    if len(found) != 1:
        raise CellError(_("“%(value)s” is not a date. Write it as 2026-04-03.") % {"value": value})
    return found[0]


def _numeric_day(first: int, second: int, year: str, value: str) -> date:
    if len(year) == 2:
        raise CellError(
            _("“%(value)s” has a year of two digits. Write the date as 2026-04-03.") % {"value": value}
        )
    if first <= 12 and second <= 12 and first != second:
        raise CellError(
            _("“%(value)s” can be read as two dates. Write it as %(one)s or %(other)s.")
            % {
                "value": value,
                "one": f"{year}-{second:02d}-{first:02d}",
                "other": f"{year}-{first:02d}-{second:02d}",
            }
        )
    month, number = (second, first) if first > 12 or first == second else (first, second)
    return _day_of(int(year), month, number, value)


def _day_of(year: int, month: int, number: int, value: str) -> date:
    try:
        found = date(year, month, number)
    except ValueError as error:
        raise CellError(_("There is no such day as “%(value)s”.") % {"value": value}) from error
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise CellError(_("The year %(year)s can't be meant.") % {"year": year})
    return found
