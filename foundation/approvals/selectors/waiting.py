"""What waits for a person's decision."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Subquery, prefetch_related_objects

from foundation.accounts.access import access_of
from foundation.accounts.models import User
from foundation.accounts.rights import RIGHTS
from foundation.accounts.selectors import stood_in_for
from foundation.approvals.choices import DECISION_DEADLINE
from foundation.approvals.kinds import ApprovalKind, judged_all
from foundation.approvals.models import ApprovalRequest, ApprovalStep, HandOn
from foundation.approvals.permissions import LEADS, holds, only_audits, only_audits_there, refusal_as
from foundation.deadlines.models import Deadline
from foundation.records.models import Record
from foundation.records.querysets import visible_sql
from foundation.records.selectors import pairs_that_see
from foundation.registry import registry

WAITING = 500
QUEUE = 25  # of a page

# Each name under which something may wait for a person is looked up in order, so that the cost follows what is shown.
WAITING_KEYS = """
    SELECT found.requested_at, found.request_id
    FROM unnest(%s::bigint[], %s::text[], %s::bigint[]) AS mine(voice_id, name, unit_id), LATERAL (
        SELECT awaited.requested_at, awaited.request_id
        FROM approvals_awaitedvoice AS awaited
        JOIN approvals_approvalrequest AS asked ON asked.id = awaited.request_id
        JOIN records_record AS record ON record.id = asked.record_id
        WHERE awaited.name = mine.name AND awaited.unit_id = mine.unit_id AND {open} AND awaited.step_id NOT IN (
            SELECT step_id FROM approvals_handon WHERE ended_at IS NULL AND by_id = mine.voice_id
        ) AND {behind_awaited}
        ORDER BY awaited.requested_at, awaited.request_id
        LIMIT %s
    ) AS found
    UNION
    SELECT asked.requested_at, asked.id
    FROM approvals_handon AS handed
    JOIN approvals_approvalstep AS step ON step.id = handed.step_id
    JOIN approvals_approvalrequest AS asked ON asked.id = step.request_id AND asked.current_step = step.position
    JOIN records_record AS record ON record.id = asked.record_id
    WHERE handed.ended_at IS NULL AND handed.to_id = ANY (%s) AND {open} AND {behind_passed} AND NOT EXISTS (
        SELECT FROM approvals_handon AS further
        WHERE further.ended_at IS NULL AND further.step_id = step.id AND further.by_id = handed.to_id
    )
    ORDER BY requested_at, request_id
    LIMIT %s
"""
OPEN = """
    asked.state = 'open' AND asked.requested_by_id <> %s AND NOT %s = ANY (asked.authors)
        AND NOT EXISTS (SELECT FROM approvals_approvaldecision WHERE request_id = asked.id AND decided_by_id = %s)
        AND {known}
"""
BEHIND = """
    ({at}, {key}) > (SELECT requested_at, id FROM approvals_approvalrequest WHERE id = %s)
