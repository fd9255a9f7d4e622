"""The dates on my desk, shelf by shelf: what is late, due soon, due later, and due where I only take part.

My desk is what everyone opens first and most often. Its dates come by one statement, written by hand: four querysets
with models for their rows cost the processor more than all else on the page.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.urls import reverse

from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_day
from foundation.approvals.services import DECISION_DEADLINE
from foundation.deadlines.wording import kind_label, record_path, snooze_words
from foundation.records.querysets import visible_sql
from foundation.registry import DeadlineKind, registry
from foundation.ui.counts import Statement

SHOWN = 25
AHEAD = timedelta(days=30)

LATE, DUE, LATER, INVOLVED = "late", "due", "later", "involved"

# Open dates, of records that the reader may know of: `{known}` is the condition for that.
OPEN_DATES = """
    FROM deadlines_deadline AS date JOIN records_record AS record ON record.id = date.record_id {parts}
    WHERE date.closed_at IS NULL AND {known} AND {held} AND {when}
"""
# What one shelf holds, up to a number of rows.
SHELF = f"""
    SELECT {{distinct}} %s AS shelf, date.id, date.kind, date.due_on, date.due_at, date.snoozed_until, date.snooze_reason,
        date.assignee_id = %s AS is_mine, record.kind AS record_kind, record.reference, record.title
    {OPEN_DATES}
    ORDER BY date.due_at, date.id
    LIMIT %s
"""
MINE = "date.assignee_id = %s AND date.kind <> %s"
# Announced to a part that the reader plays in the record: to several, perhaps, whence DISTINCT there. A join, so that the database starts from
# the reader's records and not from all that is due.
PARTS = "JOIN records_participant AS part ON part.record_id = date.record_id"
TAKING_PART = "date.assignee_id <> %s AND part.user_id = %s AND (date.kind, part.role) IN %s"


@dataclass(frozen=True)
class Row:
    """A date on my desk: what is due of which record, and when."""

    title: str
    reference: str
    url: str
    what: str
    due: date | datetime
    snooze: str
    snooze_url: str
    may_snooze: bool


@dataclass(frozen=True)
class Shelf:
    """Some rows of a kind of work; `more` tells that there are further ones."""

    rows: list[Row]
    more: bool

    def __len__(self) -> int:
        return len(self.rows)


def shelves_of(user: User, now: datetime) -> dict[str, Shelf]:
    """Return the shelves LATE, DUE, LATER (of what the person must see to) and INVOLVED, each the earliest first. One query."""
    known = visible_sql(user, "record")
    mine = ("", "", MINE, [user.pk, DECISION_DEADLINE])
    taking_part = ("DISTINCT", PARTS, TAKING_PART, [user.pk, user.pk, _announced()])
    soon = now + AHEAD
    wanted = {
        LATE: (*mine, "date.due_at <= %s", [now]),
        DUE: (*mine, "date.due_at > %s AND date.due_at <= %s", [now, soon]),
        LATER: (*mine, "date.due_at > %s", [soon]),
        INVOLVED: (*taking_part, "date.due_at <= %s", [soon]),
    }
    statements, values = [], []
    for shelf, (distinct, parts, held, held_values, when, when_values) in wanted.items():
        shelf_sql = SHELF.format(distinct=distinct, parts=parts, known=known[0], held=held, when=when)
        statements.append(f"({shelf_sql})")
        values += [shelf, user.pk, *known[1], *held_values, *when_values, SHOWN + 1]
    rows: dict[str, list[Row]] = {shelf: [] for shelf in wanted}
    today = organisation_day(now)
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(statements) + " ORDER BY shelf, due_at, id", values)
        for shelf, *columns in cursor.fetchall():
            rows[shelf].append(_row(columns, today))
    return {shelf: Shelf(found[:SHOWN], len(found) > SHOWN) for shelf, found in rows.items()}


def late_dates(user: User, now: datetime) -> Statement:
    """Return a person's dates that are late, decisions among them, to be counted in the side bar."""
    known, values = visible_sql(user, "record")
    dates = OPEN_DATES.format(parts="", known=known, held="date.assignee_id = %s", when="date.due_at <= %s")
    return Statement(f"SELECT date.id {dates}", (*values, user.pk, now))


def _announced() -> tuple[tuple[str, str], ...]:
    """Return the kinds of dates with the parts in a record that they are announced to."""
    pairs = [(kind.key, str(role)) for kind in registry.all(DeadlineKind) for role in kind.audience]
    return tuple(pairs) or (("", ""),)


def _row(columns: list[Any], today: date) -> Row:
    key, kind, due_on, due_at, snoozed_until, reason, is_mine, record_kind, reference, title = columns
    is_snoozed = bool(snoozed_until and snoozed_until > today)
    return Row(
        title=title,
        reference=reference,
        url=record_path(record_kind, reference),
        what=kind_label(kind),
        due=due_on or due_at,
        snooze=snooze_words(snoozed_until, reason) if is_snoozed else "",
        snooze_url=reverse(f"deadlines:deadline-{'wake' if is_snoozed else 'snooze'}", args=[key]),
        may_snooze=is_mine,
    )
