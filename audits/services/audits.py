"""Planning audits and changing them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from audits.choices import OPEN_AUDIT_STATES, AuditRole, AuditState
from audits.models import Audit, AuditSeries, Programme
from audits.permissions import people_refusals
from audits.schedule import Offsets, next_due_on, offsets_of
from audits.services.dates import dates_follow
from audits.services.series import series_start
from foundation.accounts.models import BusinessUnit, User
from foundation.records.choices import Confidentiality
from foundation.records.services import (
    participants_set,
    record_create,
    record_touch,
    record_update,
)


class AuditRefused(Exception):
    """The audit can't be so; `errors` maps the fields' names to what is wrong with them."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(" ".join(errors.values()))
        self.errors = errors


@transaction.atomic
def audit_plan(
    *,
    actor: User,
    now: datetime,
    title: str,
    type: str,
    unit: BusinessUnit,
    owner: User,
    lead_auditor: User,
    starts_on: date,
    offsets: Offsets = Offsets(),  # noqa: B008 - frozen
    scope: str = "",
    criteria: str = "",
    objectives: str = "",
    confidentiality: str = Confidentiality.INTERNAL,
    programme: Programme | None = None,
    team: Sequence[User] = (),
    auditees: Sequence[User] = (),
    rrule: str = "",
    series: AuditSeries | None = None,
    occurrence_on: date | None = None,
    submission: UUID | None = None,
    external_reference: str = "",
) -> Audit:
    """Plan an audit, with its people and its dates; with `rrule`, as the first occurrence of a new series.

    `submission` names the form that asked for it: the same form sent twice, even at the same instant, plans one audit
    and returns it both times. Raises AuditRefused when the people may not take these parts.
    """
    if submission and (planned := Audit.objects.filter(submission=submission).first()):
        return planned
    people_check(
        type=type,
        unit=unit,
        lead_auditor=lead_auditor,
        team=team,
        auditees=auditees,
        now=now,
    )
    audit = Audit(
        title=title,
        type=type,
        unit=unit,
        owner=owner,
        lead_auditor=lead_auditor,
        scope=scope,
        criteria=criteria,
        objectives=objectives,
        confidentiality=confidentiality,
        programme=programme,
        series=series,
        occurrence_on=occurrence_on,
        submission=submission,
        external_reference=external_reference,
        starts_on=starts_on,
        **offsets.values(),
        **offsets.dates(starts_on),
    )
    audit.next_due_on = next_due_on(AuditState.PLANNED, audit)
    if rrule:
        audit.occurrence_on = starts_on
    try:
        with transaction.atomic():
            if rrule:
                audit.series = series_start(like=audit, rrule=rrule, team=team, auditees=auditees, now=now)
            record_create(record=audit, kind="audit", actor=actor, state=AuditState.PLANNED)
    except IntegrityError:
        if submission and (planned := Audit.objects.filter(submission=submission).first()):
            return planned
        raise
    _people_set(audit=audit, team=team, auditees=auditees, actor=actor)
    dates_follow(audit=audit, now=now)
    return audit


@transaction.atomic
def audit_change(
    *,
    audit: Audit,
    changes: dict[str, Any],
    actor: User,
    now: datetime,
    version: int,
    team: Sequence[User] | None = None,
    auditees: Sequence[User] | None = None,
    comment: str = "",
) -> Audit:
    """Change an audit that was read at `version`: its fields, its people (None: as they are), its dates.

    `changes` may hold `starts_on` and any `*_days`; the dates that follow from them are computed here. Raises
    AuditRefused for people who may not take these parts, StaleRecord when somebody else was faster.
    """
    values = dict(changes)
    kept_offsets = offsets_of(audit).values()
    offsets = Offsets(**{name: values.get(name, days) for name, days in kept_offsets.items()})
    starts_on = values.get("starts_on", audit.starts_on)
    values.update(offsets.values())
    values.update(offsets.dates(starts_on))
    parts = list(audit.participants.select_related("user"))
    old_team = [part.user for part in parts if part.role == AuditRole.TEAM]
    old_auditees = [part.user for part in parts if part.role == AuditRole.AUDITEE]
    new_team = old_team if team is None else list(team)
    new_auditees = old_auditees if auditees is None else list(auditees)
    people_check(
        type=values.get("type", audit.type),
        unit=values.get("unit", audit.unit),
        lead_auditor=values.get("lead_auditor", audit.lead_auditor),
        team=new_team,
        auditees=new_auditees,
        now=now,
    )
    changed = record_update(record=audit, changes=values, actor=actor, version=version, comment=comment)
    people_changed = set(new_team) != set(old_team) or set(new_auditees) != set(old_auditees)
    if people_changed and changed.version == version:
        record_touch(record=changed)
    _people_set(audit=changed, team=new_team, auditees=new_auditees, actor=actor)
    dates_follow(audit=changed, now=now)
    return changed


def audit_step_follow(*, audit: Audit, actor: User, now: datetime) -> None:
    """Write what follows from a step in an audit's lifecycle. Must be called inside the step's transaction."""
    closed_at = None if audit.state in OPEN_AUDIT_STATES else now
    if closed_at != audit.closed_at:
        Audit.objects.filter(pk=audit.pk).update(closed_at=closed_at)
        audit.closed_at = closed_at
    dates_follow(audit=audit, now=now)


def people_check(
    *,
    type: str,
    unit: BusinessUnit,
    lead_auditor: User,
    team: Sequence[User],
    auditees: Sequence[User],
    now: datetime,
) -> None:
    """Raise AuditRefused, naming the fields, unless these people may take these parts."""
    errors = people_refusals(
        type=type, unit=unit, lead_auditor=lead_auditor, team=team, auditees=auditees, now=now
    )
    if errors:
        raise AuditRefused(errors)


def _people_set(*, audit: Audit, team: Sequence[User], auditees: Sequence[User], actor: User) -> None:
    participants_set(record=audit, role=AuditRole.LEAD, users=[audit.lead_auditor], actor=actor)
    lead = audit.lead_auditor_id
    participants_set(
        record=audit,
        role=AuditRole.TEAM,
        users=[person for person in team if person.pk != lead],
        actor=actor,
    )
    participants_set(record=audit, role=AuditRole.AUDITEE, users=auditees, actor=actor)
