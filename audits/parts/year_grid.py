"""A year at a glance as markup: each unit's audits as bars over the months, and for narrow screens a list by month.

Every bar is an SVG that places by attributes, since the policy forbids styles in the page; what it shows stands beside it
in words. All that somebody may have written goes through `escape` here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import groupby

from django.utils.dates import MONTHS, MONTHS_3
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from audits.choices import AUDIT_TONES, AuditState
from audits.selectors.year import Unit, YearAudit
from foundation.ui.components import Badge, Icon, Tone
from foundation.ui.dates import short_text

INDENT = "\u2003"
LEAST = 0.6  # of the width, so that a fieldwork of a day is seen
MIDDLE = 11  # of a bar, which is 22 pixels high


@dataclass(frozen=True)
class YearGrid:
    """The audits of a year or a programme, in the order of the units' tree."""

    audits: Sequence[YearAudit]
    units: Mapping[int, Unit]
    year: int
    today: date

    @cached_property
    def rows(self) -> SafeString:
        """Return the rows of the table: a heading for each unit, then its audits by their start."""
        by_unit: dict[int, list[YearAudit]] = {}
        for audit in self.audits:
            by_unit.setdefault(audit.unit_id, []).append(audit)
        parts = []
        for pk, unit in self.units.items():
            if found := by_unit.get(pk):
                parts.append(self._unit(unit, found))
        return SafeString("".join(parts))

    @cached_property
    def months(self) -> SafeString:
        """Return the audits as a list by the month in which their fieldwork starts."""
        parts = []
        ordered = sorted(self.audits, key=lambda audit: (audit.starts_on, audit.pk))
        for (year, month), found in groupby(
            ordered, lambda audit: (audit.starts_on.year, audit.starts_on.month)
        ):
            heading = f"{MONTHS[month]} {year}" if year != self.year else str(MONTHS[month])
            items = "".join(self._item(audit) for audit in found)
            parts.append(f'<li><h3>{escape(heading)}</h3><ul class="year-items">{items}</ul></li>')
        return SafeString("".join(parts))

    @cached_property
    def scale(self) -> SafeString:
        """Return the names of the months, where each begins."""
        names = "".join(
            f'<text x="{self._place(date(self.year, month, 1)) + 0.6:.2f}%" y="15">{escape(str(MONTHS_3[month]).capitalize())}</text>'
            for month in range(1, 13)
        )
        return SafeString(f'<svg class="year-line" aria-hidden="true" height="22">{names}</svg>')

    @cached_property
    def lines(self) -> SafeString:
        """Return the lines that all bars lie on: the months, and today."""
        lines = [
            f'<line class="year-month" x1="{x:.2f}%" x2="{x:.2f}%" y1="-99" y2="120"/>'
            for x in (self._place(date(self.year, month, 1)) for month in range(2, 13))
        ]
        if self.today.year == self.year:
            x = self._place(self.today)
            lines.append(f'<line class="year-today" x1="{x:.2f}%" x2="{x:.2f}%" y1="-99" y2="120"/>')
        return SafeString(
            f'<svg class="year-defs" aria-hidden="true"><defs><g id="year-lines">{"".join(lines)}</g></defs></svg>'
        )

    def _unit(self, unit: Unit, audits: Sequence[YearAudit]) -> str:
        count = ngettext("%(count)d audit", "%(count)d audits", len(audits)) % {"count": len(audits)}
        head = (
            f'<tr class="year-unit"><th colspan="4" scope="rowgroup">{INDENT * unit.depth}{escape(unit.name)}'
            f' <span class="text-quiet">· {escape(count)}</span></th></tr>'
        )
        return f"<tbody>{head}{''.join(self._row(audit) for audit in audits)}</tbody>"

    def _row(self, audit: YearAudit) -> str:
        words = self._words[audit.pk]
        lock = (
            f"\u00a0{Icon('lock', _('Restricted'), 'icon-sm text-secondary').html}"
            if audit.is_restricted
            else ""
        )
        return (
            f'<tr><td class="is-title"><a href="{escape(audit.url)}">{escape(audit.title)}</a>{lock}'
            f'<span class="cell-note reference">{escape(audit.reference)}</span></td>'
            f"<td>{escape(audit.lead.name)}</td>"
            f'<td class="year-span"><span class="visually-hidden">{words}</span>'
            f'<a href="{escape(audit.url)}" tabindex="-1" aria-hidden="true" title="{words}">{self._bar(audit)}</a></td>'
            f"<td>{self._states[audit.pk]}</td></tr>\n"
        )

    def _item(self, audit: YearAudit) -> str:
        unit = self.units[audit.unit_id]
        return (
            f'<li><a class="year-name" href="{escape(audit.url)}">{escape(audit.title)}</a>'
            f'<span><span class="reference">{escape(audit.reference)}</span> · {escape(unit.name)} · {escape(audit.lead.name)}</span>'
            f"<span>{self._words[audit.pk]}</span><span>{self._states[audit.pk]}</span></li>"
        )

    @cached_property
    def _words(self) -> dict[int, str]:
        return {audit.pk: escape(self.words(audit)) for audit in self.audits}

    @cached_property
    def _states(self) -> dict[int, str]:
        return {audit.pk: self._state(audit) for audit in self.audits}

    @cached_property
    def _span_of_year(self) -> tuple[int, int]:
        """Return the number of the year's first day, and how many days it has."""
        first = date(self.year, 1, 1).toordinal()
        return first, date(self.year, 12, 31).toordinal() - first + 1

    def _state(self, audit: YearAudit) -> str:
        """Return where it stands, what is late, and by how much its start has moved."""
        late = f" {Badge(_('Late'), Tone.BAD, 'clock-exclamation').html}" if audit.is_late(self.today) else ""
        note = moved_words(audit.days_moved)
        moved = f'<span class="cell-note">{escape(note)}</span>' if note and not audit.is_cancelled else ""
        return f"{state_badge(audit.state).html}{late}{moved}"

    def words(self, audit: YearAudit) -> str:
        """Return the dates of an audit in words."""
        return _(
            "Preparation from %(preparation)s, fieldwork %(fieldwork)s, report %(report)s, follow-up %(follow)s"
        ) % {
            "preparation": self._day(audit.preparation_on),
            "fieldwork": self._span(audit.starts_on, audit.fieldwork_ends_on),
            "report": self._day(audit.report_due_on),
            "follow": self._day(audit.follow_up_on),
        }

    @cached_property
    def _first_day(self) -> date:
        return date(self.year, 1, 1)

    def _day(self, day: date) -> str:
        return short_text(day, today=self._first_day)

    def _span(self, first: date, last: date) -> str:
        return self._day(first) if first == last else f"{self._day(first)} – {self._day(last)}"

    def _bar(self, audit: YearAudit) -> str:
        tone = Tone.BAD if audit.is_late(self.today) else Tone(AUDIT_TONES[audit.state])
        off = " is-off" if audit.is_cancelled else ""
        return (
            f'<svg class="year-line tone-{tone.value}{off}" height="{2 * MIDDLE}"><use href="#year-lines"/>'
            f"{self._rest(audit)}{self._rect('year-preparation', audit.preparation_on, audit.starts_on, 4)}"
            f"{self._rect('year-fieldwork', audit.starts_on, audit.fieldwork_ends_on, 12, whole=True)}"
            f"{self._mark('year-report', audit.report_due_on)}{self._mark('year-follow', audit.follow_up_on)}</svg>"
        )

    def _rest(self, audit: YearAudit) -> str:
        """Return the thread from the fieldwork to the follow-up."""
        first, last = self._place(audit.fieldwork_ends_on), self._place(audit.follow_up_on)
        if last <= first:
            return ""
        return f'<line class="year-rest" x1="{first:.2f}%" x2="{last:.2f}%" y1="{MIDDLE}" y2="{MIDDLE}"/>'

    def _rect(self, css: str, first: date, last: date, height: int, *, whole: bool = False) -> str:
        """Return a bar between two days, the last included if `whole`; nothing where it lies in other years."""
        if last.year < self.year or first.year > self.year or (first == last and not whole):
            return ""
        start, end = self._place(first), self._place(last, after=whole)
        width = max(end - start, LEAST)
        x = min(start, 100 - width)
        return f'<rect class="{css}" x="{x:.2f}%" width="{width:.2f}%" y="{MIDDLE - height // 2}" height="{height}" rx="2"/>'

    def _mark(self, css: str, day: date) -> str:
        if day.year != self.year:
            return ""
        return f'<circle class="{css}" cx="{self._place(day):.2f}%" cy="{MIDDLE}" r="3.5"/>'

    def _place(self, day: date, *, after: bool = False) -> float:
        """Return where a day begins, or ends, in hundredths of the year; days of other years lie at its ends."""
        first, length = self._span_of_year
        return 100 * min(max(day.toordinal() - first + after, 0), length) / length


_badges: dict[tuple[str, str | None], Badge] = {}


def state_badge(state: str) -> Badge:
    """Return a state of audits as it is shown; drawn once a language."""
    key = (state, get_language())
    if key not in _badges:
        _badges[key] = Badge(AuditState(state).label, AUDIT_TONES[state], dot=True)
    return _badges[key]


def moved_words(days: int | None) -> str:
    """Return by how much a start has moved since it was approved; nothing where it has not."""
    if not days:
        return ""
    if days > 0:
        return ngettext("%(count)d day later than approved", "%(count)d days later than approved", days) % {
            "count": days
        }
    return ngettext("%(count)d day earlier than approved", "%(count)d days earlier than approved", -days) % {
        "count": -days
    }


def legend() -> Iterable[tuple[str, str]]:
    """Return what the parts of a bar mean: the name of each part, and its words."""
    return (
        ("preparation", _("Preparation")),
        ("fieldwork", _("Fieldwork")),
        ("report", _("Report due")),
        ("follow", _("Follow-up due")),
        ("today", _("Today")),
    )
