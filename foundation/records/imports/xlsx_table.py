"""XLSX: one sheet, streamed, with typed cells. Nothing of the workbook but its values is looked at.

The parts are read here rather than by openpyxl since its reader builds whole rows, the string table and the styles in
memory before anyone can count them, and fills gaps up to whatever row number a file claims (ECMA-376 Part 1, §18).
"""

import io
import posixpath
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse
from django.utils.translation import gettext as _
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format

from foundation.archives import BROKEN_ARCHIVE, Archive, ArchiveLimits, ArchiveRefused, BoundedPart
from foundation.records.imports.archive import broken_workbook, fault_words
from foundation.records.imports.csv_table import too_many_columns, too_many_rows
from foundation.records.imports.tables import BadCell, Cell, Limits, RawRow, RawTable, TableRefused

MEGABYTE = 1024 * 1024
SMALL_PART = 2 * MEGABYTE
PIECES = 100_000  # elements in one row (16,384 cells at the most) or in one text
DEEPEST = 50
WORKBOOK = "xl/workbook.xml"
COORDINATE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
SURROGATE = re.compile(r"[\ud800-\udfff]")
# A spreadsheet counts days from here, in no time zone.
FIRST_DAY = datetime(1899, 12, 30)  # noqa: DTZ001
FIRST_DAY_1904 = datetime(1904, 1, 1)  # noqa: DTZ001
LAST_SERIAL = 2_958_466  # 10000-01-01


def read_xlsx(content: bytes, *, limits: Limits, sheet: str = "") -> RawTable:
    """Return the rows of a workbook's sheet: the one named, else the first that is not hidden.

    Cells are text, numbers, booleans and datetimes; formulas and error values come as BadCell. Raises TableRefused for
    macros, passwords, other formats, merged cells, damage, and whatever exceeds the limits.
    """
    bounds = ArchiveLimits(
        parts=limits.archive_entries, unpacked_bytes=limits.archive_bytes, ratio=limits.archive_ratio
    )
    try:
        archive = Archive(io.BytesIO(content), bounds)
        _refuse_other_formats(archive)
        workbook = _Workbook(archive, limits)
        name, path = workbook.choose(sheet)
        strings = list(_strings(archive, workbook.path_of("sharedStrings")))
        dates = _date_styles(archive, workbook.path_of("styles"))
        parser = _Sheet(strings=strings, dates=dates, epoch=workbook.epoch, limits=limits)
        with archive.open(path) as part:
            rows = list(parser.rows(part))
    except ArchiveRefused as refused:
        raise TableRefused(fault_words(refused)) from refused
    except (ParseError, DefusedXmlException, KeyError, IndexError, *BROKEN_ARCHIVE) as error:
        raise TableRefused(broken_workbook()) from error
    if parser.merged:
        raise TableRefused(
            _("Cells are merged at %(places)s. Unmerge them: every row has to say everything itself.")
            % {"places": ", ".join(parser.merged[:5])}
        )
    return RawTable(rows, name, tuple(workbook.visible))


def _refuse_other_formats(archive: Archive) -> None:
    names = archive.names
    if "mimetype" in names:
        raise TableRefused(_("This is an OpenDocument file. Save it as XLSX or CSV."))
    if WORKBOOK not in names:
        if "xl/workbook.bin" in names:
            raise TableRefused(_("This is a binary workbook (XLSB). Save it as XLSX or CSV."))
        raise TableRefused(_("This is an archive, but not an XLSX workbook. Upload XLSX or CSV."))
    types = archive.read("[Content_Types].xml", SMALL_PART)
    if b"macroEnabled" in types or any(name.endswith("vbaProject.bin") for name in names):
        raise TableRefused(_("This workbook carries macros. Save it as XLSX without macros, or as CSV."))


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _events(part: BoundedPart, keep: str = "") -> Iterator[tuple[str, Element]]:
    """Yield the start and end of every element, forgetting each at its end unless it is inside one called `keep`.

    What is kept, and how deep elements are nested, is counted, so no part can fill the memory by its structure.
    """
    path: list[Element] = []
    kept_from = pieces = 0
    for event, element in iterparse(part, events=("start", "end"), forbid_dtd=True):
        if event == "start":
            path.append(element)
            if not kept_from and keep and _local(element) == keep:
                kept_from, pieces = len(path), 0
            pieces += 1
            if len(path) > DEEPEST or (kept_from and pieces > PIECES):
                raise TableRefused(broken_workbook())
            yield event, element
            continue
        yield event, element
        if len(path) == kept_from:
            kept_from = 0
        path.pop()
        if path and not kept_from:
            path[-1].clear()