"""


@dataclass(frozen=True)
class Queue:
    """A part of what waits for somebody, the longest waiting first, and after which request the next part begins."""

    requests: list[ApprovalRequest]
    next_after: int | None


def requests_waiting_for(user: User) -> list[ApprovalRequest]:
    """Return the open requests whose current step this person may decide and has not decided, oldest first.

    In the own name, or for someone for whom the person stands in today. Looks at the oldest WAITING of them. Each knows the
    name of its stage (`stage`), and the day by which it is to be decided (`due_on`). A query for each voice, one for who
    stands in, and one for each kind of record: whom the kind bars is known by its own.
    """
    voices = _voices(user)
    return _judged(user, voices, _waiting_keys(user, voices))


def queue_of(user: User, *, after: int | None = None, size: int = QUEUE) -> Queue:
    """Return so many of the requests that wait for somebody, from behind one of them (None: from the first).

    Looks at no more records than it shows, but for those that turn out not to be this person's to decide.
    """
    voices = _voices(user)
    found: list[ApprovalRequest] = []
    while len(found) <= size:
        keys = _waiting_keys(user, voices, after=after, limit=size + 1)
        found += _judged(user, voices, keys)
        if len(keys) <= size:
            break
        after = keys[-1]
    return Queue(found[:size], found[size - 1].pk if len(found) > size else None)


def _voices(user: User) -> list[User]:
    access = access_of(user)
    return [] if only_audits(access) else [user, *stood_in_for(user, on=access.on)]


def _judged(user: User, voices: Sequence[User], keys: Sequence[int]) -> list[ApprovalRequest]:
    """Return those requests that a person may decide by one of the voices, in the order of their keys."""
    if not keys:
        return []
    on = access_of(user).on
    step = ApprovalStep.objects.filter(request=OuterRef("pk"), position=OuterRef("current_step"))
    dates = Deadline.objects.open().filter(record=OuterRef("record"), kind=DECISION_DEADLINE)
    handed_on = HandOn.objects.filter(
        step__request=OuterRef("pk"), step__position=OuterRef("current_step"), to=user, ended_at=None
    )
    waiting = (
        ApprovalRequest.objects.filter(pk__in=keys)
        .select_related("record", "requested_by")
        .defer("content", "record__words")
        .annotate(
            stage=Subquery(step.values("label")[:1]),
            due_on=Subquery(dates.order_by("due_at").values("due_on")[:1]),
            was_handed_on=Exists(handed_on),
        )
        .order_by("requested_at", "id")
    )
    if len(voices) > 1:
        waiting = waiting.prefetch_related("decisions", "steps", "hand_ons__step", "hand_ons__by")
    found = list(waiting)
    records = judged_all([request.record for request in found])
    if len(voices) == 1:
        handed = [request for request in found if request.was_handed_on]
        prefetch_related_objects(handed, "steps", "hand_ons__step", "hand_ons__by")
        return [
            request
            for request in found
            if _still_holds(request, user)
            and not only_audits_there(access_of(user), request.record.unit_id)
            and not registry.get(ApprovalKind, request.record.kind).bars(records[request.record_id], user)
        ]
    seen = pairs_that_see({(request.record_id, voice.pk) for request in found for voice in voices}, on=on)
    return [
        request
        for request in found
        if any(
            (request.record_id, voice.pk) in seen
            and _may_speak(voice, request, records[request.record_id], user)
            for voice in voices
        )
    ]


def _waiting_keys(
    user: User, voices: Sequence[User], *, after: int | None = None, limit: int = WAITING
) -> list[int]:
    """Return the keys of the oldest open requests (behind one of them, and no more than `limit`) that a person may know of, neither asked, made nor decided, and
    whose current stage has one of the voices in its circle.

    By a statement written by hand: my desk asks each time it is opened, and mostly nothing waits.
    """
    if not voices:
        return []
    known, values = visible_sql(user, "record")
    opened = OPEN.format(known=known)
    behind = BEHIND if after else "TRUE"
    mine = [(voice.pk, name, unit_id) for voice in voices for name, unit_id in _names(voice)]
    both = [user.pk, user.pk, user.pk, *values, *([after] if after else []), limit]
    sql = WAITING_KEYS.format(
        open=opened,
        behind_awaited=behind.format(at="awaited.requested_at", key="awaited.request_id"),
        behind_passed=behind.format(at="asked.requested_at", key="asked.id"),
    )
    with connection.cursor() as cursor:
        columns = [[row[place] for row in mine] for place in range(3)]
        cursor.execute(sql, [*columns, *both, [voice.pk for voice in voices], *both])
        return [key for _at, key in cursor.fetchall()]


def _names(voice: User) -> Iterator[tuple[str, int]]:
    """Return the names under which something may wait for a person, each with a unit (0: wherever), as `AwaitedVoice` has them."""
    access = access_of(voice)
    if voice.is_active:
        yield f"person:{voice.pk}", 0
    held = [(code, access.scope(code)) for code in RIGHTS] + list(access.roles.items())
    if leads := access.roles.get(LEADS):
        held.append(("lead", leads))
    for name, scope in held:
        if scope.everywhere:
            yield name, 0
        else:
            yield from ((name, unit_id) for unit_id in scope.unit_ids)


def _still_holds(request: Any, user: User) -> bool:
    """Tell whether what was handed on to a person still counts: it lapses with the right of who handed it on."""
    if not request.was_handed_on:
        return True
    step = next(step for step in request.steps.all() if step.position == request.current_step)
    return holds(step, user, request.hand_ons.all())


def _may_speak(voice: User, request: ApprovalRequest, record: Record, user: User) -> bool:
    step = next(step for step in request.steps.all() if step.position == request.current_step)
    speaks = holds(step, voice, request.hand_ons.all())
    speaks = speaks and not only_audits_there(access_of(voice), record.unit_id)
    return speaks and not refusal_as(voice, request, record, request.decisions.all(), user)
