"""What a pack is about: which activities and records of a period, for whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from duties.choices import FACTS, OPEN, Duty
from duties.models import Activity
from duties.models.packs import EvidencePack
from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_day, organisation_zone
from foundation.actions.models import ActionListing
from foundation.approvals.models import ApprovalDecision
from foundation.files.models import FileVersion
from foundation.records.models import Record
from foundation.records.querysets import visible_records
from foundation.registry import RecordKind, registry
from foundation.trail.models import Entry
from foundation.ui.dates import day_words

ACTIVITY, ACTION = "activity", "action"


@dataclass(frozen=True)
class Scope:
    """A period of one duty or of all, as a person may see it, on a day."""

    reader: User
    duty: Duty | None
    starts_on: date
    ends_on: date
    today: date

    @classmethod
    def of(cls, pack: EvidencePack, now: datetime) -> Scope:
        """Return what a pack is about."""
        duty = Duty(pack.duty) if pack.duty else None
        return cls(pack.requested_by, duty, pack.starts_on, pack.ends_on, organisation_day(now))

    @property
    def duties(self) -> tuple[Duty, ...]:
        """Return the duties, in their order."""
        return tuple(Duty) if self.duty is None else (self.duty,)

    @property
    def instants(self) -> tuple[datetime, datetime]:
        """Return when the period begins and when it is over, by the organisation's days."""
        zone = organisation_zone()
        ends = self.ends_on + timedelta(days=1)
        return (
            timezone.make_aware(datetime.combine(self.starts_on, time.min), zone),
            timezone.make_aware(datetime.combine(ends, time.min), zone),
        )

    def is_in(self, day: date | None) -> bool:
        """Tell whether a day is of the period."""
        return day is not None and self.starts_on <= day <= self.ends_on


def pack_title(duty: int | None, starts_on: date, ends_on: date) -> str:
    """Return what a pack is of, in words."""
    what = Duty(duty).title if duty else _("All duties")
    return _("%(what)s, %(start)s – %(end)s") % {
        "what": what,
        "start": day_words(starts_on),
        "end": day_words(ends_on),
    }


def duty_of_kind() -> dict[str, Duty]:
    """Return the duty that each kind of record belongs to, but for activities and kinds that follow another's."""
    by_area = {area: duty for duty, facts in FACTS.items() for area in facts.areas}
    return {
        kind.key: by_area[kind.duty]
        for kind in registry.all(RecordKind)
        if kind.key != ACTIVITY and kind.duty in by_area
    }


def activities_in(scope: Scope) -> QuerySet[Activity]:
    """Return the activities of the period, whoever may see them: due, done or skipped in it, or due before and neither by its end."""
    start, end = scope.starts_on, scope.ends_on
    carried = Q(due_on__lt=start) & (Q(state__in=OPEN) | Q(done_on__gt=end) | Q(skipped_on__gt=end))
    within = Q(
        *[(f"{name}__range", (start, end)) for name in ("due_on", "done_on", "skipped_on")], _connector=Q.OR
    )
    found: QuerySet[Activity] = Activity.objects.filter(within | carried)
    return found if scope.duty is None else found.filter(duty=scope.duty.value)


def records_in(scope: Scope) -> QuerySet[Any]:
    """Return the records of the duties' areas with which something happened in the period, whoever may see them.

    Something: an entry of the trail, a decision, or a file that was added. Actions are of the area of what they follow from in the end.
    """
    begins, over = scope.instants
    kinds = [kind for kind, duty in duty_of_kind().items() if duty in scope.duties]
    of_it = OuterRef("pk")
    entries = Entry.objects.filter(record_id=of_it, at__gte=begins, at__lt=over)
    decisions = ApprovalDecision.objects.filter(
        request__record=of_it, decided_at__gte=begins, decided_at__lt=over
    )
    files = FileVersion.objects.filter(file__record=of_it, uploaded_at__gte=begins, uploaded_at__lt=over)
    touched = Q(Exists(entries.order_by())) | Q(Exists(decisions.order_by())) | Q(Exists(files.order_by()))
    follows = ActionListing.objects.filter(pk=of_it, root_kind__in=kinds)
    return Record.objects.filter(touched, Q(kind__in=kinds) | Q(Exists(follows.order_by()), kind=ACTION))


def seen(rows: QuerySet[Any], scope: Scope) -> QuerySet[Any]:
    """Keep what the reader may know of; of actions those of which they may know what they follow from, too."""
    follows = ActionListing.objects.filter(visible_records(scope.reader, "source__"), pk=OuterRef("pk"))
    return rows.filter(visible_records(scope.reader), ~Q(kind=ACTION) | Q(Exists(follows.order_by())))


def entries_concerned(scope: Scope, keys: set[int], activities: set[int], entry_ids: list[int]) -> list[int]:
    """Return which of some entries are about the records of a pack: of activities all, of other records those of the period."""
    begins, over = scope.instants
    rows = Entry.objects.filter(pk__in=entry_ids, record_id__isnull=False)
    return [
        entry_id
        for entry_id, record_id, at in rows.values_list("pk", F("record_id"), "at")
        if record_id in activities or (record_id in keys and begins <= at < over)
    ]
