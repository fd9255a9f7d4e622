"""The rows of a list as a file: at once, or (where a list says so) elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import islice
from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.ui import exports
from foundation.ui.columns import Column
from foundation.ui.components import Pick, Text, When
from foundation.ui.pages import Page

XLSX_ROWS = 20_000
EXPORT_CHUNK = 1_000
PICK = Column("pick", gettext_lazy("Select"))


def has_more(rows: QuerySet[Any], limit: int) -> bool:
    """Tell whether there are more rows than that, without counting on."""
    return rows.order_by()[: limit + 1].count() > limit


class ListFiles(Page):
    """What a list page knows of its rows, and of files of them."""

    title: ClassVar[Text]
    columns: ClassVar[Sequence[Column]]
    file_name: ClassVar[str] = ""  # the file's name; empty: no exports
    on_rows: Callable[[list[Any]], None] | None = None  # hears of the rows that go into a file

    def get_written(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Return the rows of a file with what its cells say of other tables."""
        return rows

    def prepare_rows(self, rows: list[Any]) -> list[Any]:
        """Return the rows of a page (or of a chunk of a file), with what is cheaper to read for all of them at once."""
        return rows

    def keys_shown(self, rows: list[Any]) -> set[int]:
        """Return the keys of what these rows show to those alone who may know of it, for `sees_all` to judge later."""
        return set()

    def sees_all(self, keys: QuerySet[Any]) -> bool:
        """Tell whether the reader may know still of all that has these keys, of those that `keys_shown` returned."""
        return True

    def pick_key(self, row: Any) -> str:
        """Return what is sent of a row that is selected: its key, and its version as the page shows it, where it has one."""
        version = getattr(row, "version", None)
        return str(row.pk) if version is None else f"{row.pk}:{version}"

    def cell(self, column: Column, row: Any) -> Any:
        """Return what stands in a cell."""
        if column is PICK:
            return Pick("row", self.pick_key(row), str(row))
        own = getattr(self, f"cell_{column.key}", None)
        value = own(row) if own else getattr(row, column.key)
        if isinstance(value, date):  # instants are dates, too
            return When(value, self.now)
        return value

    def url(self, **changes: Any) -> str:
        """Return this page's address with other parameters; None takes one out. Whatever changes, page 1 comes first."""
        parameters = self.request.GET.copy()
        for name in ("page", "export"):
            parameters.pop(name, None)
        for name, value in changes.items():
            parameters.pop(name, None)
            if value not in (None, ""):
                parameters[name] = str(value)
        return self._address(parameters)

    def _address(self, parameters: QueryDict) -> str:
        query = parameters.urlencode()
        return f"{self.request.path}?{query}" if query else self.request.path

    def record_export(self, fmt: str) -> None:
        """Note that the reader takes the filtered rows away as a file; by default nothing is noted."""

    def export_elsewhere(self, fmt: str, rows: QuerySet[Any]) -> HttpResponseBase | None:
        """Return an answer when the file is not made while the reader waits; by default it is."""
        return None

    def export_cell(self, column: Column, row: Any) -> Any:
        """Return what stands in a cell of a file: `export_<key>(row)` where there is one, else as on the page."""
        own = getattr(self, f"export_{column.key}", None)
        return own(row) if own else self.cell(column, row)

    def _export_urls(self) -> list[tuple[str, str]]:
        return [(fmt.upper(), self.url(export=fmt)) for fmt in exports.FORMATS] if self.file_name else []

    def _export(self, fmt: str, rows: QuerySet[Any]) -> HttpResponseBase:
        if fmt not in exports.FORMATS:
            messages.error(self.request, _("There is no export as “%(format)s”.") % {"format": fmt[:20]})
            return redirect(self.url())
        if elsewhere := self.export_elsewhere(fmt, rows):
            return elsewhere
        if fmt == "xlsx" and has_more(rows, XLSX_ROWS):
            limit = number_format(XLSX_ROWS, force_grouping=True)
            messages.error(
                self.request,
                _("An XLSX file holds %(limit)s rows here. Filter the list, or take CSV.") % {"limit": limit},
            )
            return redirect(self.url())
        self.record_export(fmt)
        return exports.export_response(fmt, self.get_sheet(rows), day=timezone.localdate(self.now))

    def get_sheet(self, rows: QuerySet[Any]) -> exports.Sheet:
        """Return the rows as a file holds them: with all columns, whichever the page shows."""
        columns = [column for column in self.columns if column.exported]
        return exports.Sheet(
            self.file_name,
            str(self.title),
            [column.label for column in columns],
            self._export_rows(rows, columns),
        )

    def _export_rows(self, rows: QuerySet[Any], columns: Sequence[Column]) -> Iterator[list[Any]]:
        zone, language = timezone.get_current_timezone(), translation.get_language()

        def cells() -> Iterator[list[Any]]:
            # A streamed answer is made after the middleware has put zone and language back. They are in force for no
            # longer than a chunk takes: while it is sent, and when nobody reads on, the thread serves other people.
            source = self.get_written(rows).iterator(chunk_size=EXPORT_CHUNK)
            while chunk := list(islice(source, EXPORT_CHUNK)):
                with timezone.override(zone), translation.override(language):
                    drawn = self.prepare_rows(chunk)
                    if self.on_rows:
                        self.on_rows(drawn)
                    lines = [
                        [exports.plain(self.export_cell(column, row)) for column in columns] for row in drawn
                    ]
                yield from lines

        return cells()
