"""The small parts of pages as values: made in Python or by the tags of `{% load ui %}`, drawn as HTML, exported as text.

`str(part)` is what a part says in plain words (for exports and tests); `part.html` is how a page shows it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache, partial
from typing import Any, TypeAlias

from django.templatetags.static import static
from django.utils.functional import Promise
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from foundation.ui import dates

Text: TypeAlias = str | Promise

NOTHING = "—"


class Tone(StrEnum):
    """How a state is meant: never the only sign, always beside its words."""

    GOOD = "good"
    ATTENTION = "attention"
    BAD = "bad"
    INFO = "info"
    NEUTRAL = "neutral"


class Part(ABC):
    """Something that a page shows."""

    @abstractmethod
    def __html__(self) -> SafeString:
        """Return the markup; its texts are escaped."""

    @abstractmethod
    def __str__(self) -> str:
        """Return the part in plain words."""

    @property
    def html(self) -> SafeString:
        """Return the markup, for templates."""
        return self.__html__()


def draw(value: Any) -> SafeString:
    """Return the markup of a part, or of any plain value; nothing is shown as a dash."""
    if value is None or value == "":
        return SafeString(NOTHING)
    if isinstance(value, Part):
        return value.__html__()
    return SafeString(conditional_escape(value))


def say(value: Any) -> str:
    """Return a part or plain value in words; nothing is an empty string."""
    return "" if value is None else str(value)


# Markup that is drawn again and again, row by row and page by page, is kept. By type as well as by value: a text that is
# markup already must not stand in for the same characters as somebody typed them, which are escaped.
_kept = partial(lru_cache, typed=True)


@_kept(maxsize=512)
def _icon_html(name: str, label: str, css: str) -> SafeString:
    sprite = static("dist/icons.svg")
    classes = f"icon {css}".strip()
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}#{}"/></svg>',
            classes,
            label,
            sprite,
            name,
        )
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>', classes, sprite, name)


@dataclass(frozen=True)
class Icon(Part):
    """A drawing of assets/icons.txt. Without a label it is decoration, and hidden from screen readers."""

    name: str
    label: Text = ""
    css: str = ""

    def __html__(self) -> SafeString:
        return _icon_html(self.name, str(self.label), self.css)

    def __str__(self) -> str:
        return str(self.label)


@_kept(maxsize=1024)
def _badge_html(text: str, tone: Tone, icon: str, dot: bool) -> SafeString:
    mark = Icon(icon).html if icon else SafeString('<span class="tone-dot"></span>' if dot else "")
    return format_html('<span class="tone-tag tone-{}">{}{}</span>', tone.value, mark, text)


@dataclass(frozen=True)
class Badge(Part):
    """A state in words on the tint of its tone, with an icon, or with a dot whose shape differs by tone."""

    text: Text
    tone: str = Tone.NEUTRAL
    icon: str = ""
    dot: bool = False

    def __html__(self) -> SafeString:
        return _badge_html(str(self.text), Tone(self.tone), self.icon, self.dot)

    def __str__(self) -> str:
        return str(self.text)


@_kept(maxsize=4096)
def _link_html(url: str, text: str, note: str) -> SafeString:
    link = format_html('<a href="{}">{}</a>', url, text)
    return link + format_html('<span class="cell-note">{}</span>', note) if note else link


@dataclass(frozen=True)
class Link(Part):
    """A link; `note` is a quiet second line under it."""

    text: Text
    url: str
    note: Text = ""

    def __html__(self) -> SafeString:
        return _link_html(self.url, str(self.text), str(self.note))

    def __str__(self) -> str:
        return str(self.text)


@_kept(maxsize=4096)
def _reference_html(text: str, url: str) -> SafeString:
    if url:
        return format_html('<a class="reference nowrap" href="{}">{}</a>', url, text)
    return format_html('<span class="reference nowrap">{}</span>', text)


@dataclass(frozen=True)
class Reference(Part):
    """A record's reference (AUD-0016) in the type of code, linked when there is somewhere to go."""

    text: str
    url: str = ""

    def __html__(self) -> SafeString:
        return _reference_html(self.text, self.url)

    def __str__(self) -> str:
        return self.text


def initials(name: str) -> str:
    """Return one or two capitals for a name; a dash for none."""
    words = [word for word in name.split() if word[:1].isalnum()]
    if not words:
        return NOTHING
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


@dataclass(frozen=True)
class Avatar(Part):
    """A person's initials in a circle; decoration beside the name."""

    name: str
    large: bool = False

    def __html__(self) -> SafeString:
        css = "avatar-initials is-large" if self.large else "avatar-initials"
        return format_html('<span class="{}" aria-hidden="true">{}</span>', css, initials(self.name))

    def __str__(self) -> str:
        return initials(self.name)


@_kept(maxsize=4096)
def _person_html(name: str) -> SafeString:
    return format_html('<span class="person">{}<span>{}</span></span>', Avatar(name), name)


@dataclass(frozen=True)
class Person(Part):
    """A person's initials and name; nobody is a dash."""

    name: str

    def __html__(self) -> SafeString:
        return _person_html(self.name) if self.name else SafeString(NOTHING)

    def __str__(self) -> str:
        return self.name


def _time(value: date | datetime, text: str) -> SafeString:
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', value.isoformat(), dates.full_text(value), text
    )


# The cells of lists hold much the same in every row, and on every page: what a day looks like is made once a day and language.


