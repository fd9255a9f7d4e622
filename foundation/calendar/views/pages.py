"""The calendar."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.accounts.organisation import organisation_day
from foundation.accounts.permissions import person_of
from foundation.calendar.choices import View
from foundation.calendar.drawing import entries_html, lines_html
from foundation.calendar.filters import CalendarFilters
from foundation.calendar.selectors import dates_visible, days_listed, days_of, page_of
from foundation.calendar.spans import Span, parse_day, span_of
from foundation.calendar.views.moves import moved_last
from foundation.ui.columns import Chip
from foundation.ui.pages import Page, fills
from foundation.ui.pagination import BadPage, parse_page
from foundation.ui.pagination import Page as Part
from foundation.ui.structure import Action, EmptyState

RESULTS = "results"
SHOWN = {View.MONTH: 3, View.WEEK: 12}
FILTERS = ("duty", "kind", "unit", "person", "state", "mine")


class CalendarPage(Page):
    """All dates that a person may know of, by month, week or day or as a list.

    The address says which: `view`, a `day` of it, and the filters; `page` turns the pages of lists.
    """

    notices: list[str]
    span: Span
    today: date

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the page, or its results alone for htmx."""
        self.user = person_of(request)
        self.notices = []
        self.today = organisation_day(self.now)
        self.span = span_of(self._view(), self._day())
        is_part = fills(request, RESULTS)
        page_context = {} if is_part else self._page_context()
        context = {**page_context, **self._results_context(), "is_part": is_part, "now": self.now}
        return render(request, "calendar/_results.html" if is_part else "calendar/calendar.html", context)

    @cached_property
    def filters(self) -> CalendarFilters:
        """The filters, as the address says them; one that makes no sense is left out and told."""
        filters = CalendarFilters(self.request.GET, queryset=dates_visible(self.user), request=self.request)
        filters.dress()
        self.notices += filters.notices()
        return filters

    def _view(self) -> View:
        asked = self.request.GET.get("view", View.MONTH)
        if asked in View.values:
            return View(asked)
        self.notices.append(_("The calendar has no view “%(view)s”.") % {"view": asked[:20]})
        return View.MONTH

    def _day(self) -> date:
        asked = self.request.GET.get("day", "")
        day = parse_day(asked) if asked else self.today
        if day is None:
            self.notices.append(_("“%(day)s” is no day that the calendar has.") % {"day": asked[:20]})
        return day or self.today

    def _page_context(self) -> dict[str, Any]:
        return {
            "title": _("Calendar"),
            "moved": moved_last(self.request),
            "actions": [Action(_("Calendar feeds"), reverse("calendar:feed-list"), icon="calendar-repeat")],
            "fields": [self.filters.form[name] for name in FILTERS],
            "view": self.span.view.value,
            "day": self.span.day.isoformat(),
        }

    def _results_context(self) -> dict[str, Any]:
        span = self.span
        return {
            "next": self._back(),
            "span": span,
            "span_title": span.title(),
            "views": [Chip(str(view.label), self._url(view=view.value), view is span.view) for view in View],
            "previous_span_url": self._url(day=span.previous) if span.previous else "",
            "next_span_url": self._url(day=span.next) if span.next else "",
            "today_url": self._url(day=""),
            "clear_url": self._url(**dict.fromkeys(FILTERS, "")) if self._narrowed else "",
            **(self._grid_context() if span.view in SHOWN else self._list_context()),
            "notices": self.notices,
        }

    def _grid_context(self) -> dict[str, Any]:
        days = days_of(
            self.filters.qs,
            self.span,
            zone=timezone.get_current_timezone(),
            today=self.today,
            now=self.now,
            shown=SHOWN[self.span.view],
        )
        back, day_url = self._back(), self._url(view=View.DAY.value, day="")
        cells = [(day, f"{day_url}&day={day.iso}", entries_html(day.entries, back=back)) for day in days]
        rows = [cells[start : start + 7] for start in range(0, len(cells), 7)]
        focused = next((day.on for day in days if day.is_today), self.span.day)
        count = sum(day.count for day in days if not day.is_aside)
        return {
            "weeks": rows,
            "focused": focused,
            "count_text": self._count_text(count),
            "nothing": None if count else self._empty_state(),
        }

    def _list_context(self) -> dict[str, Any]:
        page = self._page()
        days, back = days_listed(page.rows, today=self.today, now=self.now), self._back()
        return {
            "listed": [(day, lines_html(day.entries, now=self.now, back=back)) for day in days],
            "page": page,
            "page_links": [(number, self._url(page=number) if number else "") for number in page.numbers],
            "previous_url": self._url(page=page.previous) if page.previous else "",
            "next_url": self._url(page=page.next) if page.next else "",
            "count_text": self._count_text(page.total, is_capped=page.is_capped),
            "empty": None if days else self._empty_state(),
        }

    def _page(self) -> Part:
        asked = self.request.GET.get("page", "1")
        zone = timezone.get_current_timezone()
        try:
            return page_of(self.filters.qs, self.span, parse_page(asked), zone=zone)
        except BadPage as bad:
            self.notices.append(_("There is no page “%(page)s” here.") % {"page": asked[:20]})
            return page_of(self.filters.qs, self.span, bad.nearest, zone=zone)

    @property
    def _narrowed(self) -> Sequence[str]:
        return [name for name in FILTERS if self.request.GET.get(name)]

    def _count_text(self, count: int, *, is_capped: bool = False) -> str:
        if is_capped:
            return _("more than %(count)d dates") % {"count": count}
        return ngettext("%(count)d date", "%(count)d dates", count) % {"count": count}

    def _url(self, **changes: Any) -> str:
        """Return the address of this calendar with another view, day, page or without a filter."""
        kept = {name: self.request.GET.get(name, "") for name in ("view", "day", *FILTERS)}
        asked = {**kept, **{name: str(value) for name, value in changes.items()}}
        return f"{self.request.path}?{urlencode({name: value for name, value in asked.items() if value})}"

    def _back(self) -> str:
        """Return the query that leads back here from where a date is moved."""
        return urlencode({"next": self.request.get_full_path()})

    def _empty_state(self) -> EmptyState:
        if self._narrowed:
            return EmptyState(
                _("Nothing fits these filters"), _("Leave one out, or look at other days."), icon="filter-off"
            )
        return EmptyState(
            _("Nothing is due in these days"),
            _("Records put their dates here: plan an audit, or agree on an action that follows from one."),
            icon="calendar",
        )
