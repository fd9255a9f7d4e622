"""What the tests of recurring audits share."""

from datetime import date, datetime
from typing import Any

from audits.choices import AuditState
from audits.models import Audit, AuditSeries
from audits.tests.factories import NOW, TODAY, report_approve
from foundation.lifecycle.services import apply_transition
from foundation.testing.cast import Cast


def at(day: date) -> datetime:
    return NOW + (day - TODAY)


def starts(series: AuditSeries) -> list[date]:
    return [audit.starts_on for audit in series.audits.order_by("occurrence_on")]


def walk_to(audit: Audit, state: str, cast: Cast, now: datetime = NOW) -> Audit:
    names = {
        AuditState.PREPARING: ("prepare",),
        AuditState.CLOSED: ("prepare", "start_fieldwork", "start_reporting", "close"),
        AuditState.CANCELLED: ("cancel",),
    }[AuditState(state)]
    record: Any = audit
    for name in names:
        if name == "close":
            record = report_approve(record, cast, now)
        record = apply_transition(record=record, name=name, actor=cast.ciso, now=now, comment="As agreed")
    assert isinstance(record, Audit)
    return record
