"""What of audits is in a person's hands."""

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from audits.models import Audit, AuditSeries
from foundation.accounts.models import User
from foundation.records.models import Participant
from foundation.records.selectors import held_of
from foundation.registry import Held

SHOWN = 10


def audits_of(person: User) -> QuerySet[Any]:
    """Return the open audits that a person leads or plays another part in."""
    named = Participant.objects.filter(user=person).values("record_id")
    audits: QuerySet[Any] = Audit.objects.open().unarchived()
    return audits.filter(Q(lead_auditor=person) | Q(pk__in=named)).order_by("pk")


def series_of(person: User) -> QuerySet[AuditSeries]:
    """Return the series that go on and whose next audits a person owns, leads or takes part in."""
    mine = Q(owner=person) | Q(lead_auditor=person) | Q(people__user=person)
    return AuditSeries.objects.filter(mine, ended_at__isnull=True).distinct().order_by("pk")


def parts_held(*, person: User, reader: User, now: datetime) -> Held:
    """Return a preview of the audits that a person plays a part in."""
    return held_of(audits_of(person), reader=reader)


def series_held(*, person: User, reader: User, now: datetime) -> Held:
    """Return a preview of the series that a person plays a part in: those of which the reader sees an audit."""
    series = list(series_of(person))
    if not series:
        return Held(count=0)
    latest = {
        audit.series_id: audit
        for audit in Audit.objects.visible_to(reader).filter(series__in=series).order_by("starts_on", "pk")
    }
    shown = [(one.title, latest[one.pk].get_absolute_url()) for one in series if one.pk in latest]
    return Held(count=len(series), hidden=len(series) - len(shown), shown=tuple(shown[:SHOWN]))
