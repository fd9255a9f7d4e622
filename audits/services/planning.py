"""Planning audits: one by a form, or many by an import."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any

from django.db import transaction

from audits.choices import AuditRole, AuditState
from audits.models import Audit, AuditSeries, Programme
from audits.schedule import Offsets, next_due_on
from audits.services.audits import AuditRefused, people_check
from audits.services.dates import dates_open
from audits.services.frameworks import frameworks_name_all
from audits.services.programmes import programmes_follow
from audits.services.series import SeriesRefused, SeriesStart, series_start
from compliance.models import Framework
from foundation.accounts.models import BusinessUnit, User
from foundation.records.choices import Confidentiality
from foundation.records.services import participants_name_all, records_create


@dataclass(frozen=True, kw_only=True)
class AuditPlan:
    """An audit to be planned; with `rrule`, as the first occurrence of a new series."""

    title: str
    type: str
    unit: BusinessUnit
    owner: User
    lead_auditor: User
    starts_on: date
    offsets: Offsets = field(default_factory=Offsets)
    scope: str = ""
    criteria: str = ""
    objectives: str = ""
    confidentiality: str = Confidentiality.INTERNAL
    programme: Programme | None = None
    team: Sequence[User] = ()
    auditees: Sequence[User] = ()
    frameworks: Sequence[Framework] = ()
    rrule: str = ""
    series: AuditSeries | None = None
    occurrence_on: date | None = None
    external_reference: str = ""

    def audit(self) -> Audit:
        """Return the audit, not saved yet, with the dates that follow from its start."""
        values = {entry.name: getattr(self, entry.name) for entry in fields(self) if entry.name not in _APART}
        audit = Audit(**values, **self.offsets.values(), **self.offsets.dates(self.starts_on))
        audit.next_due_on = next_due_on(AuditState.PLANNED, audit)
        return audit

    def parts(self) -> dict[str, list[User]]:
        """Return who is named in the audit, by role; who leads it is not of the team besides."""
        team = [person for person in self.team if person.pk != self.lead_auditor.pk]
        return {
            AuditRole.LEAD: [self.lead_auditor],
            AuditRole.TEAM: team,
            AuditRole.AUDITEE: list(self.auditees),
        }


_APART = {"offsets", "team", "auditees", "frameworks", "rrule"}


def audit_plan(*, actor: User | None, now: datetime, **values: Any) -> Audit:
    """Plan an audit from the fields of an AuditPlan.

    `actor` None: the portal does, because an audit of a series is due. Then nobody is there to name other people, so
    those of the series are taken as they are; the steps of the audit check them again. Raises AuditRefused when the
    people may not take these parts, or when it can't recur as it is to.
    """
    return audits_plan(plans=[AuditPlan(**values)], actor=actor, now=now)[0]


@transaction.atomic
def audits_plan(*, plans: Sequence[AuditPlan], actor: User | None, now: datetime) -> list[Audit]:
    """Plan many audits, with their people and their dates, all or none; some ten statements for each five hundred.

    Raises AuditRefused when people may not take their parts in one of them, or when it can't recur as it is to.
    """
    if actor is not None:
        _people_check(plans, now)
    audits = [plan.audit() for plan in plans]
    try:
        _series_start(audits, plans, now)
    except SeriesRefused as refused:
        raise AuditRefused({"rrule": str(refused)}) from refused
    records_create(records=audits, kind="audit", actor=actor, state=AuditState.PLANNED)
    participants_name_all(
        named=[(audit, plan.parts()) for audit, plan in zip(audits, plans, strict=True)], actor=actor
    )
    frameworks_name_all(
        named=[(audit, plan.frameworks) for audit, plan in zip(audits, plans, strict=True)], actor=actor
    )
    dates_open(audits=audits, now=now)
    programmes_follow(programmes=[plan.programme for plan in plans], actor=actor, now=now)
    return audits


def _people_check(plans: Sequence[AuditPlan], now: datetime) -> None:
    for plan in plans:
        people_check(
            type=plan.type,
            unit=plan.unit,
            lead_auditor=plan.lead_auditor,
            team=plan.team,
            auditees=plan.auditees,
            now=now,
        )


def _series_start(audits: Sequence[Audit], plans: Sequence[AuditPlan], now: datetime) -> None:
    series_start(
        starts=[
            SeriesStart(
                like=audit,
                rrule=plan.rrule,
                team=plan.team,
                auditees=plan.auditees,
                frameworks=plan.frameworks,
            )
            for audit, plan in zip(audits, plans, strict=True)
            if plan.rrule
        ],
        now=now,
    )