class _Workbook:
    """The list of sheets, and where the parts are."""

    def __init__(self, archive: Archive, limits: Limits) -> None:
        self.epoch = FIRST_DAY
        self.visible: list[str] = []
        self._sheets: dict[str, str] = {}
        self._targets: dict[str, str] = {}
        self._parts: dict[str, str] = {}
        with archive.open(WORKBOOK, SMALL_PART) as part:
            for event, element in _events(part):
                if event == "start" and _local(element) == "sheet":
                    name = element.get("name", "")
                    if len(name) > limits.sheet_name_characters:
                        raise TableRefused(_sheet_name_too_long(name, limits))
                    self._sheets[name] = next(
                        (value for key, value in element.attrib.items() if key.endswith("}id")), ""
                    )
                    if element.get("state", "visible") == "visible":
                        self.visible.append(name)
                elif event == "start" and element.get("date1904") in ("1", "true"):
                    self.epoch = FIRST_DAY_1904
        with archive.open("xl/_rels/workbook.xml.rels", SMALL_PART) as part:
            for event, element in _events(part):
                if event == "start" and _local(element) == "Relationship":
                    target = posixpath.normpath(posixpath.join("/xl", element.get("Target", ""))).lstrip("/")
                    self._targets[element.get("Id", "")] = target
                    self._parts.setdefault(element.get("Type", "").rpartition("/")[2], target)

    def choose(self, name: str) -> tuple[str, str]:
        """Return the name and part of the sheet to read."""
        if name:
            chosen = next(
                (known for known in self._sheets if known.casefold() == name.strip().casefold()), None
            )
            if chosen is None:
                raise TableRefused(
                    _("There is no sheet “%(name)s”. The workbook has: %(sheets)s.")
                    % {"name": name, "sheets": ", ".join(self.visible)}
                )
        elif self.visible:
            chosen = self.visible[0]
        else:
            raise TableRefused(_("All sheets of this workbook are hidden. Show the one to import."))
        return chosen, self._targets[self._sheets[chosen]]

    def path_of(self, kind: str) -> str:
        """Return the part of a kind, or an empty string when the workbook has none."""
        return self._parts.get(kind, "")


def _sheet_name_too_long(name: str, limits: Limits) -> str:
    return _(
        "The name of a sheet has %(count)s characters, at most %(limit)s are read. Give it a shorter one."
    ) % {
        "count": len(name),
        "limit": limits.sheet_name_characters,
    }


def _strings(archive: Archive, path: str) -> Iterator[str]:
    """Yield the shared strings; runs of rich text are joined, phonetic hints left out."""
    if not path:
        return
    with archive.open(path) as part:
        for event, element in _events(part, keep="si"):
            if event == "end" and _local(element) == "si":
                yield _text(element)


