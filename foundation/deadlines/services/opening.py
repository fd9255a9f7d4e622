"""Setting the first dates of new records, many at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from foundation.accounts.models import User
from foundation.deadlines.ladders import Rung, Steps, due_day, next_rung
from foundation.deadlines.models import Deadline, Ladder
from foundation.deadlines.selectors import clock_in_force
from foundation.deadlines.services.reckoning import reckoning_share
from foundation.deadlines.services.setting import STANDARD
from foundation.records.models import Record
from foundation.registry import DeadlineKind, registry


@dataclass(frozen=True, kw_only=True)
class DeadlineDraft:
    """A whole-day date of a new record."""

    record: Record
    kind: str
    due_on: date
    assignee: User


@transaction.atomic
def deadlines_open(*, drafts: Sequence[DeadlineDraft], now: datetime) -> None:
    """Set whole-day dates of records that have none of these kinds yet: as `deadline_set()`, by four statements."""
    if not drafts:
        return
    reckoning_share()
    clock = clock_in_force()
    ladders = {ladder.key: ladder for ladder in Ladder.objects.all()}
    steps = {ladder.pk: Steps.of(ladder) for ladder in ladders.values()}
    reckoned: dict[tuple[int, date], Rung | None] = {}
    rows = []
    for draft in drafts:
        ladder = ladders.get(registry.get(DeadlineKind, draft.kind).ladder) or ladders[STANDARD]
        due_at = clock.end_of(draft.due_on)
        key = (ladder.pk, draft.due_on)
        if key not in reckoned:
            day = due_day(due_on=draft.due_on, due_at=due_at, clock=clock)
            reckoned[key] = next_rung(steps[ladder.pk], day, clock, now)
        rung = reckoned[key]
        rows.append(
            Deadline(
                record_id=draft.record.pk,
                kind=draft.kind,
                due_on=draft.due_on,
                due_at=due_at,
                assignee=draft.assignee,
                ladder=ladder,
                next_rung=rung.days if rung else None,
                next_reminder_at=rung.at if rung else None,
                changed_at=now,
            )
        )
    Deadline.objects.bulk_create(rows, batch_size=1_000)
