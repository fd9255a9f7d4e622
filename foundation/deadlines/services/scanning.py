"""The scan: claim the deadlines whose reminder is due, write the notices, move the ladders on.

Set-based, a batch at a time: a fixed number of statements per batch, and no more in memory than one batch.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.utils import translation

from foundation.accounts.models import User
from foundation.deadlines.keys import deadline_prefix, notice_key
from foundation.deadlines.ladders import (
    Clock,
    Rung,
    Steps,
    due_day,
    latest_rung,
    next_rung,
    rung_in_snooze,
    wake_rung,
)
from foundation.deadlines.models import Ladder
from foundation.deadlines.recipients import ESCALATED, Claim, recipients_of
from foundation.deadlines.selectors import clock_in_force
from foundation.deadlines.services.reckoning import reckoning_follow, reckoning_share
from foundation.deadlines.standing_in import Told, with_stand_ins
from foundation.deadlines.wording import notice_facts, notice_words
from foundation.notifications.services import NoticeDraft, notices_write

REMINDER = "deadlines.reminder"
ESCALATION = "deadlines.escalation"
BATCH = 500

# Skipping locked records, too: a transition holds its record and may wait for a deadline that is claimed here, so the
# scan must not wait for that record. What is skipped is taken by the next scan.
CLAIM = """
    SELECT deadline.id, deadline.kind, deadline.due_on, deadline.due_at, deadline.ladder_id,
           deadline.next_reminder_at, deadline.assignee_id, assignee.full_name, assignee.manager_id,
           record.id, record.kind, record.reference, record.title, record.owner_id,
           record.archived_at IS NOT NULL, unit.path, deadline.snoozed_until
    FROM deadlines_deadline AS deadline
    JOIN records_record AS record ON record.id = deadline.record_id
    JOIN accounts_businessunit AS unit ON unit.id = record.unit_id
    JOIN accounts_user AS assignee ON assignee.id = deadline.assignee_id
    WHERE deadline.closed_at IS NULL AND deadline.next_reminder_at <= %s
      AND (deadline.next_reminder_at, deadline.id) > (%s, %s)
    ORDER BY deadline.next_reminder_at, deadline.id
    LIMIT %s
    FOR NO KEY UPDATE OF deadline SKIP LOCKED
    FOR KEY SHARE OF record SKIP LOCKED
"""
MOVE_ON = """
    UPDATE deadlines_deadline AS deadline SET next_rung = onward.rung, next_reminder_at = onward.at
    FROM unnest(%s::bigint[], %s::int[], %s::timestamptz[]) AS onward (id, rung, at)
    WHERE deadline.id = onward.id
