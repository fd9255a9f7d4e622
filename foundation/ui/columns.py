"""Columns of a list, quick filters above it, and the values of filters in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.db.models.expressions import Combinable
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from foundation.ui.components import Part, Text, draw
from foundation.ui.dates import day_words


@dataclass(frozen=True)
class Column:
    """A column: its cells come from the page's method `cell_<key>(row)`, or from the attribute `key` of the row.

    `order` makes it sortable by these fields. `is_title` marks the column that names the row (its card's heading on a
    narrow screen). One that `is_extra` is shown to readers who choose it, and stands in every file. A column for
    `exports_only` stands in CSV and XLSX alone, one that is not `exported` on the page alone. A heading that is
    `heard_only` says nothing to those who see the cells: a button in each.
    """

    key: str
    label: Text
    order: Sequence[str | Combinable] = ()
    is_title: bool = False
    at_end: bool = False
    exported: bool = True
    exports_only: bool = False
    is_extra: bool = False
    heard_only: bool = False

    @property
    def css(self) -> str:
        """Return the classes of its cells."""
        return " ".join(
            name for name, wanted in (("is-title", self.is_title), ("is-end", self.at_end)) if wanted
        )


@dataclass(frozen=True)
class ColumnChoice:
    """A column as the reader may choose it."""

    column: Column
    is_shown: bool


def choose_columns(columns: Sequence[Column], asked: Sequence[str]) -> tuple[list[Column], list[str]]:
    """Return the columns that a page shows when these keys are asked for, and the keys that are of none.

    Asked for nothing, it shows the usual ones. The column that names the row is always there.
    """
    offered = [column for column in columns if not column.exports_only]
    known = {column.key for column in offered}
    wanted = known.intersection(asked)
    unknown = [key for key in asked if key not in known]
    if not wanted:
        return [column for column in offered if not column.is_extra], unknown
    return [column for column in offered if column.key in wanted or column.is_title], unknown


@dataclass(frozen=True)
class Heading:
    """A column's heading as it is drawn: where it sorts to, and how the list is sorted by it now."""

    column: Column
    url: str = ""
    sorted: str = ""  # "ascending", "descending" or nothing


@dataclass(frozen=True)
class QuickFilter:
    """A filter in one click: the parameters that it sets, in place of all others."""

    label: Text
    parameters: Mapping[str, str]


@dataclass(frozen=True)
class Chip:
    """A filter that is on, or may be put on, as a link; `is_usual`: it is on while nobody says otherwise."""

    label: Text
    url: str
    is_current: bool = False
    is_usual: bool = False


def draw_rows(columns: Sequence[Column], rows: Iterable[Sequence[Any]]) -> SafeString:
    """Return the rows of a table. Made here and not in a template: a page has hundreds of cells, and this is ten times faster."""
    openings = []
    for column in columns:
        label = "" if column.heard_only else column.label
        openings.append(
            format_html('<td role="cell" data-label="{}" class="{}">', label, column.css)
            if column.css
            else format_html('<td role="cell" data-label="{}">', label)
        )
    lines: list[str] = []
    drawn: dict[int, tuple[Any, SafeString]] = {}  # by identity: the badge of a state stands in many rows
    for row in rows:
        cells: list[str] = []
        for opening, value in zip(openings, row, strict=True):
            known = drawn.get(id(value))
            if known is None:
                known = (value, draw(value))  # with the value, so that no other takes its identity meanwhile
                if isinstance(value, Part | Promise):
                    drawn[id(value)] = known
            cells += opening, known[1], "</td>"
        lines += '<tr role="row">', *cells, "</tr>\n"
    return SafeString("".join(lines))


@dataclass(frozen=True)
class Table(Part):
    """A short table on a page: its columns, and the values of each row. On a narrow screen every row is a card."""

    label: Text
    columns: Sequence[Column]
    rows: Sequence[Sequence[Any]]

    def __html__(self) -> SafeString:
        headings = format_html_join(
            "",
            '<th role="columnheader" scope="col" class="{}">{}</th>',
            ((column.css, column.label) for column in self.columns),
        )
        return format_html(
            '<div class="table-wrap table-cards" tabindex="0" role="region" aria-label="{}">'
            '<table class="data-table" role="table"><thead role="rowgroup"><tr role="row">{}</tr></thead>'
            '<tbody role="rowgroup">{}</tbody></table></div>',
            self.label, headings, draw_rows(self.columns, self.rows),
        )  # fmt: skip

    def __str__(self) -> str:
        return str(self.label)


class BadSort(ValueError):
    """A list cannot be sorted by what the URL asks for."""


def sort_rows(rows: QuerySet[Any], columns: Iterable[Column], sort: str) -> QuerySet[Any]:
    """Return the rows in the order of a column (with - in front: backwards), and of the primary key where it ties."""
    key = sort.removeprefix("-")
    column = next((column for column in columns if column.key == key and column.order), None)
    if column is None:
        raise BadSort(sort)
    ordered = rows.order_by(*column.order, "pk")
    return ordered.reverse() if sort.startswith("-") else ordered


def parameter_names(name: str, field: forms.Field) -> list[str]:
    """Return the URL parameters that carry a filter; a range has two."""
    suffixes: Sequence[str] = getattr(field.widget, "suffixes", ())
    return [f"{name}_{suffix}" if suffix else name for suffix in suffixes] or [name]


def words_of(value: Any, field: forms.Field) -> str:
    """Return a cleaned filter value as it is shown in a chip; empty when the filter is off."""
    if value is None or value == "" or value is False:
        return ""
    if value is True:
        return _("yes")
    if isinstance(value, slice):
        return _span(value.start, value.stop)
    if isinstance(value, str):
        return _choice_label(value, field)
    if isinstance(value, date):
        return day_words(value)
    if isinstance(value, QuerySet | list | tuple | set):
        return ", ".join(_choice_label(one, field) for one in value)
    return str(value)


def _span(start: Any, stop: Any) -> str:
    if start is None and stop is None:
        return ""
    if start is None:
        return _("until %(stop)s") % {"stop": stop}
    if stop is None:
        return _("from %(start)s") % {"start": start}
    return f"{start} – {stop}"


def _choice_label(value: Any, field: forms.Field) -> str:
    if isinstance(value, str):
        return next((str(label) for key, label in _flat_choices(field) if str(key) == value), value)
    return str(value)


def _flat_choices(field: forms.Field) -> Iterator[tuple[Any, Any]]:
    if isinstance(field, forms.ModelChoiceField):
        return
    for key, label in getattr(field, "choices", ()):
        if isinstance(label, list | tuple):
            yield from label
        else:
            yield key, label
