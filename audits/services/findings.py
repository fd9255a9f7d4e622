"""Raising findings, changing what either side says of them, and keeping them with their audit."""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from audits.choices import AuditRole, FindingState
from audits.models import Audit, Check, Finding
from audits.permissions import (
    auditor_refusal,
    finding_answer_refusal,
    finding_change_refusal,
    finding_day_refusal,
    is_auditor_of,
    raising_refusal,
)
from audits.selectors import text_audited
from audits.services.finding_dates import finding_dates_follow
from audits.services.finding_notices import FOR_OWNER, finding_tell
from audits.services.finding_waiting import finding_auditor_follow
from audits.services.of_audits import (
    audit_followed,
    day_refusal,
    finding_audit_hold,
    owner_refusal,
    people_named,
)
from compliance.models import Requirement
from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_day
from foundation.accounts.rights import right_missing
from foundation.actions.services import actions_follow
from foundation.records.models import Record
from foundation.records.services import (
    FieldsRefused,
    participants_name,
    record_create,
    record_update,
)

ROLES = (AuditRole.LEAD, AuditRole.TEAM, AuditRole.AUDITEE)
ANSWER_FIELDS = ("response", "whys", "root_cause", "correction")


class FindingRefused(FieldsRefused):
    """The finding can't be so."""


@transaction.atomic
def finding_create(
    *,
    audit: Audit,
    title: str,
    grade: str,
    owner: User,
    answer_due_on: date,
    actor: User,
    now: datetime,
    description: str = "",
    evidence: str = "",
    risk: str = "",
    requirement: Requirement | None = None,
    check: Check | None = None,
) -> Finding:
    """Raise a finding of an audit; its owner is told, and reminded of the day by which the answer is due.

    It belongs to the audit's unit, is as confidential as the audit, and names its lead, its team, its auditees and its
    owner. Of a check it takes the requirement. The audit is locked, so that it can't be closed, or become restricted,
    past a finding just raised. Raises FindingRefused for who is audited here, and for an owner who can't answer for it.
    """
    locked = Audit.objects.select_for_update(no_key=True).get(pk=audit.pk)
    if refusal := raising_refusal(audit=locked, user=actor):
        raise FindingRefused({"": refusal})
    if check is not None:
        if check.audit_id != locked.pk:
            raise FindingRefused({"": _("The check belongs to another audit.")})
        requirement = check.requirement
    people = people_named(locked, ROLES)
    _check(owner_refusal(owner=owner, people=people), "owner")
    if owner.pk == actor.pk:
        raise FindingRefused({"owner": _("Nobody raises a finding that they answer for themselves.")})
    _check(day_refusal(answer_due_on), "answer_due_on")
    finding = Finding(
        title=title,
        owner=owner,
        unit_id=locked.unit_id,
        confidentiality=locked.confidentiality,
        audit=locked,
        from_check=check,
        requirement=requirement,
        text=text_audited(audit=locked, requirement=requirement, check=check),
        grade=grade,
        description=description,
        evidence=evidence,
        risk=risk,
        raised_on=organisation_day(now),
        answer_due_on=answer_due_on,
    )
    record_create(record=finding, kind="finding", actor=actor, state=FindingState.RAISED)
    participants_name(record=finding, parts=people, actor=actor)
    finding_dates_follow(finding=finding, now=now)
    finding_tell(
        finding=finding,
        kind=FOR_OWNER,
        people=[owner],
        what=_("Raised, and waits for your answer."),
        actor=actor,
        now=now,
    )
    return finding


@transaction.atomic
def finding_change(
    *,
    finding: Finding,
    changes: dict[str, Any],
    actor: User,
    now: datetime,
    version: int,
    comment: str = "",
) -> Finding:
    """Change what the auditors say of a finding that was read at `version`: its words, its grade, who answers by when.

    Another grade needs a reason (`comment`), which the trail keeps. Raises FindingRefused for what can't be changed, or not
    by this person, StaleRecord when somebody else was faster.
    """
    finding_audit_hold(finding.pk)
    locked = (
        Finding.objects.select_for_update(of=("self",)).select_related("unit", "audit").get(pk=finding.pk)
    )
    is_day_alone = changes.keys() == {"answer_due_on"}
    unchangeable = finding_day_refusal(locked) if is_day_alone else finding_change_refusal(locked)
    if refusal := unchangeable or auditor_refusal(finding=locked, user=actor):
        raise FindingRefused({"": refusal})
    if "grade" in changes and changes["grade"] != locked.grade and not comment.strip():
        raise FindingRefused({"comment": _("Say why it is graded otherwise now.")})
    changes = _with_text(locked, changes)
    owner = changes.get("owner")
    if owner is not None and owner.pk != locked.owner_id:
        _check(owner_refusal(owner=owner, people=people_named(locked.audit, ROLES)), "owner")
        if owner.pk == actor.pk:
            raise FindingRefused({"owner": _("Nobody judges a finding that they answer for themselves.")})
    if "answer_due_on" in changes:
        _check(day_refusal(changes["answer_due_on"]), "answer_due_on")
    changed = record_update(
        record=locked, changes=changes, actor=actor, version=version, comment=comment.strip()
    )
    finding_dates_follow(finding=changed, now=now)
    if changed.owner_id != locked.owner_id:
        actions_follow(source=changed, actor=actor, now=now)
        waits = changed.state == FindingState.RAISED
        what = _("Yours to answer.") if waits else _("Yours from now on.")
        finding_tell(finding=changed, kind=FOR_OWNER, people=[changed.owner], what=what, actor=actor, now=now)
    return changed