def _text(element: Element) -> str:
    """Return the text of a string item: its own, or that of its runs."""
    pieces: list[str] = []
    for child in element:
        if _local(child) == "t":
            pieces.append(child.text or "")
        elif _local(child) == "r":
            pieces.extend(grandchild.text or "" for grandchild in child if _local(grandchild) == "t")
    text = ESCAPED.sub(lambda match: chr(int(match[1], 16)), "".join(pieces))
    if SURROGATE.search(text):
        # Escaped halves are those of UTF-16: two make a character, and one alone none that could be kept.
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def _date_styles(archive: Archive, path: str) -> set[int]:
    """Return the numbers of the cell styles that show a number as a date."""
    if not path:
        return set()
    formats: dict[int, str] = dict(BUILTIN_FORMATS)
    dates: set[int] = set()
    inside = False
    index = 0
    with archive.open(path, 8 * MEGABYTE) as part:
        for event, element in _events(part):
            name = _local(element)
            if name == "cellXfs":
                inside = event == "start"
            elif event == "end":
                if name == "numFmt":
                    formats[int(element.get("numFmtId", "0"))] = element.get("formatCode", "")
                continue
            elif name == "xf" and inside:
                if is_date_format(formats.get(int(element.get("numFmtId", "0")), "")):
                    dates.add(index)
                index += 1
    return dates


class _Sheet:
    """Streams the rows of a sheet, forgetting each when it was yielded."""

    def __init__(self, *, strings: list[str], dates: set[int], epoch: datetime, limits: Limits) -> None:
        self._strings = strings
        self._dates = dates
        self._epoch = epoch
        self._limits = limits
        self.merged: list[str] = []

    def rows(self, part: BoundedPart) -> Iterator[RawRow]:
        """Yield the rows that hold anything; raise TableRefused past the limits on rows and columns."""
        number = kept = 0
        for event, element in _events(part, keep="row"):
            name = _local(element)
            if event == "start":
                if name == "mergeCell" and len(self.merged) < 10:
                    self.merged.append(element.get("ref", ""))
            elif name == "row":
                number = int(element.get("r") or number + 1)
                cells = self._cells(element, number)
                if cells:
                    kept += 1
                    if kept > self._limits.rows + 1:
                        raise TableRefused(too_many_rows(self._limits))
                    yield RawRow(number, cells)

    def _cells(self, row: Element, number: int) -> list[Cell]:
        """Return the cells up to the last that holds anything."""
        cells: list[Cell] = []
        column = 0
        for element in row:
            if _local(element) != "c":
                continue
            match = COORDINATE.fullmatch(element.get("r", ""))
            column = _column_number(match[1]) if match else column + 1
            value = self._value(element)
            if value is None or (isinstance(value, str) and not value.strip()):
                continue
            if column > self._limits.columns:
                raise TableRefused(too_many_columns(self._limits, number))
            cells.extend([None] * (column - len(cells)))
            cells[column - 1] = value
        return cells

    def _value(self, element: Element) -> Cell:
        raw = ""
        for child in element:
            name = _local(child)
            if name == "f":
                return BadCell(
                    _("This cell holds a formula. Copy the column and paste it back as values."),
                    f"={child.text or ''}"[:60],
                )
            if name == "v":
                raw = child.text or ""
            elif name == "is":
                raw = _text(child)
        return self._typed(element.get("t", "n"), raw, element.get("s", "0")) if raw else None

    def _typed(self, kind: str, raw: str, style: str) -> Cell:
        """Return a value by its type (ECMA-376 Part 1, §18.18.11)."""
        match kind:
            case "n":
                return self._number(raw, int(style))
            case "s":
                return self._text(self._strings[int(raw)])
            case "b":
                return raw.strip() in ("1", "true")
            case "d":
                return datetime.fromisoformat(raw).replace(tzinfo=None)
            case "e":
                return BadCell(_("This cell shows the error %(error)s.") % {"error": raw[:20]}, raw[:20])
            case _:
                return self._text(raw)

    def _text(self, text: str) -> Cell:
        if len(text) > self._limits.cell_characters:
            return BadCell(
                _("This cell holds %(count)s characters; at most %(limit)s are read.")
                % {"count": len(text), "limit": self._limits.cell_characters},
                text[:60],
            )
        return text

    def _number(self, raw: str, style: int) -> Cell:
        number = float(raw)
        if style not in self._dates:
            return int(number) if number.is_integer() and abs(number) < 1e15 else number
        if not 1 <= number < LAST_SERIAL:
            return BadCell(_("This is no day of the calendar."), raw[:20])
        return self._epoch + timedelta(seconds=round(number * 86_400))


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
