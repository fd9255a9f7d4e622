"""What a person was told, as the bell and the page of notices show it.

A notice is shown from the moment at which it is due, whether or not a mail of it has gone, for as long as the person may
know of its record; unless the person wants its kind not to be shown.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.urls import reverse
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from foundation.accounts.models import User
from foundation.notifications.choices import NoticeState
from foundation.notifications.cleaning import clean_line, shorten
from foundation.notifications.links import PATH
from foundation.notifications.models import Notice
from foundation.records.querysets import visible_sql
from foundation.registry import NoticeKind, registry
from foundation.ui.counts import Statement
from foundation.ui.dates import distance_text

LATEST = 8
TOLD = tuple(state.value for state in (NoticeState.PENDING, NoticeState.MAILED, NoticeState.SHOWN))
USUAL_ICON = "bell"


# What a person was told: see above. Every page counts it, and the lists are made of it.
TOLD_TO = """
    SELECT notice.id
    FROM notifications_notice AS notice LEFT JOIN records_record AS record ON record.id = notice.record_id
    WHERE notice.recipient_id = %s AND notice.send_after <= %s AND notice.state IN %s
        AND (notice.record_id IS NULL OR {known})
        AND NOT EXISTS (
            SELECT FROM notifications_mailpreference AS wish
            WHERE wish.user_id = notice.recipient_id AND NOT wish.in_app AND wish.kind = notice.kind AND wish.kind IN %s
        )
"""


def _told_to(user: User, now: datetime) -> Statement:
    known, values = visible_sql(user, "record")
    may_be_silenced = ("", *(kind.key for kind in registry.all(NoticeKind) if kind.may_be_silenced))
    return Statement(TOLD_TO.format(known=known), (user.pk, now, TOLD, *values, may_be_silenced))


def notices_of(user: User, *, now: datetime) -> QuerySet[Notice]:
    """Return what a person has been told and may still know of; not ordered."""
    told = _told_to(user, now)
    return Notice.objects.filter(recipient_id=user.pk, pk__in=RawSQL(told.sql, told.values))  # noqa: S611 - ours


def unread_of(user: User, now: datetime) -> Statement:
    """Return what a person has not read, to be counted beside the bell."""
    told = _told_to(user, now)
    return Statement(f"{told.sql} AND notice.read_at IS NULL", told.values)


@dataclass(frozen=True)
class BellLine:
    """A notice in words, with where it leads. `at` is when it was first shown: what is late when it is written was not told before."""

    title: str
    reference: str
    sentence: str
    due: str
    icon: str
    at: datetime
    is_read: bool
    url: str


def line_of(notice: Notice, *, now: datetime) -> BellLine:
    """Return a notice in words. What is faulty in its content is left out: here it stands in nobody's way."""
    kind = registry.find(NoticeKind, notice.kind)
    title = _word(notice, "title", 200) or (notice.record.title if notice.record else "")
    return BellLine(
        title=title or (str(kind.label) if kind else _("A notice")),
        reference=_word(notice, "reference", 40),
        sentence=_word(notice, "sentence", 300),
        due=_due(notice, now),
        icon=kind.icon if kind else USUAL_ICON,
        at=max(notice.created_at, notice.send_after),
        is_read=notice.read_at is not None,
        url=reverse("notifications:notice-open", args=[notice.pk]),
    )


def path_of(notice: Notice) -> str:
    """Return where a notice leads within the portal: the page that it names, else its record's; empty for nowhere."""
    path = _word(notice, "path", 500)
    if PATH.fullmatch(path):
        return path
    return notice.record.get_absolute_url() if notice.record else ""


def _word(notice: Notice, name: str, length: int) -> str:
    value = notice.payload.get(name) if isinstance(notice.payload, dict) else None
    return shorten(clean_line(value), length) if isinstance(value, str) else ""


def _due(notice: Notice, now: datetime) -> str:
    """Return how far off what it tells of is, from now."""
    try:
        due = parse_date(_word(notice, "due_on", 40)) or parse_datetime(_word(notice, "due_at", 40))
    except ValueError:
        return ""
    if due is None or (isinstance(due, datetime) and due.tzinfo is None):
        return ""
    return distance_text(due, now=now)
