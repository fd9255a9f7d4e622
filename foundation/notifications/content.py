"""What a mail says: items made from notices, then subject, plain text and HTML.

Pure but for `Setting.current()`: everything comes from the arguments, the registry and the active language and time zone
(the reader's).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Self
from zoneinfo import ZoneInfo

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.accounts.organisation import base_url, current_organisation, organisation_zone
from foundation.notifications.cleaning import clean_line, shorten
from foundation.notifications.links import absolute_link
from foundation.notifications.models import Notice
from foundation.registry import NoticeKind, registry
from foundation.ui.dates import SOON_DAYS, days_until, distance_text, full_text, is_late

SUBJECT_LENGTH = 150
ENDING_LENGTH = 75  # of a subject, after the name of what it is about
TITLE_LENGTH = 300
SENTENCE_LENGTH = 1000
# The items told in full; those after them get a line each.
ITEMS_IN_FULL = 100
LATE = "late"
EMPTY_LINES = re.compile(r"\n{3,}")


class FaultyNotice(ValueError):
    """A notice whose content can't be told; the message says what is wrong with it."""


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What a mail is written with, the same for everyone: the organisation and the portal's address."""

    organisation: str
    zone: ZoneInfo
    base_url: str
    preferences_path: str

    @classmethod
    def current(cls) -> Self:
        """Return what is set now."""
        organisation = current_organisation()
        return cls(
            organisation=organisation.name if organisation else "CISO Portal",
            zone=organisation_zone(),
            base_url=base_url(),
            preferences_path=reverse("notifications:preferences"),
        )


@dataclass(frozen=True, kw_only=True)
class Item:
    """One thing that a mail tells, ready to be shown."""

    title: str
    reference: str
    sentence: str
    headline: str  # the same for a subject, which is read by who passes by: without what somebody wrote
    due: date | datetime | None
    when: str
    distance: str
    tone: str  # "late", "soon" or "far"
    link: str
    reason: str
    restricted: bool

    @property
    def late(self) -> bool:
        """Tell whether it is overdue."""
        return self.tone == LATE

    @property
    def name(self) -> str:
        """Return title and reference on one line."""
        return f"{self.title} ({self.reference})" if self.reference else self.title


@dataclass(frozen=True)
class Section:
    """Items of one urgency."""

    label: str
    items: Sequence[Item]
    late: bool = False


@dataclass(frozen=True)
class Content:
    """A mail's words."""

    subject: str
    text: str
    html: str
    restricted: bool


def item_of(notice: Notice, *, setting: Setting, now: datetime) -> Item:
    """Return the item that tells a notice; raise FaultyNotice, or UnsafePath for a path that leads elsewhere."""
    payload = notice.payload
    if not isinstance(payload, dict):
        raise FaultyNotice(f"The content is not a mapping but {type(payload).__name__}.")
    kind = registry.find(NoticeKind, notice.kind)
    record = notice.record
    due, when, distance, tone = _due(payload, setting=setting, now=now)
    title = _line(payload, "title", TITLE_LENGTH) or (clean_line(record.title) if record else "")
    if not title:
        raise FaultyNotice("It has no title.")
    return Item(
        title=title,
        reference=_line(payload, "reference", 40),
        sentence=_line(payload, "sentence", SENTENCE_LENGTH),
        headline=_line(payload, "headline", SENTENCE_LENGTH) or _line(payload, "sentence", SENTENCE_LENGTH),
        due=due,
        when=when,
        distance=distance,
        tone=tone,
        link=absolute_link(setting.base_url, _line(payload, "path", 500)),
        reason=_line(payload, "reason", SENTENCE_LENGTH)
        or (clean_line(str(kind.reason)) if kind else _("It concerns you.")),
        restricted=record.is_restricted if record else False,
    )


def content_of(
    items: Sequence[Item], *, reader: str, setting: Setting, now: datetime, unsubscribe_url: str = ""
) -> Content:
    """Return the mail that tells a person these items: what is late first, then by date."""
    ordered = sorted(
        items, key=lambda item: (item.due is None, not item.late, _instant(item.due), item.title)
    )
    context = {
        "setting": setting,
        "reader": clean_line(reader),
        "summary": _summary(ordered),
        "only": ordered[0] if len(ordered) == 1 else None,
        "sections": _sections(ordered[:ITEMS_IN_FULL]),
        "in_short": ordered[ITEMS_IN_FULL:],
        "preferences_url": absolute_link(setting.base_url, setting.preferences_path),
        "unsubscribe_url": unsubscribe_url,
        "desk_url": absolute_link(setting.base_url, "/"),
    }
    return Content(
        subject=_subject(ordered),
        text=EMPTY_LINES.sub("\n\n", render_to_string("notifications/mail/notices.txt", context)).strip()
        + "\n",
        html=render_to_string("notifications/mail/notices.html", context),
        restricted=any(item.restricted for item in items),
    )


