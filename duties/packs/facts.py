"""What is said of each record in a pack: of activities all, of other records what was decided and filed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as lazy

from duties.choices import OPEN, ActivityState, Duty
from duties.models import Activity, ChecklistItem
from duties.packs.evidence import Evidence, Found, digests_in, evidence_of
from duties.packs.scope import ACTION, Scope, activities_in, duty_of_kind, records_in, seen
from duties.selectors import recurrence_of
from foundation.accounts.organisation import organisation_day
from foundation.actions.models import ActionListing
from foundation.approvals.kinds import ApprovalKind, judged_all
from foundation.approvals.models import ApprovalRequest
from foundation.approvals.selectors import with_steps
from foundation.lifecycle.tables import Lifecycle
from foundation.links.models import Link
from foundation.links.relations import BACK, direction_of
from foundation.records.models import Record
from foundation.records.querysets import visible_records
from foundation.registry import registry

BATCH = 200


class Standing(StrEnum):
    """How an activity ended, or stands, against its due day."""

    ON_TIME = "on_time"
    LATE = "late"
    SKIPPED = "skipped"
    OPEN = "open"
    OVERDUE = "overdue"


STANDING_WORDS = {
    Standing.ON_TIME: lazy("Done on time"),
    Standing.LATE: lazy("Done late"),
    Standing.SKIPPED: lazy("Skipped"),
    Standing.OPEN: lazy("Not due yet"),
    Standing.OVERDUE: lazy("Overdue"),
}


def standing_of(activity: Activity, today: date) -> Standing:
    """Return how an activity stands today."""
    if activity.state == ActivityState.SKIPPED:
        return Standing.SKIPPED
    if activity.state in OPEN:
        return Standing.OVERDUE if activity.due_on < today else Standing.OPEN
    is_late = activity.done_on is not None and activity.done_on > activity.due_on
    return Standing.LATE if is_late else Standing.ON_TIME


@dataclass(frozen=True)
class Linked:
    """Another record that one is linked with, and how."""

    key: int
    words: str
    reference: str
    title: str
    state: str


@dataclass
class Told:
    """A record of a pack, with all that is said of it."""

    record: Record
    duty: Duty
    state: str
    requests: list[ApprovalRequest] = field(default_factory=list)
    files: list[Evidence] = field(default_factory=list)
    links: list[Linked] = field(default_factory=list)
    items: list[ChecklistItem] = field(default_factory=list)
    standing: Standing | None = None
    days_late: int = 0

    @cached_property
    def activity(self) -> Activity:
        """Return the activity that it is."""
        assert isinstance(self.record, Activity)
        return self.record


@dataclass
class LeftOut:
    """How much is not in a pack, by why."""

    activities: int = 0
    records: int = 0
    links: int = 0
    files: int = 0
    entries: int = 0


def totals(scope: Scope) -> tuple[int, int, LeftOut]:
    """Return how many activities and other records a pack holds, and how many it leaves out since its reader may not see them."""
    activities, records = activities_in(scope), records_in(scope)
    shown = seen(activities, scope).count(), seen(records, scope).count()
    return (*shown, LeftOut(activities.count() - shown[0], records.count() - shown[1]))


def activities_told(scope: Scope, left_out: LeftOut) -> Iterator[Sequence[Told]]:
    """Yield the activities with all that is said of them, some at a time, by duty and due day."""
    rows = seen(activities_in(scope), scope).order_by("duty", "due_on", "pk")
    keys = list(rows.values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH):
        batch = keys[start : start + BATCH]
        found = Activity.objects.filter(pk__in=batch).select_related("owner", "unit", "series", "done_by")
        by_key = {activity.pk: activity for activity in found}
        activities = [by_key[key] for key in batch if key in by_key]
        told = [_activity(activity, scope) for activity in activities]
        items: dict[int, list[ChecklistItem]] = defaultdict(list)
        for item in ChecklistItem.objects.filter(activity__in=batch).select_related("ticked_by"):
            items[item.activity_id].append(item)
        for one in told:
            one.items = sorted(items[one.record.pk], key=lambda item: item.position)
        _furnish(scope, told, left_out, are_activities=True)
        yield told


def records_told(scope: Scope, left_out: LeftOut) -> Iterator[Sequence[Told]]:
    """Yield the other records with what is said of them, some at a time, by kind and reference."""
    duties = duty_of_kind()
    rows = seen(records_in(scope), scope).order_by("kind", "pk")
    keys = list(rows.values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH):
        found = Record.objects.filter(pk__in=keys[start : start + BATCH]).select_related("owner", "unit")
        records = list(found.defer("words").order_by("kind", "pk"))
        follows = _followed(record.pk for record in records if record.kind == ACTION)
        told = [
            Told(
                record,
                duties[follows[record.pk].root_kind if record.pk in follows else record.kind],
                state_words(record),
            )
            for record in records
        ]
        _furnish(scope, told, left_out, are_activities=False)
        for one in told:
            if row := follows.get(one.record.pk):
                source = row.source
                words = gettext("follows from")
                one.links.append(
                    Linked(source.pk, words, source.reference, source.title, state_words(source))
                )
        yield told


def _followed(keys: Iterable[int]) -> dict[int, ActionListing]:
    """Return of some actions what they follow from, and the kind of what they do so in the end."""
    rows = ActionListing.objects.filter(pk__in=list(keys)).select_related("source").defer("source__words")
    return {row.pk: row for row in rows}


def state_words(record: Record) -> str:
    """Return the state of a record in words."""
    lifecycle = registry.find(Lifecycle, record.kind)
    if lifecycle is None or record.state not in lifecycle.states.values:
        return record.state
    return str(lifecycle.states(record.state).label)


def _activity(activity: Activity, scope: Scope) -> Told:
    standing = standing_of(activity, scope.today)
    until = activity.done_on or scope.today
    is_late = standing in (Standing.LATE, Standing.OVERDUE)
    return Told(
        activity,
        activity.duty_entry,
        state_words(activity),
        standing=standing,
        days_late=(until - activity.due_on).days if is_late else 0,
    )


def _furnish(scope: Scope, told: Sequence[Told], left_out: LeftOut, *, are_activities: bool) -> None:
    """Add decisions, files and links."""
    keys = [one.record.pk for one in told]
    requests = _requests(scope, keys, are_activities=are_activities)
    signed = {
        key: set().union(*(digests_in(request.content) for request in asked))
        for key, asked in requests.items()
    }
    files: Found = evidence_of(scope, keys, signed, are_activities=are_activities)
    links = _links(scope, keys, left_out)
    left_out.files += files.left_out
    for one in told:
        key = one.record.pk
        one.requests, one.files, one.links = requests[key], files.by_record[key], links[key]


def _requests(scope: Scope, keys: Sequence[int], *, are_activities: bool) -> dict[int, list[ApprovalRequest]]:
    """Return the requests for approval of some records, in their order: of activities all, of others those decided on in the period."""
    rows = ApprovalRequest.objects.filter(record__in=keys).order_by("pk")
    if not are_activities:
        begins, over = scope.instants
        rows = rows.filter(decisions__decided_at__gte=begins, decisions__decided_at__lt=over).distinct()
    found: dict[int, list[ApprovalRequest]] = defaultdict(list)
    asked = list(with_steps(rows))
    readable = _readable(scope, [request.record for request in asked])
    for request in asked:
        if request.record_id in readable:
            found[request.record_id].append(request)
    return found


def _readable(scope: Scope, records: Sequence[Record]) -> set[int]:
    """Return the keys of those records whose requests for approval the reader may know of."""
    kinds = {record.kind: registry.find(ApprovalKind, record.kind) for record in records}
    limited = [record for record in records if (kind := kinds[record.kind]) and kind.reads]
    judged = judged_all(limited) if limited else {}
    hidden = {
        key
        for key, record in judged.items()
        if (kind := kinds[record.kind]) and not kind.may_read(record, scope.reader)
    }
    return {record.pk for record in records} - hidden


def _links(scope: Scope, keys: Sequence[int], left_out: LeftOut) -> dict[int, list[Linked]]:
    """Return what some records are linked with, as far as the reader may know of it."""
    found: dict[int, list[Linked]] = defaultdict(list)
    present = Link.objects.filter(removed_at__isnull=True)
    for side, other in (("source", "target"), ("target", "source")):
        rows = present.filter(**{f"{side}__in": keys})
        visible = rows.filter(visible_records(scope.reader, f"{other}__")).select_related(other)
        shown = list(visible.order_by("pk"))
        left_out.links += rows.count() - len(shown)
        for link in shown:
            found[getattr(link, f"{side}_id")].append(_linked(link, getattr(link, other), side))
    return found


def _linked(link: Link, other: Record, side: str) -> Linked:
    direction = direction_of(link.relation if side == "source" else f"{BACK}{link.relation}")
    words = str(direction.words) if direction else link.relation
    return Linked(other.pk, words, other.reference, other.title, state_words(other))


def plain_of(told: Told) -> dict[str, Any]:
    """Return what is said of a record as plain JSON values, for programs that read packs."""
    record = told.record
    said: dict[str, Any] = {
        "reference": record.reference,
        "kind": record.kind,
        "title": record.title,
        "duty": told.duty.value,
        "state": record.state,
        "owner": record.owner.full_name,
        "unit": record.unit.name,
        "confidentiality": record.confidentiality,
        "decisions": [_plain_request(request) for request in told.requests],
        "files": [_plain_file(one) for one in told.files],
        "links": [_plain_link(link) for link in told.links],
    }
    if told.standing is not None:
        said |= _plain_activity(told)
    return said


def _plain_link(link: Linked) -> dict[str, str]:
    return {"words": link.words, "reference": link.reference, "title": link.title, "state": link.state}


def _plain_activity(told: Told) -> dict[str, Any]:
    activity = told.activity
    return {
        "standing": told.standing,
        "days_late": told.days_late,
        "due_on": activity.due_on.isoformat(),
        "done_on": activity.done_on.isoformat() if activity.done_on else None,
        "done_by": activity.done_by.full_name if activity.done_by else None,
        "skipped_on": activity.skipped_on.isoformat() if activity.skipped_on else None,
        "skip_reason": activity.skip_reason,
        "task": activity.task,
        "evidence_wanted": activity.evidence_wanted,
        "outcome": activity.outcome,
        "recurrence": recurrence_of(activity.series).describe() if activity.series else None,
        "occurrence_on": activity.occurrence_on.isoformat() if activity.occurrence_on else None,
        "checklist": [
            {
                "item": item.text,
                "needed": item.is_required,
                "done_by": item.ticked_by.full_name if item.ticked_by else None,
                "done_on": organisation_day(item.ticked_at).isoformat() if item.ticked_at else None,
            }
            for item in told.items
        ],
    }


def _plain_request(request: ApprovalRequest) -> dict[str, Any]:
    return {
        "request": request.pk,
        "state": request.state,
        "sha256": request.digest,
        "requested_by": request.requested_by.full_name,
        "requested_at": request.requested_at.isoformat(),
        "closed_at": request.closed_at.isoformat() if request.closed_at else None,
        "decisions": [
            {
                "stage": decision.step.label,
                "verdict": decision.verdict,
                "decided_by": decision.decided_by.full_name,
                "on_behalf_of": decision.on_behalf_of.full_name if decision.on_behalf_of else None,
                "decided_at": decision.decided_at.isoformat(),
                "comment": decision.comment,
            }
            for decision in decisions_of(request)
        ],
    }


def decisions_of(request: ApprovalRequest) -> Iterable[Any]:
    """Return the decisions of a request with the stages that they were made in; no query."""
    steps = {step.pk: step for step in request.steps.all()}
    for decision in request.decisions.all():
        decision.step = steps[decision.step_id]
        yield decision


def _plain_file(one: Evidence) -> dict[str, Any]:
    version = one.version
    return {
        "path": one.path or None,
        "fate": one.fate,
        "reason": one.reason,
        "name": version.name,
        "description": version.file.description,
        "version": version.number,
        "sha256": version.sha256,
        "size": version.size,
        "decided_on": one.is_signed,
        "added_by": version.uploaded_by.full_name,
        "added_at": version.uploaded_at.isoformat(),
    }
