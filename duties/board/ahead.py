"""What comes next, duty by duty and within 30 days: activities, and the dates of the records of a duty's areas.

Written by hand: each duty's first date is looked up by an index, which one queryset can't ask for thirteen duties at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext as _

from duties.board.indicators import kinds_of
from duties.board.narrowing import ALL, Narrowing
from duties.choices import Duty
from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_day, organisation_zone
from foundation.calendar.choices import Outcome
from foundation.deadlines.wording import kind_label, record_path
from foundation.records.querysets import visible_sql
from foundation.ui.counts import Statement

DAYS = timedelta(days=30)
ACTIVITY = "activity"
LATE, NEXT = "<", ">="

OF_ACTIVITIES = """(
    SELECT %s::int AS duty, listed.late_on AS on_day, NULL::timestamptz AS due_at, '' AS what, 'activity' AS kind,
        listed.reference, listed.title, listed.activity_id AS key
    FROM duties_activitylisting AS listed
    WHERE listed.duty = %s AND listed.late_on IS NOT NULL AND listed.late_on {side} %s AND NOT listed.is_archived
        AND {known} AND {kept}
    ORDER BY listed.late_on, listed.activity_id LIMIT %s
)"""
OF_RECORDS = """(
    SELECT %s::int AS duty, date.due_on AS on_day, date.due_at, deadline.kind AS what, record.kind, record.reference, record.title,
        date.deadline_id AS key
    FROM (
        SELECT * FROM calendar_calendardate AS date
        WHERE date.root_kind = %s AND date.outcome = %s AND date.due_at {side} %s AND {known} AND {kept}
        ORDER BY date.due_at, date.deadline_id LIMIT %s
    ) AS date
    JOIN deadlines_deadline AS deadline ON deadline.id = date.deadline_id
    JOIN records_record AS record ON record.id = date.record_id
)"""
WITHIN = """
    SELECT date.deadline_id AS id FROM calendar_calendardate AS date
    WHERE date.outcome = %s AND date.due_at > %s AND date.due_at <= %s AND {known} AND {kept}
"""
REMINDED = """
    SELECT date.deadline_id AS id FROM deadlines_deadline AS deadline
    JOIN calendar_calendardate AS date ON date.deadline_id = deadline.id
    WHERE deadline.closed_at IS NULL AND deadline.next_reminder_at > %s AND deadline.next_reminder_at <= %s AND {known} AND {kept}
"""


@dataclass(frozen=True)
class Coming:
    """A date of a duty: of which record, what is due, and when."""

    title: str
    reference: str
    url: str
    what: str
    due: date | datetime


def first_of_duties(
    user: User, now: datetime, duties: Sequence[Duty] = tuple(Duty), narrowing: Narrowing = ALL
) -> dict[Duty, Coming]:
    """Return the first open date of each duty, late or not; none for a duty without. One query."""
    first: dict[Duty, Coming] = {}
    for duty, coming in _dates(user, now, duties, narrowing, side="", most=1):
        first.setdefault(duty, coming)
    return first


def dates_of_duty(
    user: User, now: datetime, duty: Duty, side: str, *, most: int, narrowing: Narrowing = ALL
) -> list[Coming]:
    """Return so many of a duty's open dates, the earliest first: those that are LATE, or those that come NEXT. One query."""
    return [coming for _duty, coming in _dates(user, now, [duty], narrowing, side=side, most=most)][:most]


def within_30_days(user: User, now: datetime, *, most: int, narrowing: Narrowing = ALL) -> list[Coming]:
    """Return so many of the open dates of the next 30 days, of whichever duty or of none, the earliest first. One query."""
    statement = _within(user, now, narrowing)
    sql = f"""
        SELECT date.due_on, date.due_at, deadline.kind, record.kind, record.reference, record.title
        FROM ({statement.sql} ORDER BY date.due_at, date.deadline_id LIMIT %s) AS near
        JOIN calendar_calendardate AS date ON date.deadline_id = near.id
        JOIN deadlines_deadline AS deadline ON deadline.id = near.id
        JOIN records_record AS record ON record.id = date.record_id
        ORDER BY date.due_at, date.deadline_id
    """  # noqa: S608 - written by us, its values apart
    with connection.cursor() as cursor:
        cursor.execute(sql, (*statement.values, most))
        return [
            Coming(title, reference, record_path(kind, reference), kind_label(what), due_on or due_at)
            for due_on, due_at, what, kind, reference, title in cursor.fetchall()
        ]


def counted_within_30_days(
    user: User, now: datetime, narrowing: Narrowing = ALL
) -> tuple[Statement, Statement]:
    """Return the open dates of the next 30 days, and those of which a reminder still goes out today, to be counted."""
    end = datetime.combine(organisation_day(now) + timedelta(days=1), time(), organisation_zone())
    known, kept = _conditions(user, narrowing)
    reminded = REMINDED.format(known=known[0], kept=kept[0])
    return _within(user, now, narrowing), Statement(reminded, (now, end, *known[1], *kept[1]))


def _within(user: User, now: datetime, narrowing: Narrowing) -> Statement:
    known, kept = _conditions(user, narrowing)
    sql = WITHIN.format(known=known[0], kept=kept[0])
    return Statement(sql, (Outcome.OPEN, now, now + DAYS, *known[1], *kept[1]))


def _conditions(user: User, narrowing: Narrowing) -> tuple[tuple[str, tuple[Any, ...]], ...]:
    return visible_sql(user, "date", key="record_id"), narrowing.sql("date")


def _dates(
    user: User, now: datetime, duties: Sequence[Duty], narrowing: Narrowing, *, side: str, most: int
) -> list[tuple[Duty, Coming]]:
    """Return the dates of some duties, the earliest first: so many of each kind of record."""
    parts, values = [], []
    known, kept = visible_sql(user, "listed", key="activity_id"), narrowing.sql("listed")
    of_activities = OF_ACTIVITIES.format(side=side or NEXT, known=known[0], kept=kept[0])
    day = organisation_day(now) if side else date.min
    dated, kept_dates = _conditions(user, narrowing)
    of_records = OF_RECORDS.format(
        side=">" if side == NEXT else "<=" if side else ">", known=dated[0], kept=kept_dates[0]
    )
    instant = now if side else datetime(1, 1, 2, tzinfo=organisation_zone())
    for duty in duties:
        parts.append(of_activities)
        values += [duty.value, duty.value, day, *known[1], *kept[1], most]
        for kind in kinds_of(duty):
            parts.append(of_records)
            values += [duty.value, kind, Outcome.OPEN, instant, *dated[1], *kept_dates[1], most]
    zone = organisation_zone()
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), values)
        rows = cursor.fetchall()

    def order(row: Any) -> tuple[datetime, int]:
        _duty, on_day, due_at, *_rest, key = row
        return due_at or datetime.combine(on_day + timedelta(days=1), time(), zone), key

    return [(Duty(row[0]), _coming(row)) for row in sorted(rows, key=order)]


def _coming(row: Any) -> Coming:
    _duty, on_day, due_at, what, kind, reference, title, _key = row
    if kind == ACTIVITY:
        return Coming(
            title, reference, reverse("duties:activity-detail", args=[reference]), _("Activity"), on_day
        )
    return Coming(title, reference, record_path(kind, reference), kind_label(what), on_day or due_at)
