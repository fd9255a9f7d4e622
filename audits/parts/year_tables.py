"""The tables of a year's page besides the bars: conflicts, slippage, coverage and load."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.dates import MONTHS_3
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audits.parts.year_grid import moved_words, state_badge
from audits.selectors.year import (
    AuditorLoad,
    Conflict,
    Coverage,
    Covered,
    FrameworkRow,
    Slippage,
    UnitRow,
    YearAudit,
)
from foundation.ui.addresses import address_of
from foundation.ui.columns import Column, Table
from foundation.ui.components import Badge, Due, Link, Listing, Noted, Part, Reference, Tone, When
from foundation.ui.dates import day_words

INDENT = "\u2003"
COVERED = {
    Covered.AUDITED: (Tone.GOOD, "circle-check"),
    Covered.PLANNED: (Tone.INFO, "calendar-event"),
    Covered.NOT: (Tone.NEUTRAL, "circle-dashed"),
}


@dataclass(frozen=True)
class Zero(Part):
    """A month without anything: a dash, and left out where each row is a card."""

    def __html__(self) -> SafeString:
        return SafeString('<span class="is-none">—</span>')

    def __str__(self) -> str:
        return "0"


def audit_link(audit: YearAudit) -> Noted:
    """Return an audit by its title, with its reference under it."""
    return Noted(Link(audit.title, audit.url), audit.reference)


def conflicts_table(conflicts: Sequence[Conflict], *, edit_url: Callable[[YearAudit], str]) -> Table:
    """Return what stands against audits, each with what to do; `edit_url` is empty where the reader may not change it."""
    rows = []
    for one in conflicts:
        part = _("Lead auditor") if one.is_lead else _("Audit team")
        url = edit_url(one.audit)
        remedy = Link(one.remedy, url) if url else one.remedy
        rows.append((audit_link(one.audit), Noted(one.auditor.name, part), one.reason, remedy))
    columns = (
        Column("audit", _("Audit"), is_title=True),
        Column("person", _("Person")),
        Column("reason", _("What stands against it")),
        Column("remedy", _("What to do")),
    )
    return Table(_("Conflicts"), columns, rows)


def slippage_table(slippage: Slippage, *, now: datetime) -> Table:
    """Return the audits that moved or are late, the furthest moved first."""
    late = {audit.pk for audit in slippage.late}
    audits = [*slippage.moved, *(audit for audit in slippage.late if not audit.days_moved)]
    rows = [
        (
            audit_link(audit),
            state_badge(audit.state),
            When(audit.approved_starts_on, now) if audit.approved_starts_on else None,
            When(audit.starts_on, now),
            moved_words(audit.days_moved) or _("not moved"),
            Due(audit.next_due_on, now) if audit.pk in late else None,
        )
        for audit in audits
    ]
    columns = (
        Column("audit", _("Audit"), is_title=True),
        Column("state", _("State")),
        Column("approved", _("Start as approved")),
        Column("starts_on", _("Start now")),
        Column("moved", _("Moved")),
        Column("late", _("Late")),
    )
    return Table(_("Slippage"), columns, rows)


def slippage_words(slippage: Slippage) -> list[str]:
    """Return the figures of a programme's slippage in words."""
    words = []
    if slippage.measured:
        words.append(
            _("%(moved)d of %(measured)d moved: %(later)d later, %(earlier)d earlier")
            % {
                "moved": len(slippage.moved),
                "measured": len(slippage.measured),
                "later": slippage.later,
                "earlier": slippage.earlier,
            }
        )
        words.append(
            ngettext("%(days)s day in all", "%(days)s days in all", slippage.days)
            % {"days": signed(slippage.days)}
        )
        words.append(_("%(average)s days on average") % {"average": signed(round(slippage.average or 0, 1))})
    if slippage.added:
        words.append(
            ngettext(
                "%(count)d without an approved start",
                "%(count)d without an approved start",
                slippage.added,
            )
            % {"count": slippage.added}
        )
    words.append(
        _("late now: %(starts)d to start, %(reports)d to report")
        % {"starts": len(slippage.late_starts), "reports": len(slippage.late_reports)}
    )
    return words


def signed(days: float) -> str:
    """Return a number of days with its sign; no sign for none."""
    return f"{days:+}".replace("-", "\u2212") if days else "0"


@dataclass(frozen=True)
class Flow(Part):
    """Several things that wrap as words do, in one element: the cell of a card is a grid."""

    items: tuple[Any, ...]

    def __html__(self) -> SafeString:
        return format_html('<span class="year-flow">{}</span>', Listing(self.items, " ").html)

    def __str__(self) -> str:
        return str(Listing(self.items, " "))


def covered_cell(cell: Coverage, more_url: str) -> Flow:
    """Return how far a unit's year is covered, in words, with the audits."""
    parts: list[Any] = []
    if cell.audited:
        named = _named(cell.audited, cell.audited_names, more_url)
        parts.append(Flow((_covered(Covered.AUDITED), *named)))
    if cell.planned:
        named = _named(cell.planned, cell.planned_names, more_url)
        parts.append(Flow((_covered(Covered.PLANNED), *named)))
    return Flow(tuple(parts or [_covered(Covered.NOT)]))


def _covered(covered: Covered) -> Badge:
    tone, icon = COVERED[covered]
    words = {
        Covered.AUDITED: _("Audited"),
        Covered.PLANNED: _("Planned"),
        Covered.NOT: _("Not covered"),
    }
    return Badge(words[covered], tone, icon)