@lru_cache(maxsize=4096)
def _day_html(day: date, today: date, language: str | None) -> SafeString:
    return format_html('<span class="nowrap">{}</span>', _time(day, dates.day_text(day, today=today)))


@lru_cache(maxsize=4096)
def _due_day_html(day: date, today: date, tone: Tone, language: str | None) -> SafeString:
    shown = _time(day, dates.short_text(day, today=today))
    return _due_html(shown, tone, "" if tone is Tone.NEUTRAL else dates.days_text((day - today).days))


def _due_html(shown: SafeString, tone: Tone, distance: str) -> SafeString:
    if tone is Tone.NEUTRAL:
        return format_html('<span class="nowrap">{}</span>', shown)
    badge = Badge(distance, tone, "clock-exclamation" if tone is Tone.BAD else "")
    return format_html('<span class="due">{} {}</span>', badge, shown)


@dataclass(frozen=True)
class When(Part):
    """A date or instant in the viewer's zone: "today 08:52", "21 Nov 07:00", "27 Nov 2027"."""

    value: date | datetime | None
    now: datetime

    def __html__(self) -> SafeString:
        if self.value is None:
            return SafeString(NOTHING)
        if not isinstance(self.value, datetime):
            return _day_html(self.value, dates.today_for(self.value, now=self.now), get_language())
        text = dates.moment_text(self.value, now=self.now)
        return format_html('<span class="nowrap">{}</span>', _time(self.value, text))

    def __str__(self) -> str:
        return "" if self.value is None else self.value.isoformat()


@dataclass(frozen=True)
class Due(Part):
    """A date by which something must be done, with its distance when it is late or near. `done` stops the clock."""

    value: date | datetime | None
    now: datetime
    done: bool = False

    @property
    def tone(self) -> Tone:
        """Return bad when late, attention when near, else neutral."""
        if self.value is None or self.done:
            return Tone.NEUTRAL
        if dates.is_late(self.value, now=self.now):
            return Tone.BAD
        return (
            Tone.ATTENTION if dates.days_until(self.value, now=self.now) <= dates.SOON_DAYS else Tone.NEUTRAL
        )

    def __html__(self) -> SafeString:
        if self.value is None:
            return SafeString(NOTHING)
        tone = self.tone
        if not isinstance(self.value, datetime):
            return _due_day_html(self.value, dates.today_for(self.value, now=self.now), tone, get_language())
        shown = _time(self.value, dates.short_day(self.value, now=self.now))
        return _due_html(shown, tone, dates.distance_text(self.value, now=self.now))

    def __str__(self) -> str:
        return "" if self.value is None else self.value.isoformat()


@dataclass(frozen=True)
class Noted(Part):
    """Something with a quiet second line under it."""

    main: Any
    note: Any

    def __html__(self) -> SafeString:
        return format_html('{}<span class="cell-note">{}</span>', draw(self.main), self.note)

    def __str__(self) -> str:
        return say(self.main)


@dataclass(frozen=True)
class Listing(Part):
    """Several things on one line, or nothing."""

    items: tuple[Any, ...]
    separator: str = ", "

    def __html__(self) -> SafeString:
        if not self.items:
            return SafeString(NOTHING)
        return format_html_join(self.separator, "{}", ((draw(item),) for item in self.items))

    def __str__(self) -> str:
        return self.separator.join(say(item) for item in self.items)


@dataclass(frozen=True)
class Progress(Part):
    """How far something is: a bar with its words ("31 of 64 tested")."""

    value: int
    maximum: int
    label: Text
    text: Text = ""

    def __html__(self) -> SafeString:
        words = self.text or _("%(value)s of %(maximum)s") % {"value": self.value, "maximum": self.maximum}
        return format_html(
            '<div class="progress-line"><span>{}</span><span>{}</span></div>'
            '<progress class="bar" max="{}" value="{}" aria-label="{}"></progress>',
            self.label, words, max(self.maximum, 1), min(self.value, self.maximum), self.label,
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.value}/{self.maximum}"


@_kept(maxsize=4096)
def _pick_html(name: str, value: str, label: str) -> SafeString:
    return format_html(
        '<input class="form-check-input" type="checkbox" name="{}" value="{}" aria-label="{}">',
        name,
        value,
        label,
    )


@dataclass(frozen=True)
class Pick(Part):
    """A box that selects a row of a list."""

    name: str
    value: Any
    label: Text

    def __html__(self) -> SafeString:
        return _pick_html(self.name, str(self.value), _("Select %(row)s") % {"row": self.label})

    def __str__(self) -> str:
        return ""


def card_html(
    title: Text,
    body: SafeString,
    *,
    note: Any = "",
    flush: bool = False,
    tone: str = "",
    id: str = "",
    level: int = 2,
) -> SafeString:
    """Return a card around markup; `flush` leaves out the padding around lists and tables. README.md tells of the rest."""
    classes = f"card tone-{tone}" if tone else "card"
    mark = format_html(' id="{}"', id) if id else ""
    quiet = format_html('<span class="card-note">{}</span>', draw(note)) if note not in (None, "") else ""
    head = format_html(
        '<div class="card-header"><h{0} class="card-title">{1}</h{0}>{2}</div>', level, title, quiet
    )
    inner = body if flush else format_html('<div class="card-body">{}</div>', body)
    return format_html('<section class="{}"{}>{}{}</section>', classes, mark, head if title else "", inner)