"""

START = (datetime.min.replace(tzinfo=UTC), 0)


class Move(NamedTuple):
    """What a scan does to a deadline: the one reminder that it sends (none, if the ladder has none), and what is next."""

    sent: Rung | None
    escalated: bool
    onward: Rung | None


def deadlines_scan(*, now: datetime, batch: int = BATCH) -> int:
    """Write the notices of all reminders that are due by `now`; return how many were new.

    Of the reminders that a deadline missed, the latest alone is sent. Each batch is a transaction, so whatever stops the
    scan leaves nothing half done, and the next one goes on. Any number of scans may run at once: none takes what
    another holds, and the notices' keys refuse a second copy.
    """
    reckoning_follow(now=now)
    written = 0
    after: tuple[datetime, int] | None = START
    while after:
        count, after = _scan_batch(now, after, batch)
        written += count
    return written


@transaction.atomic
def _scan_batch(
    now: datetime, after: tuple[datetime, int], batch: int
) -> tuple[int, tuple[datetime, int] | None]:
    """Take the next batch; return how many notices were new, and where the following batch starts (None: at the end)."""
    reckoning_share()
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, [now, *after, batch])
        claims = [Claim(*row) for row in cursor.fetchall()]
    if not claims:
        return 0, None
    clock = clock_in_force()
    moves = _moves(claims, clock, now)
    written = notices_write(notices=_drafts(claims, moves, clock, clock.day_of(now)), now=now)
    _move_on(moves)
    return written, (claims[-1].next_reminder_at, claims[-1].deadline_id) if len(claims) == batch else None


def _moves(claims: Collection[Claim], clock: Clock, now: datetime) -> dict[int, Move]:
    """Return what happens to each deadline, by its id. Reckoned once per ladder, date and snooze."""
    ladders = Ladder.objects.in_bulk({claim.ladder_id for claim in claims})
    steps = {pk: Steps.of(ladder) for pk, ladder in ladders.items()}
    reckoned: dict[tuple[int, date, date | None], Move] = {}
    moves: dict[int, Move] = {}
    for claim in claims:
        due = due_day(due_on=claim.due_on, due_at=claim.due_at, clock=clock)
        key = (claim.ladder_id, due, claim.snoozed_until)
        if key not in reckoned:
            reckoned[key] = _move(steps[claim.ladder_id], due, claim.snoozed_until, clock, now)
        moves[claim.deadline_id] = reckoned[key]
    return moves


def _move(ladder: Steps, due: date, snoozed_until: date | None, clock: Clock, now: datetime) -> Move:
    sent = latest_rung(ladder, due, clock, now)
    escalated = sent is not None and ladder.escalates_at(sent.days)
    onward = next_rung(ladder, due, clock, now)
    if snoozed_until is None or escalated:
        return Move(sent, escalated, onward)
    wake = wake_rung(snoozed_until, due, clock)
    if now >= wake.at:
        return Move(wake if sent is None or sent.at < wake.at else sent, escalated, onward)
    return Move(None, False, rung_in_snooze(ladder, snoozed_until, due, clock, now))


def _drafts(
    claims: Collection[Claim], moves: dict[int, Move], clock: Clock, on: date
) -> Iterator[NoticeDraft]:
    """Yield one notice for each deadline and recipient, each in the recipient's language."""
    rungs = {
        claim: sent
        for claim in claims
        if (sent := moves[claim.deadline_id].sent) is not None and not claim.archived
    }
    escalated = {claim.deadline_id for claim in rungs if moves[claim.deadline_id].escalated}
    due = recipients_of(rungs.keys(), escalated=escalated, on=on)
    recipients = with_stand_ins(due, rungs.keys(), clock=clock, on=on)
    facts = {claim: notice_facts(claim, rung) for claim, rung in rungs.items()}
    readers: dict[str, set[int]] = defaultdict(set)
    people = User.objects.filter(pk__in=set().union(*recipients.values()))
    for user_id, language in people.values_list("pk", "language"):
        readers[language].add(user_id)
    for language, user_ids in readers.items():
        words = cache(notice_words)  # the same for many, and dear in their number
        with translation.override(language):
            for claim, rung in rungs.items():
                for user_id, told in recipients[claim.deadline_id].items():
                    if user_id in user_ids:
                        said = words(claim.kind, claim.assignee_name, told.why, told.instead_of)
                        yield _draft(claim, rung, user_id, told, {**facts[claim], **said})


def _draft(claim: Claim, rung: Rung, user_id: int, told: Told, payload: dict[str, Any]) -> NoticeDraft:
    return NoticeDraft(
        recipient_id=user_id,
        kind=ESCALATION if told.why in ESCALATED else REMINDER,
        dedupe_key=notice_key(claim.deadline_id, user_id, claim.due_on or claim.due_at, rung.days),
        thread=deadline_prefix(claim.deadline_id),
        payload=payload,
        record_id=claim.record_id,
        send_after=told.not_before or rung.at,
    )


def _move_on(moves: dict[int, Move]) -> None:
    onward = [move.onward for move in moves.values()]
    with connection.cursor() as cursor:
        cursor.execute(
            MOVE_ON,
            [list(moves), [rung and rung.days for rung in onward], [rung and rung.at for rung in onward]],
        )