def _named(count: int, references: Sequence[str], more_url: str) -> list[Any]:
    """Return some audits as links, and one to the others."""
    links: list[Any] = [
        Reference(reference, address_of("audits:audit-detail", reference)) for reference in references
    ]
    if more := count - len(references):
        words = ngettext("and %(count)d more", "and %(count)d more", more) % {"count": more}
        links.append(Link(words, more_url))
    return links


def units_table(
    rows: Sequence[UnitRow], years: Sequence[int], *, list_url: Callable[[int, int], str]
) -> Table:
    """Return units by years; `list_url` leads to the audits of one in a year."""
    columns = [
        Column("unit", _("Business unit"), is_title=True),
        *(Column(f"y{year}", str(year)) for year in years),
        Column("cycle", _("In three years")),
    ]
    cells = []
    for row in rows:
        count = sum(year.audited for year in row.years)
        verdict: Any = (
            Badge(_("Never"), Tone.ATTENTION, "alert-triangle")
            if row.is_never
            else ngettext("%(count)d audit", "%(count)d audits", count) % {"count": count}
        )
        found = (
            covered_cell(cell, list_url(row.unit.pk, year))
            for cell, year in zip(row.years, years, strict=True)
        )
        cells.append([f"{INDENT * row.unit.depth}{row.unit.name}", *found, verdict])
    return Table(_("Units"), columns, cells)


def tested_words(tested: int, testable: int) -> str:
    """Return how many requirements were tested: "31 of 149 (21%)"."""
    if not testable:
        return _("nothing to test")
    return _("%(tested)d of %(testable)d tested (%(percent)d%%)") % {
        "tested": tested,
        "testable": testable,
        "percent": 100 * tested // testable,
    }


def frameworks_table(
    rows: Sequence[FrameworkRow], years: Sequence[int], *, list_url: Callable[[int, int], str]
) -> Table:
    """Return frameworks by years: what of them was tested, and by which audits; `list_url` leads to those on one in a year."""
    columns = [
        Column("framework", _("Framework"), is_title=True),
        *(Column(f"y{year}", str(year)) for year in years),
        Column("cycle", _("In three years")),
    ]
    cells = []
    for row in rows:
        line: list[Any] = [
            Link(row.framework.title, row.framework.get_absolute_url(), str(row.framework.current))
        ]
        for cell, year in zip(row.years, years, strict=True):
            line.append(_FrameworkCell(cell, row.testable, list_url(row.framework.pk, year)))
        line.append(tested_words(row.tested, row.testable))
        cells.append(line)
    return Table(_("Frameworks"), columns, cells)


@dataclass(frozen=True)
class _FrameworkCell(Part):
    """What of a framework a year tested, and the audits on it."""

    cell: Coverage
    testable: int
    more_url: str

    def __html__(self) -> SafeString:
        audits = covered_cell(self.cell, self.more_url) if self.cell.covered != Covered.NOT else None
        note = audits.html if audits else _("no audit on it")
        words = '<span class="year-flow">{}<span class="cell-note">{}</span></span>'
        return format_html(words, self._tested(), note)

    def __str__(self) -> str:
        return self._tested()

    def _tested(self) -> str:
        return tested_words(self.cell.tested, self.testable)


def load_table(loads: Sequence[AuditorLoad], *, lead_url: Callable[[int], str]) -> Table:
    """Return what each auditor carries, month by month; `lead_url` leads to the audits that one leads."""
    columns = [
        Column("auditor", _("Auditor"), is_title=True),
        Column("led", _("Leads"), at_end=True),
        Column("team", _("In the team"), at_end=True),
        *(Column(f"m{month}", str(MONTHS_3[month]).capitalize(), at_end=True) for month in range(1, 13)),
        Column("days", _("Days"), at_end=True),
        Column("overlaps", _("Overlaps")),
    ]
    rows = []
    for load in loads:
        led: Any = Link(str(len(load.led)), lead_url(load.auditor.pk)) if load.led else 0
        rows.append(
            [
                load.auditor.name,
                led,
                len(load.in_team),
                *(_month(days, audits) for days, audits in zip(load.days, load.audits, strict=True)),
                load.total_days,
                Overlaps(load),
            ]
        )
    return Table(_("Load per auditor"), columns, rows)


def _month(days: int, audits: int) -> Any:
    if not days:
        return Zero()
    words = ngettext("%(count)d audit", "%(count)d audits", audits) % {"count": audits}
    return Month(days, words)


@dataclass(frozen=True)
class Month(Part):
    """The working days of a month, and on how many audits."""

    days: int
    audits: str

    def __html__(self) -> SafeString:
        return format_html('<span class="year-days">{} <small>{}</small></span>', self.days, self.audits)

    def __str__(self) -> str:
        return str(self.days)


@dataclass(frozen=True, eq=False)
class Overlaps(Part):
    """The weeks in which an auditor is in the field with more than one audit."""

    load: AuditorLoad

    def __html__(self) -> SafeString:
        if not self.load.overlaps:
            return SafeString("—")
        badge = Badge(self._count(), Tone.ATTENTION, "alert-triangle")
        weeks = [
            format_html(
                '<span class="cell-note">{} {}</span>',
                _("Week of %(monday)s:") % {"monday": day_words(one.monday)},
                Listing(tuple(Reference(audit.reference, audit.url) for audit in one.audits), " ").html,
            )
            for one in self.load.overlaps
        ]
        return format_html('<span class="year-flow">{}{}</span>', badge, SafeString("".join(weeks)))

    def __str__(self) -> str:
        return self._count() if self.load.overlaps else ""

    def _count(self) -> str:
        count = len(self.load.overlaps)
        return ngettext("%(count)d week", "%(count)d weeks", count) % {"count": count}


def span_of(year: int) -> tuple[date, date]:
    """Return the first and the last day of a year."""
    return date(year, 1, 1), date(year, 12, 31)
