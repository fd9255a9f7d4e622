"""The dates of the calendar as markup. Made here and not in templates: a month has more than a hundred, and this is ten times faster."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from foundation.calendar.selectors import Entry
from foundation.ui.components import Badge, Due, Icon, Tone

LATE = "clock-exclamation"
MOVE = "calendar-event"
DONE, DROPPED = "circle-check", "ban"


def lines_html(entries: Iterable[Entry], *, now: datetime, back: str) -> SafeString:
    """Return the dates of a day as lines of a list, put together as `entries_html()` does."""
    return SafeString("".join(_line(entry, now, escape(back)) for entry in entries))


def _line(entry: Entry, now: datetime, back: str) -> str:
    time = f"{escape(entry.time)} · " if entry.time else ""
    return (
        f'<li class="list-group-item calendar-line{" is-done" if entry.closed else ""}" data-entry="{entry.pk}">'
        f'<div class="calendar-line-words"><a class="fw-semibold" href="{escape(entry.url)}">{escape(entry.title)}</a>'
        f'<div class="text-secondary">{time}{escape(entry.what)} · <span class="reference">{escape(entry.reference)}</span>'
        f" · {escape(entry.assignee)}</div></div>"
        f'<div class="calendar-line-side">{_standing(entry, now)}{_move_words(entry, back) if entry.can_move else ""}</div></li>'
    )


def _standing(entry: Entry, now: datetime) -> SafeString:
    """Return by when it is due, or what became of it."""
    if entry.was_dropped:
        return Badge(entry.closed, Tone.NEUTRAL, DROPPED).html
    return Badge(entry.closed, Tone.GOOD, DONE).html if entry.closed else Due(entry.due, now).html


def _move_words(entry: Entry, back: str) -> str:
    url = f"{escape(entry.move_url)}?{back}"
    return (
        f"<a {_asks(url)}>{escape(_('Move'))}"
        f'<span class="visually-hidden"> {escape(entry.what)}, {escape(entry.reference)}</span></a>'
    )


def entries_html(entries: Iterable[Entry], *, back: str) -> SafeString:
    """Return the dates of a day; `back` is the query that leads back to this calendar from where one is moved.

    Put together from strings, every one of which that somebody may have written goes through `escape` here.
    """
    return SafeString("".join(_entry(entry, escape(back)) for entry in entries))


def _entry(entry: Entry, back: str) -> str:
    done, move_to = (" is-done", "") if entry.closed else ("", f' data-move="{escape(entry.move_url)}"')
    time = f"{escape(entry.time)} " if entry.time else ""
    return (
        f'<li class="calendar-entry tone-{entry.tone.value}{done}" data-entry="{entry.pk}"{move_to}>'
        f'<a href="{escape(entry.url)}" title="{escape(entry.words)}">{mark_html(entry)}'
        f'<span class="calendar-what">{time}{escape(entry.what)}</span><span class="calendar-of">'
        f'<span class="reference">{escape(entry.reference)}</span> {escape(entry.title)}</span></a>'
        f"{move_html(entry, back) if entry.can_move else ''}</li>"
    )


def mark_html(entry: Entry) -> SafeString | str:
    """Return the sign of a date that is late or closed."""
    if entry.closed:
        return Icon(DROPPED if entry.was_dropped else DONE, entry.closed).html
    return Icon(LATE, _("Late")).html if entry.is_late else ""


def move_html(entry: Entry, back: str) -> str:
    """Return the link that moves a date; `back` is escaped."""
    url = f"{escape(entry.move_url)}?{back}"
    name = _("Move %(what)s of %(reference)s") % {"what": entry.what, "reference": entry.reference}
    return (
        f'<a class="calendar-move" {_asks(url)} title="{escape(_("Move to another day"))}">{Icon(MOVE).html}'
        f'<span class="visually-hidden">{escape(name)}</span></a>'
    )


def _asks(url: str) -> str:
    """Return the attributes of a link that asks for the day in a dialog; `url` is escaped."""
    return f'href="{url}" hx-get="{url}" hx-target="#ask-content" hx-swap="innerHTML" aria-haspopup="dialog"'
