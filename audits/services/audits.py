"""Changing audits, and what people may take which part in them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from audits.choices import AuditRole
from audits.models import Audit
from audits.permissions import people_refusals
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
) -> Audit:
    """Change an audit that was read at `version`: its fields, its people and frameworks (None: as they are), its dates.

    With `for_series`, the next audits of its series start from what it says then. A closed audit is not changed.
    `changes` may hold `starts_on` and any `*_days`; the dates that follow from them are computed here. Raises
    AuditRefused for people who may not take these parts and for a series that has ended, StaleRecord when somebody else
    was faster. A report that waits for its approval is called back where it says something else then.
    """
    if refusal := audit_refusal(audit):
        raise AuditRefused({"": refusal})
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


def audit_refusal(audit: Audit) -> str | None:
    """Return why the audit can't be changed in its state, or None."""
    return None if audit.is_open else _("A closed or cancelled audit stays as it is. Reopen it first.")


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
