"""What of audits is in a person's hands."""

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from audits.choices import EVIDENCE_ASKER, OPEN_AUDIT_STATES
from audits.models import Audit, AuditSeries, EvidenceRequest, Finding
from foundation.accounts.models import User
from foundation.records.models import Participant, Record
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


def findings_left(person: User) -> QuerySet[Any]:
    """Return the findings that go on although their audit is over, and in which a person plays a part."""
    named = Participant.objects.filter(user=person, record__kind="finding").values("record_id")
    found: QuerySet[Any] = Finding.objects.open().unarchived().filter(pk__in=named)
    return found.exclude(audit__state__in=OPEN_AUDIT_STATES).order_by("pk")


def findings_answered_by(person: User) -> QuerySet[Any]:
    """Return the findings that a person answers for and that are not settled."""
    found: QuerySet[Any] = Finding.objects.open().unarchived().filter(owner=person)
    return found.order_by("pk")


def evidence_asked_of(person: User) -> QuerySet[Any]:
    """Return the requests for evidence that a person is asked for and that are not settled."""
    found: QuerySet[Any] = EvidenceRequest.objects.open().unarchived().filter(owner=person)
    return found.order_by("pk")


def evidence_asked_by(person: User) -> QuerySet[Any]:
    """Return the requests for evidence that a person asked for and that are not settled."""
    asked = Participant.objects.filter(user=person, role=EVIDENCE_ASKER).values("record_id")
    found: QuerySet[Any] = EvidenceRequest.objects.open().unarchived().filter(pk__in=asked)
    return found.order_by("pk")


def parts_held(*, person: User, reader: User, now: datetime) -> Held:
    """Return a preview of the audits that a person plays a part in, and of findings that go on after theirs."""
    return _held(audits_of(person), findings_left(person), reader=reader)


def answers_held(*, person: User, reader: User, now: datetime) -> Held:
    """Return a preview of the findings and the requests for evidence that a person is to answer."""
    return _held(findings_answered_by(person), evidence_asked_of(person), reader=reader)


def asked_held(*, person: User, reader: User, now: datetime) -> Held:
    """Return a preview of the requests for evidence that a person asked for."""
    return _held(evidence_asked_by(person), reader=reader)


def _held(*of: QuerySet[Any], reader: User) -> Held:
    theirs = Q()
    for records in of:
        theirs |= Q(pk__in=records.order_by().values("pk"))
    return held_of(Record.objects.filter(theirs).order_by("pk"), reader=reader)


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
