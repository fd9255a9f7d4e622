"""A feed as an iCalendar object (RFC 5545, RFC 7986), in the language in force.

A whole day is an event of that day without a time; an instant is given in UTC, so that no time zone has to be described.
No event takes time of its reader's (TRANSP), and none has an alarm: the portal reminds by itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from django.utils.text import Truncator
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from foundation.accounts.models import Organisation
from foundation.accounts.organisation import absolute_url, base_url
from foundation.calendar.models import CalendarFeed
from foundation.calendar.selectors import FeedDate
from foundation.deadlines.wording import kind_label, record_path
from foundation.records.choices import Confidentiality
from foundation.registry import RecordKind, registry

CONTENT_TYPE = "text/calendar; charset=utf-8"
PRODUCT = "-//CISO Portal//Calendar//EN"
FORMAT = "1"  # goes up with each change of what is written below, so that programs read it anew
REFRESHED_EACH = timedelta(hours=1)
SUMMARY_LENGTH = 250


def feed_tag(feed: CalendarFeed, dates: Sequence[FeedDate], organisation: Organisation) -> str:
    """Return the ETag of a feed: it changes when anything does that the feed says. Costs no iCalendar."""
    frame = (
        FORMAT,
        feed.pk,
        feed.name,
        organisation.name,
        organisation.time_zone,
        base_url(),
        get_language(),
    )
    digest = hashlib.sha256(repr(frame).encode())
    for one in dates:
        digest.update(repr(tuple(one)).encode())
    return f'"{digest.hexdigest()[:40]}"'


def feed_text(feed: CalendarFeed, dates: Sequence[FeedDate], organisation: Organisation) -> bytes:
    """Return the feed."""
    calendar = Calendar()
    name = f"{organisation.name}: {feed.name}"
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", organisation.time_zone)
    calendar.add("refresh-interval", REFRESHED_EACH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for one in dates:
        calendar.add_component(_event(one, organisation))
    return bytes(calendar.to_ical())


def _event(one: FeedDate, organisation: Organisation) -> Event:
    event = Event()
    event.add("uid", _uid(one, organisation))
    event.add("dtstamp", _second(one.modified_at))
    event.add("created", _second(one.created_at))
    event.add("last-modified", _second(one.modified_at))
    event.add("sequence", one.revision)
    if one.due_on:
        event.add("dtstart", one.due_on)
        event.add("dtend", one.due_on + timedelta(days=1))
    else:
        event.add("dtstart", _second(one.due_at))
    _add_words(event, one)
    if base_url() and (path := record_path(one.record_kind, one.reference)):
        event.add("url", absolute_url(path))
    event.add("status", "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    event.add("x-microsoft-cdo-busystatus", "FREE")
    return event


def _add_words(event: Event, one: FeedDate) -> None:
    """Say what is due; of what is restricted no more than that it is, since calendars are shown around."""
    if one.confidentiality != Confidentiality.INTERNAL:
        event.add("summary", _("Restricted record %(reference)s due") % {"reference": one.reference})
        event.add("class", "CONFIDENTIAL")
        return
    summary = f"{kind_label(one.kind)}: {one.reference} {one.title}"
    event.add("summary", Truncator(summary).chars(SUMMARY_LENGTH))
    event.add("description", _("Assigned to %(person)s") % {"person": one.assignee} + f"\n{one.unit}")
    event.add("class", "PRIVATE")
    if kind := registry.find(RecordKind, one.record_kind):
        event.add("categories", [str(kind.label)])


def _uid(one: FeedDate, organisation: Organisation) -> str:
    """Return the same for a date in every feed and forever, whatever the portal's address; nobody else's is alike."""
    return str(uuid5(NAMESPACE_URL, f"{organisation.created_at.isoformat()}/deadline/{one.pk}"))


def _second(instant: datetime) -> datetime:
    return instant.astimezone(UTC).replace(microsecond=0)
