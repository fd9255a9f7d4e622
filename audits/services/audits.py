"""Changing audits, and what people may take which part in them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from audits.choices import AuditRole
from audits.models import Audit
from audits.permissions import (
    DECIDING,
    audit_change_refusal,
    audit_kept,
    becoming_refusal,
    people_refusals,
)
from audits.schedule import Offsets, offsets_of
from audits.services.dates import dates_follow
from audits.services.evidence import evidence_follow
from audits.services.findings import findings_follow
from audits.services.frameworks import frameworks_set
from audits.services.programmes import programmes_follow
from audits.services.reports import report_follow
from audits.services.series import SeriesRefused, series_follow_audit
from compliance.models import Framework
from foundation.accounts.models import BusinessUnit, User
from foundation.actions.services import actions_follow
from foundation.records.services import (
    FieldsRefused,
    StaleRecord,
    participants_set,
    record_touch,
    record_update,
)


class AuditRefused(FieldsRefused):
    """The audit can't be so."""


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
    frameworks: Sequence[Framework] | None = None,
    for_series: bool = False,
    comment: str = "",
    leaving: User | None = None,
) -> Audit:
    """Change an audit that was read at `version`: its fields, its people and frameworks (None: as they are), its dates.

    With `for_series`, the next audits of its series start from what it says then. A closed audit is not changed, nor is
    any by who is audited there; only to take out somebody who is `leaving` it is, since that names nobody else.
    `changes` may hold `starts_on` and any `*_days`; the dates that follow from them are computed here. Raises
    AuditRefused for who may not change it so, for people who may not take these parts and for a series that has ended,
    StaleRecord when somebody else was faster. A report that waits for its approval is called back where it says something
    else then. The audit is locked first, so that nobody comes to answer there meanwhile.
    """
    audit = (
        Audit.objects.select_for_update(of=("self", "record_ptr"), no_key=True)
        .select_related("unit", "lead_auditor", "programme")
        .prefetch_related("participants__user")
        .get(pk=audit.pk)
    )
    if leaving is None and (refusal := audit_change_refusal(audit=audit, user=actor)):
        raise AuditRefused({"": refusal})
    if audit.version != version:
        raise StaleRecord(audit)
    values = dict(changes)
    kept_offsets = offsets_of(audit).values()
    offsets = Offsets(**{name: values.get(name, days) for name, days in kept_offsets.items()})
    starts_on = values.get("starts_on", audit.starts_on)
    values.update(offsets.values())
    values.update(offsets.dates(starts_on))
    parts = list(audit.participants.all())
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
        answering=audit.answering_ids,
    )
    if leaving is None:
        people = {"team": (old_team, new_team), "auditees": (old_auditees, new_auditees)}
        _decided_check(audit, values, people, actor)
    changed = record_update(record=audit, changes=values, actor=actor, version=version, comment=comment)
    beside = set(new_team) != set(old_team) or set(new_auditees) != set(old_auditees)
    if frameworks is not None:
        beside |= frameworks_set(audit=changed, frameworks=frameworks, actor=actor)
    if beside and changed.version == version:
        record_touch(record=changed)
    _people_set(audit=changed, team=new_team, auditees=new_auditees, actor=actor)
    dates_follow(audit=changed, now=now)
    actions_follow(source=changed, actor=actor, now=now)
    findings_follow(audit=changed, actor=actor, now=now)
    evidence_follow(audit=changed, actor=actor, now=now)
    if for_series:
        _series_follow(changed, actor)
    programmes_follow(programmes=[audit.programme, changed.programme], actor=actor, now=now)
    if report_follow(audit=changed, actor=actor, now=now):
        changed.refresh_from_db()
    return changed


def _decided_check(
    audit: Audit,
    values: dict[str, Any],
    people: Mapping[str, tuple[Sequence[User], Sequence[User]]],
    actor: User,
) -> None:
    """Raise AuditRefused, naming the fields, where a change decides what this person does not decide, or nobody any more."""
    decided = {name for name in DECIDING if name in values and getattr(audit, name) != values[name]}
    decided |= {name for name, (old, new) in people.items() if set(old) != set(new)}
    if not decided:
        return
    kept = audit_kept(audit=audit, user=actor)
    errors = {name: kept[name] for name in DECIDING if name in decided and name in kept}
    kind, unit = values.get("type", audit.type), values.get("unit", audit.unit)
    if not errors and decided & {"type", "unit"}:
        refusal = becoming_refusal(type=kind, unit=unit, user=actor)
        errors = {"unit" if "unit" in decided else "type": refusal} if refusal else {}
    if errors:
        raise AuditRefused(errors)


def _series_follow(audit: Audit, actor: User) -> None:
    try:
        series_follow_audit(audit=audit, actor=actor)
    except SeriesRefused as refused:
        raise AuditRefused({"for_series": str(refused)}) from refused


def people_check(
    *,
    type: str,
    unit: BusinessUnit,
    lead_auditor: User,
    team: Sequence[User],
    auditees: Sequence[User],
    now: datetime,
    answering: Collection[int] = (),
) -> None:
    """Raise AuditRefused, naming the fields, unless these people may take these parts."""
    errors = people_refusals(
        type=type,
        unit=unit,
        lead_auditor=lead_auditor,
        team=team,
        auditees=auditees,
        now=now,
        answering=answering,
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
