"""What the pages of a year and of a programme have in common: the bars, coverage, load, conflicts, slippage and files."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from audits.choices import AuditState, AuditType
from audits.filters import YearFilters
from audits.models import AuditListing
from audits.parts.year_grid import YearGrid, legend
from audits.parts.year_tables import (
    conflicts_table,
    frameworks_table,
    load_table,
    slippage_table,
    slippage_words,
    span_of,
    units_table,
)
from audits.querysets import AuditListingQuerySet
from audits.selectors.year import (
    Auditor,
    Conflict,
    Unit,
    YearAudit,
    YearAudits,
    conflicts_of,
    cycle_years,
    framework_coverage,
    load_of,
    slippage_of,
    teams_of,
    unit_coverage,
    units_by_tree,
    year_audits,
)
from foundation.accounts.access import access_of
from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_day
from foundation.accounts.permissions import person_of
from foundation.trail.services import entry_write
from foundation.ui import exports
from foundation.ui.columns import Chip
from foundation.ui.filters import ANY
from foundation.ui.pages import Page

MOST_IN_FILE = 5_000
FILE_HEADER = (
    lazy("Reference"),
    lazy("Title"),
    lazy("Business unit"),
    lazy("Type"),
    lazy("State"),
    lazy("Lead auditor"),
    lazy("Team"),
    lazy("Preparation starts"),
    lazy("Fieldwork starts"),
    lazy("Fieldwork ends"),
    lazy("Report due"),
    lazy("Follow-up due"),
    lazy("Start as approved"),
    lazy("Days moved"),
    lazy("Late"),
)
CYCLES = ("past", "around", "ahead")  # of the three years, none, one or two lie after the page's


class YearParts(Page):
    """A page about the audits of a year. What it says counts those alone that the reader may know of."""

    # What a page of its own says.

    @property
    def year(self) -> int:
        """Return the year."""
        raise NotImplementedError

    def get_rows(self) -> AuditListingQuerySet:
        """Return the audits that the page is about, of those that the reader may know of, before any filter."""
        raise NotImplementedError

    def get_units(self) -> dict[int, Unit]:
        """Return the units whose coverage the page tells."""
        scope = access_of(self.reader).scope("records.view")
        return {pk: unit for pk, unit in self.units.items() if scope.covers(pk)}

    def get_part_url(self, key: str) -> str:
        """Return the address of a part of the page."""
        raise NotImplementedError

    def get_file_name(self) -> str:
        """Return how a file of the plan is called."""
        raise NotImplementedError

    def get_list_parameters(self) -> dict[str, Any]:
        """Return by what the list of audits shows the same ones."""
        first, last = span_of(self.year)
        return {"starts_from": first, "starts_until": last, "state": ANY}

    # What they read.

    @property
    def reader(self) -> User:
        """Return who is signed in."""
        return person_of(self.request)

    @property
    def visible(self) -> AuditListingQuerySet:
        """Return all audits that the reader may know of."""
        rows: AuditListingQuerySet = AuditListing.objects.visible_to(self.reader).unarchived()
        return rows

    @cached_property
    def today(self) -> date:
        """Return the day by the organisation's time zone."""
        return organisation_day(self.now)

    @cached_property
    def filterset(self) -> YearFilters:
        """Return the filters as the address sets them."""
        return YearFilters(
            self.request.GET,
            queryset=self.get_rows(),
            request=self.request,
            units=self.units.values(),
        )

    @cached_property
    def rows(self) -> AuditListingQuerySet:
        """Return the audits that fit the filters; all of them where the address asks for what is not offered."""
        if not self.filterset.is_valid():
            return self.get_rows()
        rows: AuditListingQuerySet = self.filterset.qs
        return rows

    @cached_property
    def found(self) -> YearAudits:
        """Return the audits that are drawn."""
        return year_audits(self.rows)

    @cached_property
    def units(self) -> dict[int, Unit]:
        """Return all units in the order of the tree."""
        return units_by_tree()

    @cached_property
    def teams(self) -> dict[int, list[Auditor]]:
        """Return who is of the audits' teams."""
        return teams_of(self.found.audits)

    # What the templates need.

    def year_context(self) -> dict[str, Any]:
        """Return the bars, the conflicts and the slippage."""
        grid = YearGrid(self.found.audits, self.units, self.year, self.today)
        slippage = slippage_of(self.found.audits, today=self.today)
        conflicts = self._conflicts()
        return {
            **self._filter_context("overview"),
            "year": self.year,
            "grid": grid,
            "legend": legend(),
            "count_words": self._count_words(),
            "export_urls": [(fmt.upper(), self._url("overview", export=fmt)) for fmt in exports.FORMATS],
            "list_url": self._list_url(),
            "conflicts": conflicts_table(conflicts, edit_url=self._edit_url) if conflicts else None,
            "conflict_count": len(conflicts),
            "may_see_conflicts": self._works,
            "slippage": slippage_table(slippage, now=self.now) if slippage.moved or slippage.late else None,
            "slippage_words": slippage_words(slippage),
            "may_plan": self.may("audits.plan"),
        }

    def load_context(self) -> dict[str, Any]:
        """Return what each auditor carries."""
        loads = load_of(self.found.audits, teams=self.teams, year=self.year)
        return {
            **self._filter_context("load"),
            "year": self.year,
            "load": load_table(loads, lead_url=self._lead_url) if loads else None,
            "overlap_count": sum(bool(load.overlaps) for load in loads),
            "auditor_count": len(loads),
        }

    def coverage_context(self) -> dict[str, Any]:
        """Return what three years cover, of units and of frameworks."""
        asked = self.request.GET.get("cycle", "")
        cycle = asked if asked in CYCLES else CYCLES[0]
        years = cycle_years(self.year, ahead=CYCLES.index(cycle))
        units = unit_coverage(user=self.reader, units=self.get_units(), years=years)
        frameworks = framework_coverage(user=self.reader, years=years)
        return {
            "cycles": [self._cycle_chip(key, key == cycle) for key in CYCLES],
            "years": years,
            "units": units_table(units, years, list_url=self._unit_url) if units else None,
            "frameworks": (
                frameworks_table(frameworks, years, list_url=self._framework_url) if frameworks else None
            ),
            "never_count": sum(row.is_never for row in units),
            "unit_count": len(units),
        }

    def export(self) -> HttpResponseBase | None:
        """Return the plan as a file where the address asks for one; what is too long is told, and the page shown."""
        fmt = self.request.GET.get("export", "")
        if not fmt:
            return None
        found = year_audits(self.rows, most=MOST_IN_FILE)
        if fmt not in exports.FORMATS or found.is_cut:
            messages.error(
                self.request,
                _("A file holds at most %(count)d audits. Filter them first.") % {"count": MOST_IN_FILE}
                if found.is_cut
                else _("There is no export as “%(format)s”.") % {"format": fmt[:20]},
            )
            return redirect(self._url("overview"))
        title = _("Audits %(year)d") % {"year": self.year}
        entry_write(
            action="audits.list.exported",
            actor=self.reader,
            subject=title,
            after={"format": fmt, "filters": urlencode(self._asked())[:500]},
        )
        sheet = exports.Sheet(
            self.get_file_name(), title, [str(label) for label in FILE_HEADER], self._file_rows(found.audits)
        )
        return exports.export_response(fmt, sheet, day=timezone.localdate(self.now))

    def _file_rows(self, audits: Sequence[YearAudit]) -> list[list[Any]]:
        teams = teams_of(audits)
        return [
            [
                audit.reference,
                audit.title,
                self.units[audit.unit_id].name,
                AuditType(audit.type).label,
                AuditState(audit.state).label,
                audit.lead.name,
                "; ".join(auditor.name for auditor in teams.get(audit.pk, ())),
                audit.preparation_on,
                audit.starts_on,
                audit.fieldwork_ends_on,
                audit.report_due_on,
                audit.follow_up_on,
                audit.approved_starts_on,
                audit.days_moved,
                _("yes") if audit.is_late(self.today) else _("no"),
            ]
            for audit in audits
        ]

    # Their parts.

    @cached_property
    def _works(self) -> bool:
        """Tell whether the reader plans or runs audits: whom conflicts concern."""
        return self.may("audits.plan") or self.may("audits.run")

    def _conflicts(self) -> list[Conflict]:
        """Return what stands against the audits that the reader plans or runs: who is away when is not for all to read."""
        if not self._works:
            return []
        access = access_of(self.reader)
        mine = [
            audit
            for audit in self.found.audits
            if access.has("audits.plan", audit.unit_id) or access.has("audits.run", audit.unit_id)
        ]
        return conflicts_of(mine, teams=self.teams, units=self.units, now=self.now, today=self.today)

    def _filter_context(self, part: str) -> dict[str, Any]:
        asked = self._asked()
        return {
            "filters": list(self.filterset.form.visible_fields()),
            "filter_url": self.get_part_url(part),
            "clear_url": self.get_part_url(part) if asked else "",
            "is_cut": self.found.is_cut,
            "shown": len(self.found.audits),
        }

    def _asked(self) -> dict[str, str]:
        """Return the filters that are on."""
        names = self.filterset.form.fields
        asked = self.request.GET.dict()
        return {name: str(value) for name, value in asked.items() if name in names and value}

    def _url(self, part: str, **parameters: str) -> str:
        query = urlencode({**self._asked(), **parameters})
        return f"{self.get_part_url(part)}?{query}" if query else self.get_part_url(part)

    def _count_words(self) -> str:
        count = len(self.found.audits)
        if self.found.is_cut:
            return _("the first %(count)d by start") % {"count": count}
        audits = ngettext("%(count)d audit", "%(count)d audits", count) % {"count": count}
        leads = ngettext("%(count)d lead auditor", "%(count)d lead auditors", self.found.lead_count) % {
            "count": self.found.lead_count
        }
        return f"{audits} · {leads}" if count else audits

    def _list_url(self, **parameters: Any) -> str:
        """Return where the audits stand as a list."""
        query = {**self.get_list_parameters(), **parameters}
        return f"{reverse('audits:audit-list')}?{urlencode(query)}"

    def _lead_url(self, lead: int) -> str:
        return self._list_url(lead=lead)

    def _edit_url(self, audit: YearAudit) -> str:
        if not access_of(self.reader).has("audits.plan", audit.unit_id):
            return ""
        return reverse("audits:audit-edit", args=[audit.reference])

    def _unit_url(self, unit: int, year: int) -> str:
        return f"{reverse('audits:year', args=[year])}?unit={unit}"

    def _framework_url(self, framework: int, year: int) -> str:
        return f"{reverse('audits:year', args=[year])}?framework={framework}"

    def _cycle_chip(self, key: str, is_current: bool) -> Chip:
        years = cycle_years(self.year, ahead=CYCLES.index(key))
        return Chip(f"{years[0]} – {years[-1]}", f"{self.get_part_url('coverage')}?cycle={key}", is_current)
