"""The year planner."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from duties.permissions import MANAGE
from duties.planner.drawing import Drawing
from duties.planner.file import HEADER, MOST_IN_FILE, file_rows
from duties.planner.filters import NARROWING, PlannerFilters
from duties.planner.year import MONTHS, Cell, Line, Year, ahead_in, duties_by_kind, icon_of, year_of
from duties.services import DUE
from duties.views.access import duty_crumbs
from foundation.accounts.organisation import organisation_day
from foundation.accounts.permissions import person_of
from foundation.calendar.choices import Outcome
from foundation.calendar.selectors import Ahead, dates_visible
from foundation.calendar.selectors.years import FIRST_YEAR, LAST_YEAR
from foundation.calendar.views.moves import moved_last
from foundation.trail.services import entry_write
from foundation.ui.exports import FORMATS, Sheet, export_response
from foundation.ui.pages import Page, fills
from foundation.ui.structure import Action, Crumb

RESULTS = "results"
FILTERS = (*NARROWING, "done")


class YearPlanner(Page):
    """A year of the thirteen duties, month by month: all dates that the reader may know of.

    The address says which `year`, the filters, and whether what is `done` stands in place.
    """

    notices: list[str]
    year: int
    today: date

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Return the page, its results alone for htmx, or the year as a file."""
        self.notices = []
        self.today = organisation_day(self.now)
        self.year = self._year()
        if file := self._file():
            return file
        is_part = fills(request, RESULTS)
        context = {**({} if is_part else self._page_context()), **self._results_context(), "is_part": is_part}
        template = "duties/_year_planner.html" if is_part else "duties/year_planner.html"
        return render(request, template, {**context, "now": self.now})

    def _year(self) -> int:
        asked = self.request.GET.get("year", "")
        if not asked:
            return self.today.year
        if re.fullmatch(r"[0-9]{4}", asked) and FIRST_YEAR <= int(asked) <= LAST_YEAR:
            return int(asked)
        self.notices.append(_("“%(year)s” is no year that the planner has.") % {"year": asked[:20]})
        return self.today.year

    @cached_property
    def filters(self) -> PlannerFilters:
        """The filters, as the address says them; one that makes no sense is left out and told."""
        rows = dates_visible(person_of(self.request))
        filters = PlannerFilters(self.request.GET, queryset=rows, request=self.request)
        filters.dress()
        self.notices += filters.notices()
        return filters

    def _file(self) -> HttpResponseBase | None:
        """Return the year as a file where the address asks for one; what is too long is told, and the page shown."""
        fmt = self.request.GET.get("export", "")
        if not fmt:
            return None
        if fmt not in FORMATS:
            messages.error(self.request, _("There is no export as “%(format)s”.") % {"format": fmt[:20]})
            return redirect(self._url())
        zone = timezone.get_current_timezone()
        rows = file_rows(self.filters.qs, self._ahead(), self.year, zone=zone, now=self.now)
        if rows is None:
            most = _("A file holds at most %(count)d dates. Filter them first.") % {"count": MOST_IN_FILE}
            messages.error(self.request, most)
            return redirect(self._url())
        title = _("Duties %(year)d") % {"year": self.year}
        asked = self._url().partition("?")[2]
        told = {"format": fmt, "filters": asked[:500]}
        entry_write(action="duties.list.exported", actor=person_of(self.request), subject=title, after=told)
        sheet = Sheet(f"duties-{self.year}", title, [str(label) for label in HEADER], rows)
        return export_response(fmt, sheet, day=timezone.localdate(self.now))

    def _ahead(self) -> Sequence[Ahead]:
        duty = self.filters.asked("duty")
        found, _is_all = ahead_in(person_of(self.request), self.filters, self.year, today=self.today)
        by_kind = duties_by_kind()
        return [one for one in found if not duty or int(duty) == (one.duty or by_kind.get(one.kind))]

    def _page_context(self) -> dict[str, Any]:
        return {
            "title": _("Year planner"),
            "subtitle": _("What each duty has to do in which month, and where the year is full"),
            "crumbs": duty_crumbs(Crumb(_("Year planner"))),
            "moved": moved_last(self.request),
            "actions": self._actions(),
            "fields": [self.filters.form[name] for name in FILTERS],
        }

    def _actions(self) -> Sequence[Action]:
        if not self.may(MANAGE):
            return ()
        return (
            Action(_("Starter plan"), reverse("duties:starter-plan"), icon="list-check"),
            Action(_("Plan an activity"), reverse("duties:activity-create"), icon="plus", primary=True),
        )

    def _results_context(self) -> dict[str, Any]:
        planned = year_of(
            person_of(self.request),
            self.filters.qs,
            self.filters,
            self.year,
            today=self.today,
            zone=timezone.get_current_timezone(),
            now=self.now,
        )
        narrowed = [name for name in FILTERS if self.request.GET.get(name)]
        return {
            "year": self.year,
            "next": self._back,
            "lines": [self._line(line, is_first=not place) for place, line in enumerate(planned.lines)],
            "months": self._months(planned),
            "count_text": self._count_text(planned),
            "is_whole": planned.is_whole,
            "is_narrowed": any(self.request.GET.get(name) for name in NARROWING if name != "duty"),
            "may_plan": self.may(MANAGE),
            "previous_url": self._url(year=self.year - 1) if self.year > FIRST_YEAR else "",
            "next_url": self._url(year=self.year + 1) if self.year < LAST_YEAR else "",
            "today_url": self._url(year=""),
            "clear_url": self._url(**dict.fromkeys(FILTERS, "")) if narrowed else "",
            "export_urls": [(fmt.upper(), self._url(export=fmt)) for fmt in FORMATS],
            "notices": self.notices,
        }

    @cached_property
    def _drawing(self) -> Drawing:
        now_in = self.today.month if self.year == self.today.year else 0
        return Drawing(self.year, self._back, DUE, self._list_url, now_in)

    def _months(self, planned: Year) -> list[dict[str, Any]]:
        most = max(tally.to_do for tally in planned.months) or 1
        return [
            {
                "day": date(self.year, month, 1),
                "tally": tally,
                "share": round(100 * tally.to_do / most),
                "is_now": month == self._drawing.now_in,
            }
            for month, tally in zip(MONTHS, planned.months, strict=True)
        ]

    def _line(self, line: Line, *, is_first: bool) -> dict[str, Any]:
        return {
            "duty": line.duty,
            "icon": icon_of(line.duty),
            "url": reverse("duties:duty-detail", args=[line.duty.value]),
            "plan_url": f"{reverse('duties:activity-create')}?duty={line.duty.value}",
            "tally": line.tally,
            "cells": self._drawing.line(line.cells, is_first=is_first),
        }

    def _count_text(self, planned: Year) -> str:
        tally = planned.tally
        words = [ngettext("%(count)d open", "%(count)d open", tally.open) % {"count": tally.open}]
        if tally.late:
            words.append(ngettext("%(count)d late", "%(count)d late", tally.late) % {"count": tally.late})
        if tally.ahead:
            words.append(
                ngettext("%(count)d to be planned", "%(count)d to be planned", tally.ahead)
                % {"count": tally.ahead}
            )
        if tally.done:
            words.append(ngettext("%(count)d done", "%(count)d done", tally.done) % {"count": tally.done})
        return " · ".join(words)

    def _list_url(self, cell: Cell, outcome: Outcome) -> str:
        """Return the address of all dates of a cell that are open, done or skipped: the calendar's list."""
        month = f"{self.year}-{cell.month:02}-01"
        asked: dict[str, Any] = {
            "view": "list",
            "day": month,
            "duty": cell.duty.value,
            "state": outcome.name.lower(),
        }
        return f"{self._list}?{urlencode({**asked, **self._kept})}"

    @cached_property
    def _list(self) -> str:
        return reverse("calendar:calendar")

    @cached_property
    def _kept(self) -> dict[str, str]:
        """Return the filters that lists are narrowed by, too."""
        asked = {name: self.request.GET.get(name, "") for name in NARROWING if name != "duty"}
        return {name: value for name, value in asked.items() if value}

    def _url(self, **changes: Any) -> str:
        """Return the address of this planner with another year, or without a filter."""
        kept = {name: self.request.GET.get(name, "") for name in FILTERS}
        asked = {"year": str(self.year), **kept, **{name: str(value) for name, value in changes.items()}}
        return f"{self.request.path}?{urlencode({name: value for name, value in asked.items() if value})}"

    @cached_property
    def _back(self) -> str:
        """Return the query that leads back here from where a date is moved."""
        return urlencode({"next": self.request.get_full_path()})