def _line(payload: dict[str, Any], name: str, length: int) -> str:
    value = payload.get(name, "")
    if value is None:
        return ""
    if not isinstance(value, str):
        raise FaultyNotice(f"“{name}” is not text but {type(value).__name__}.")
    return shorten(clean_line(value), length)


def _due(
    payload: dict[str, Any], *, setting: Setting, now: datetime
) -> tuple[date | datetime | None, str, str, str]:
    """Return what is due when: the value, in full, how far off, and how urgent that is.

    An instant is told in the reader's zone; a whole day is the organisation's, and says so to who lives by another.
    """
    if day_text := _line(payload, "due_on", 40):
        day = _parsed(parse_date, day_text)
        with timezone.override(setting.zone):
            distance, tone = distance_text(day, now=now), _tone(day, now)
        when = full_text(day)
        if timezone.get_current_timezone_name() != setting.zone.key:
            when = _("%(day)s (%(zone)s)") % {"day": when, "zone": setting.zone.key}
        return day, when, distance, tone
    if instant_text := _line(payload, "due_at", 40):
        instant = _parsed(parse_datetime, instant_text)
        if timezone.is_naive(instant):
            raise FaultyNotice(f"{instant_text!r} has no offset from UTC.")
        return instant, full_text(instant), distance_text(instant, now=now), _tone(instant, now)
    return None, "", "", ""


def _tone(value: date | datetime, now: datetime) -> str:
    if is_late(value, now=now):
        return LATE
    return "soon" if days_until(value, now=now) <= SOON_DAYS else "far"


def _parsed(parse: Any, text: str) -> Any:
    try:
        value = parse(text)
    except ValueError as error:
        raise FaultyNotice(f"{text!r} is not a date: {error}") from error
    if value is None:
        raise FaultyNotice(f"{text!r} is not a date.")
    return value


def _instant(due: date | datetime | None) -> datetime:
    """Return an instant to sort by."""
    if due is None:
        return datetime.max.replace(tzinfo=timezone.get_current_timezone())
    if isinstance(due, datetime):
        return due
    return datetime(due.year, due.month, due.day, 23, 59, tzinfo=timezone.get_current_timezone())


def _sections(items: Sequence[Item]) -> list[Section]:
    late = [item for item in items if item.late]
    coming = [item for item in items if not item.late and item.due]
    other = [item for item in items if not item.late and not item.due]
    sections = [
        Section(_("Late"), late, late=True),
        Section(_("Coming up"), coming),
        Section(_("For you to know"), other),
    ]
    return [section for section in sections if section.items]


def _summary(items: Sequence[Item]) -> str:
    """Return how much there is, and how much of it is late."""
    total = len(items)
    late = sum(item.late for item in items)
    if not any(item.due for item in items):
        return ngettext("%(count)d notice", "%(count)d notices", total) % {"count": total}
    summary = ngettext("%(count)d reminder", "%(count)d reminders", total) % {"count": total}
    if not late:
        return summary
    if late == total:
        return ngettext("%(count)d reminder, late", "%(count)d reminders, all late", total) % {"count": total}
    return _("%(summary)s, %(late)d of them late") % {"summary": summary, "late": late}


def _subject(items: Sequence[Item]) -> str:
    """Return the subject: a single matter by name, several by number. A restricted record is never named."""
    if len(items) > 1:
        return shorten(_summary(items), SUBJECT_LENGTH)
    (item,) = items
    if item.restricted:
        return (
            _("A reminder about a restricted record") if item.due else _("A notice about a restricted record")
        )
    ending = _ending(item)
    if not ending:
        return shorten(item.name, SUBJECT_LENGTH)
    return _("%(name)s: %(what)s") % {
        "name": shorten(item.name, SUBJECT_LENGTH - 2 - len(ending)),
        "what": ending,
    }


def _ending(item: Item) -> str:
    """Return what a subject says of a matter after its name: what it is about, and how far off it is."""
    if not item.distance or not item.headline:
        return shorten(item.distance or item.headline, ENDING_LENGTH)
    room = ENDING_LENGTH - len(item.distance) - 2
    return _("%(what)s, %(distance)s") % {
        "what": shorten(item.headline, room).removesuffix("."),
        "distance": item.distance,
    }
