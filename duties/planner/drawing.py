"""The cells of the year planner as markup: as those of the calendar, put together from strings, since a year has hundreds of dates."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from duties.planner.year import MONTHS, Cell
from foundation.calendar.choices import Outcome
from foundation.calendar.drawing import DONE, DROPPED, mark_html, move_html
from foundation.calendar.selectors import Ahead, Entry
from foundation.ui.components import Icon, Tone
from foundation.ui.dates import day_words

SOON, AHEAD = "hourglass", "calendar-repeat"
SIGNS = {Outcome.OPEN: "", Outcome.DONE: DONE, Outcome.DROPPED: DROPPED}


@dataclass(frozen=True)
class Drawing:
    """How the cells of a year are drawn.

    `back` is the query that leads back from where a date is moved, `list_url` returns the address of all dates of a cell that are open,
    done or skipped, `now_in` is the month that it is, or 0. Of dates of the kind `plain`, their row says already what they are.
    """

    year: int
    back: str
    plain: str
    list_url: Callable[[Cell, Outcome], str]
    now_in: int

    @cached_property
    def _back(self) -> SafeString:
        return escape(self.back)

    @cached_property
    def _months(self) -> list[SafeString]:
        """Return the names of the months."""
        return [escape(date_format(date(self.year, month, 1), "F")) for month in MONTHS]

    def line(self, cells: Iterable[Cell], *, is_first: bool) -> SafeString:
        """Return the cells of a duty. Of the first one, that of this month is where keys begin."""
        focused = (self.now_in or 1) if is_first else 0
        return SafeString("".join(self._cell(cell, is_focused=cell.month == focused) for cell in cells))

    def _cell(self, cell: Cell, *, is_focused: bool) -> str:
        back = self._back
        lines = [(bool(entry.closed), entry.on, _entry(entry, back, self.plain)) for entry in cell.entries]
        lines += [(False, one.on, _ahead(one)) for one in cell.ahead]
        listed = f"<ul>{''.join(line for _closed, _on, line in sorted(lines))}</ul>" if lines else ""
        css = " is-today" if cell.month == self.now_in else ""
        if not lines:
            css += " is-empty" if cell.tally.is_empty else " is-settled"
        name = self._months[cell.month - 1]
        return (
            f'<td role="gridcell" class="calendar-day{css}" data-day="{self.year}-{cell.month:02}"'
            f' data-row="{cell.duty.value}"{" data-focused" if is_focused else ""}>'
            f'<span class="planner-month">{name}<span class="visually-hidden">, {escape(cell.duty.label)}</span></span>'
            f"{listed}{''.join(self._more(cell, name))}</td>"
        )

    def _more(self, cell: Cell, month: str) -> list[str]:
        """Return what else there is in a month: links to the lists, and how many more plan themselves."""
        lines = []
        if cell.more:
            words = ngettext("%(count)d more", "%(count)d more", cell.more) % {"count": cell.more}
            lines.append(self._link(cell, Outcome.OPEN, words, month))
        if cell.more_done:
            words = ngettext("%(count)d done", "%(count)d done", cell.tally.done) % {"count": cell.tally.done}
            lines.append(self._link(cell, Outcome.DONE, words, month))
        if cell.more_dropped:
            count = cell.tally.dropped
            words = ngettext("%(count)d skipped", "%(count)d skipped", count) % {"count": count}
            lines.append(self._link(cell, Outcome.DROPPED, words, month))
        if cell.more_ahead:
            count = cell.more_ahead
            words = ngettext("%(count)d more to be planned", "%(count)d more to be planned", count)
            lines.append(f'<span class="calendar-more is-quiet">{escape(words % {"count": count})}</span>')
        return lines

    def _link(self, cell: Cell, outcome: Outcome, words: str, month: str) -> str:
        sign = Icon(SIGNS[outcome]).html if SIGNS[outcome] else ""
        return (
            f'<a class="calendar-more" href="{escape(self.list_url(cell, outcome))}">{sign}{escape(words)}'
            f'<span class="visually-hidden">: {escape(cell.duty.label)}, {month}</span></a>'
        )


def ahead_words(one: Ahead) -> str:
    """Return how an occurrence that is not planned yet comes to be."""
    if one.planned_on is None:
        return _("Not planned yet: the portal plans it once the one before is over")
    return _("Not planned yet: the portal plans it by itself on %(day)s") % {"day": day_words(one.planned_on)}


def _entry(entry: Entry, back: str, plain: str) -> str:
    done, move_to = (" is-done", "") if entry.closed else ("", f' data-move="{escape(entry.move_url)}"')
    what = "" if entry.kind == plain else f" {escape(entry.what)}"
    return (
        f'<li class="calendar-entry tone-{entry.tone.value}{done}" data-entry="{entry.pk}"{move_to}>'
        f'<a href="{escape(entry.url)}" title="{escape(f"{day_words(entry.on)} · {entry.words}")}">'
        f'<span class="calendar-what">{_sign(entry)}{_day(entry.on)}{what}</span>'
        f'<span class="calendar-of">{escape(entry.title)}</span></a>'
        f"{move_html(entry, back) if entry.can_move else ''}</li>"
    )


def _sign(entry: Entry) -> str:
    """Return the sign of a date that is late, near or closed."""
    sign = mark_html(entry)
    if not sign and entry.tone is Tone.ATTENTION:
        return Icon(SOON, _("Due soon")).html
    return sign


def _ahead(one: Ahead) -> str:
    words = ahead_words(one)
    tip = f"{day_words(one.on)} · {one.what} · {one.title} · {words} · {one.assignee}"
    return (
        f'<li class="calendar-entry planner-ahead" data-entry data-refusal="{escape(words)}">'
        f'<a href="{escape(one.url)}" title="{escape(tip)}">'
        f'<span class="calendar-what">{Icon(AHEAD, _("Not planned yet")).html}{_day(one.on)}</span>'
        f'<span class="calendar-of">{escape(one.title)}</span></a></li>'
    )


def _day(day: date) -> str:
    return f'<time datetime="{day.isoformat()}">{day.day}</time>'
