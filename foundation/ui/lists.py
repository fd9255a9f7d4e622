"""The page of a list: filters and order in the URL, pages, exports; whole, or only its results for htmx."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.forms import CheckboxInput, Select, Widget
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.utils.formats import number_format
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.ui.columns import (
    BadSort,
    Chip,
    Column,
    ColumnChoice,
    Heading,
    QuickFilter,
    choose_columns,
    draw_rows,
    parameter_names,
    sort_rows,
    words_of,
)
from foundation.ui.components import Text
from foundation.ui.filters import ANY, FilterSet
from foundation.ui.list_files import PICK, ListFiles
from foundation.ui.pages import fills
from foundation.ui.pagination import COUNTED, PAGE_SIZE, BadPage, Page, parse_page, read_page
from foundation.ui.structure import Action, Crumb, EmptyState

RESULTS = "results"
SEARCH = "q"
COLUMNS = "columns"
LAYOUT = ("sort", COLUMNS)  # parameters that say how the list looks, not what it holds
NOT_KEPT = ("page", "export")
MOST_ASKED = 500  # characters of an address for which the frame around the rows is kept as it was drawn
BULK_MOST = 100  # rows that a step is taken for at once


def _css_of(widget: Widget) -> str:
    if isinstance(widget, CheckboxInput):
        return "form-check-input"
    return "form-select" if isinstance(widget, Select) else "form-control"


class ListPage(ListFiles):
    """A list of rows. A page names its columns and filters, and says which rows its reader may see.

    Nothing that stands in a URL can break it: what is no filter value, order or page is told above the results, and the
    rest is used.
    """

    default_sort: ClassVar[str]
    filterset_class: ClassVar[type[FilterSet] | None] = None
    primary_filters: ClassVar[Sequence[str] | None] = (
        None  # the others stand under "More filters"; None: all are primary
    )
    default_filters: ClassVar[Mapping[str, str]] = {}  # on until the URL says otherwise; ANY turns one off
    quick_filters: ClassVar[Sequence[QuickFilter]] = ()
    right: ClassVar[str] = ""
    page_size: ClassVar[int] = PAGE_SIZE
    counted: ClassVar[int] = (
        COUNTED  # how many are counted before "more than"; fewer where a row costs more to find
    )
    template_name: ClassVar[str] = "ui/list_page.html"
    rows_label: ClassVar[Text] = gettext_lazy("Results")

    sort: str
    shown: Sequence[Column]
    notices: list[str]

    # What a page of its own says.

    def get_rows(self) -> QuerySet[Any]:
        """Return what the reader may see, not filtered, not ordered, with what its cells need."""
        raise NotImplementedError

    def get_shown(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Return the rows of one page with what is asked of them alone: a join in `get_rows` is one for all keys, too."""
        return rows

    def get_grounds(self) -> Sequence[Q]:
        """Return conditions of which every row that the reader may see fulfils one, each served by an index, or none."""
        return ()

    def get_subtitle(self) -> Any:
        """Return what stands under the title."""
        return ""

    def get_actions(self) -> Sequence[Action]:
        """Return the buttons at the top that the reader may use."""
        return ()

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        return ()

    def get_empty_state(self) -> EmptyState:
        """Return what is said when there is nothing at all, and what to do first."""
        return EmptyState(_("Nothing here yet"))

    def get_extra_context(self) -> Mapping[str, Any]:
        """Return what a template of its own needs besides."""
        return {}

    def get_bulk_actions(self) -> Sequence[Action]:
        """Return the steps that the reader may take for many rows at once; each leads to a form."""
        return ()

    def get_results_extras(self) -> Mapping[str, Any]:
        """Return what a template of its own needs in the results, which htmx draws anew without the rest of the page."""
        return {}

    def get_more_chips(self) -> Sequence[Chip]:
        """Return what stands beside the quick filters."""
        return ()

    def check_reader(self) -> None:
        """Raise PermissionDenied for whoever may not open the list."""
        if self.right and not self.may(self.right):
            raise self.missing(self.right)

    # How it is answered.

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Read the order and the columns that the URL asks for."""
        super().setup(request, *args, **kwargs)
        self.sort = request.GET.get("sort") or self.default_sort
        self.notices = []
        self.shown, unknown = choose_columns(self.columns, request.GET.getlist(COLUMNS))
        if unknown:
            self.notices.append(_("There is no column “%(column)s” here.") % {"column": unknown[0][:20]})

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refuse whoever lacks the right."""
        if request.user.is_authenticated:
            self.check_reader()
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Return the page, its results part, or a file."""
        filterset, rows = self._filtered()
        export = request.GET.get("export", "")
        if export and self.file_name:
            return self._export(export, rows)
        page = self._page(rows)
        context = self._results_context(page, filterset)
        if fills(request, RESULTS):
            return render(request, "ui/_results.html", {**context, "is_part": True})
        return render(request, self.template_name, {**context, **self._page_context(filterset)})

    def holds(self, key: str) -> bool:
        """Tell whether a column is on the page, or in the file that is asked for."""
        return bool(self.request.GET.get("export")) or any(column.key == key for column in self.shown)

    def get_filtered_rows(self) -> QuerySet[Any]:
        """Return the rows that fit what the URL asks for, in its order."""
        return self._filtered()[1]

    def _filtered(self) -> tuple[FilterSet | None, QuerySet[Any]]:
        filterset = self._filterset()
        return filterset, self._sorted(filterset.qs if filterset else self.get_rows())

    def _asked(self) -> QueryDict:
        """Return what the URL asks for, with the usual filters where it says nothing of them."""
        asked = self.request.GET.copy()
        for name, value in self.default_filters.items():
            if not asked.get(name):
                asked[name] = value
        return asked

    def _filterset(self) -> FilterSet | None:
        if self.filterset_class is None:
            return None
        filterset = self.filterset_class(self._asked(), queryset=self.get_rows(), request=self.request)
        for field in filterset.form.fields.values():
            field.widget.attrs["class"] = _css_of(field.widget)
        if SEARCH in filterset.form.fields:
            filterset.form.fields[SEARCH].widget.input_type = "search"
        for name, errors in filterset.form.errors.items():
            field = filterset.form.fields.get(name)
            label = field.label if field else ""
            self.notices.append(
                _("Filter “%(label)s” was left out: %(error)s") % {"label": label, "error": errors[0]}
            )
        return filterset

    def _sorted(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        try:
            return sort_rows(rows, self.columns, self.sort)
        except BadSort:
            self.notices.append(_("The list cannot be sorted that way; it is in its usual order."))
            self.sort = self.default_sort
            return sort_rows(rows, self.columns, self.default_sort)

    def _page(self, rows: QuerySet[Any]) -> Page:
        asked = self.request.GET.get("page", "1")
        try:
            return self._read_page(rows, parse_page(asked))
        except BadPage as error:
            self.notices.append(_("There is no page “%(page)s” here.") % {"page": asked[:20]})
            return self._read_page(rows, error.nearest)

    def _read_page(self, rows: QuerySet[Any], number: int) -> Page:
        return read_page(
            rows,
            number,
            size=self.page_size,
            counted=self.counted,
            grounds=self.get_grounds(),
            in_full=self.get_shown,
        )

    # The parts of the page.

    def _page_context(self, filterset: FilterSet | None) -> dict[str, Any]:
        return {
            "title": self.title,
            "subtitle": self.get_subtitle(),
            "actions": self.get_actions(),
            "crumbs": self.get_crumbs(),
            "filters": SimpleLazyObject(lambda: self._filter_fields(filterset)),
            "filters_look": filterset.look if filterset else "",
            **self.get_extra_context(),
        }

    def _results_context(self, page: Page, filterset: FilterSet | None) -> dict[str, Any]:
        bulk = self.get_bulk_actions() if page.rows else ()
        columns = [PICK, *self.shown] if bulk else self.shown
        rows = self.prepare_rows(page.rows)
        active = self._active_chips(filterset) if filterset else []
        return {
            "now": self.now,
            "page": page,
            "look": self._look(has_bulk=bool(bulk)),
            "headings": SimpleLazyObject(lambda: [self._heading(column) for column in columns]),
            "body": draw_rows(columns, [[self.cell(column, row) for column in columns] for row in rows]),
            "rows_label": self.rows_label,
            "bulk_actions": bulk,
            "bulk_all": 0 if page.is_capped or not len(page.rows) < page.total <= BULK_MOST else page.total,
            "bulk_filters": self.url().partition("?")[2],
            "notices": self.notices,
            "active_chips": active,
            "quick_chips": [*self._quick_chips(), *self.get_more_chips()],
            "clear_url": self._clear_url(),
            "layout": self._kept(LAYOUT),
            "column_choices": SimpleLazyObject(self._column_choices),
            "kept_by_columns": SimpleLazyObject(self._kept_by_columns),
            "usual_columns_url": self.url(**{COLUMNS: None}) if COLUMNS in self.request.GET else "",
            "count_text": self._count_text(page),
            "page_links": [(number, self.url(page=number) if number else "") for number in page.numbers],
            "previous_url": self.url(page=page.previous) if page.previous else "",
            "next_url": self.url(page=page.next) if page.next else "",
            "export_urls": self._export_urls(),
            "empty": self.get_empty_state() if self._is_empty(page, active) else None,
            **self.get_results_extras(),
        }

    def _is_kept(self) -> bool:
        """Tell whether what is drawn for the address is kept; the longest are nobody's habit."""
        return len(self.request.META.get("QUERY_STRING", "")) <= MOST_ASKED

    def _look(self, *, has_bulk: bool) -> Hashable:
        """Return what the frame around the rows is drawn from: the address without the page's number, order and columns.

        None, by which nothing is kept, for an address that nobody comes back to: it would only crowd out others.
        """
        if not self._is_kept():
            return None
        asked = ((name, *self.request.GET.getlist(name)) for name in self.request.GET if name not in NOT_KEPT)
        return (self.request.path, *asked, self.sort, has_bulk, *(column.key for column in self.shown))

    def _is_empty(self, page: Page, active: Sequence[Chip]) -> bool:
        """Tell whether there is nothing at all: of what the usual filters hold back there may be some."""
        if page.rows or page.total or any(not chip.is_usual for chip in active):
            return False
        return not active or not self.get_rows().exists()

    def _clear_url(self) -> str:
        parameters = QueryDict(mutable=True)
        for name in self.default_filters:
            parameters[name] = ANY
        for name, value in self._kept(LAYOUT):
            parameters.appendlist(name, value)
        return self._address(parameters)

    def _kept(self, names: Iterable[str]) -> list[tuple[str, str]]:
        """Return the parameters of these names as a form repeats them; the page's number is not for repeating."""
        return [
            (name, value)
            for name in names
            if name not in NOT_KEPT
            for value in self.request.GET.getlist(name)
            if value
        ]

    def _kept_by_columns(self) -> list[tuple[str, str]]:
        return self._kept(name for name in self.request.GET if name != COLUMNS)

    def _column_choices(self) -> list[ColumnChoice]:
        shown = {column.key for column in self.shown}
        choices = [
            ColumnChoice(column, column.key in shown)
            for column in self.columns
            if not column.exports_only and not column.is_title
        ]
        return choices if any(choice.column.is_extra for choice in choices) or len(choices) > 4 else []

    def _heading(self, column: Column) -> Heading:
        if not column.order:
            return Heading(column)
        if self.sort == column.key:
            return Heading(column, self.url(sort=f"-{column.key}"), "ascending")
        return Heading(
            column, self.url(sort=column.key), "descending" if self.sort == f"-{column.key}" else ""
        )

    def _filter_fields(self, filterset: FilterSet | None) -> dict[str, Any]:
        fields = list(filterset.form.visible_fields()) if filterset else []
        primary = (
            fields
            if filterset is None or self.primary_filters is None
            else [filterset.form[name] for name in self.primary_filters]
        )
        more = [field for field in fields if field not in primary]
        is_open = any(field.data not in (None, "", [], False) for field in more)
        return {"primary": primary, "more": more, "is_more_open": is_open}

    def _active_chips(self, filterset: FilterSet) -> list[Chip]:
        chips = []
        for name, field in filterset.form.fields.items():
            value = filterset.form.cleaned_data.get(name)
            words = words_of(value, field)
            if words and not (value == ANY and name in self.default_filters):
                usual = self.default_filters.get(name)
                without = {name: ANY} if usual else dict.fromkeys(parameter_names(name, field))
                label = field.label if value is True else f"{field.label}: {words}"
                chips.append(
                    Chip(str(label), self.url(**without), is_usual=usual is not None and value == usual)
                )
        return chips

    def _quick_chips(self) -> list[Chip]:
        ignored = {*NOT_KEPT, *LAYOUT}
        asked = {name: value for name, value in self.request.GET.items() if value and name not in ignored}
        now_set = {**self.default_filters, **asked}
        columns = [(COLUMNS, key) for key in self.request.GET.getlist(COLUMNS)]
        chips = []
        for quick in self.quick_filters:
            query = urlencode([*quick.parameters.items(), *columns])
            url = f"{self.request.path}?{query}" if query else self.request.path
            chips.append(Chip(quick.label, url, now_set == {**self.default_filters, **quick.parameters}))
        return chips

    def _count_text(self, page: Page) -> str:
        first, last, total = (
            number_format(number, force_grouping=True) for number in (page.first, page.last, page.total)
        )
        if page.is_capped and not page.first:
            return _("the end of more than %(total)s") % {"total": total}
        if page.is_capped:
            return _("%(first)s–%(last)s of more than %(total)s") % {
                "first": first,
                "last": last,
                "total": total,
            }
        if page.pages == 1:
            return total
        return _("%(first)s–%(last)s of %(total)s") % {"first": first, "last": last, "total": total}