def _with_text(finding: Finding, changes: dict[str, Any]) -> dict[str, Any]:
    """Add what another requirement says in the version that is audited."""
    requirement = changes.get("requirement")
    if "requirement" not in changes or (requirement and requirement.pk == finding.requirement_id):
        return changes
    return {**changes, "text": text_audited(audit=finding.audit, requirement=requirement)}


@transaction.atomic
def finding_answer_write(*, finding: Finding, changes: dict[str, Any], actor: User, version: int) -> Finding:
    """Write the answer to a finding that was read at `version`: response, five whys, root cause and correction.

    Only its owner writes it, until it is answered. Raises FindingRefused for everybody and everything else, StaleRecord
    when somebody else was faster.
    """
    if unknown := changes.keys() - set(ANSWER_FIELDS):
        raise ValueError(f"No fields of an answer: {sorted(unknown)}")
    if "whys" in changes:
        changes = {**changes, "whys": [why for why in map(str.strip, changes["whys"]) if why]}
    locked = Finding.objects.select_for_update(of=("self",)).get(pk=finding.pk)
    if refusal := finding_answer_refusal(locked):
        raise FindingRefused({"": refusal})
    if locked.owner_id != actor.pk:
        raise FindingRefused({"": _("Only who answers for the finding writes the answer.")})
    return record_update(record=locked, changes=changes, actor=actor, version=version)


@transaction.atomic
def findings_follow(*, audit: Audit, actor: User, now: datetime) -> None:
    """Let an audit's findings belong to its unit, be as confidential as it is, and name its people; their actions follow.

    What its lead was to see to is for who leads it now.

    Call it when any of these of the audit changed. What is as it should be is not written again: two queries then.
    """
    findings = list(Finding.objects.filter(audit=audit).order_by("pk").prefetch_related("participants"))
    if not findings:
        return
    audit = Audit.objects.select_related("owner", "lead_auditor").get(pk=audit.pk)
    people = people_named(audit, ROLES)
    for finding in findings:
        changed, moved = audit_followed(finding, audit=audit, people=people, actor=actor)
        if AuditRole.LEAD in moved:
            changed.audit = audit
            finding_auditor_follow(finding=changed, actor=actor, now=now)
        if moved or changed is not finding:
            actions_follow(source=changed, actor=actor, now=now)


def finding_move_refusal(*, record: Record, user: User) -> str | None:
    """Return why the day of an answer can't be moved, or None; raise PermissionDenied for who is none of the auditors."""
    finding = _finding(record)
    if not is_auditor_of(user, finding):
        raise right_missing("audits.run", record.unit_id)
    return finding_day_refusal(finding) or auditor_refusal(finding=finding, user=user)


def finding_move(*, record: Record, to: date, version: int, actor: User, now: datetime) -> None:
    """Let the answer to a finding be due on another day.

    Raises ValidationError for what its form would not take either, StaleRecord when somebody was faster.
    """
    try:
        finding_change(
            finding=_finding(record), changes={"answer_due_on": to}, actor=actor, now=now, version=version
        )
    except FindingRefused as refused:
        raise ValidationError(str(refused)) from refused


def _finding(record: Record) -> Finding:
    """Return the finding that a record is; lists have it in hand, the calendar only the record."""
    if isinstance(record, Finding):
        return record
    findings = Finding.objects.select_related("unit", "audit").prefetch_related("participants")
    found: Finding = findings.get(pk=record.pk)
    return found


def _check(refusal: str | None, name: str) -> None:
    if refusal:
        raise FindingRefused({name: refusal})
