"""Who may take which part in an audit."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from audits.choices import (
    WAITING_EVIDENCE_STATES,
    AuditRole,
    AuditState,
    AuditType,
    FindingState,
    ProgrammeState,
)
from audits.models import Audit, EvidenceRequest, Finding, Programme
from foundation.accounts.access import access_of
from foundation.accounts.models import BusinessUnit, User
from foundation.accounts.selectors import stood_in_for
from foundation.records.models import Record

if TYPE_CHECKING:
    from foundation.accounts.access import AnyUser


def independence_refusal(*, type: str, unit: BusinessUnit, auditor: User) -> str | None:
    """Return why this person may not audit this unit, or None.

    Nobody audits the own unit in an internal audit (ISO 19011, 4 e: independence). A unit without a parent is the
    whole organisation, which everyone belongs to, so the rule can't hold for it.
    """
    if type == AuditType.INTERNAL and unit.parent_id is not None and auditor.unit_id == unit.pk:
        return _("%(person)s belongs to %(unit)s, and nobody audits the own unit.") % {
            "person": auditor,
            "unit": unit,
        }
    return None


def lead_refusal(*, type: str, unit: BusinessUnit, lead_auditor: User, now: datetime) -> str | None:
    """Return why this person may not lead an audit of this unit, or None."""
    if not lead_auditor.is_active:
        return _("%(person)s is no longer active.") % {"person": lead_auditor}
    if not access_of(lead_auditor, now).has("audits.run", unit.pk):
        return _("%(person)s may not run audits of %(unit)s.") % {
            "person": lead_auditor,
            "unit": unit,
        }
    return independence_refusal(type=type, unit=unit, auditor=lead_auditor)


def team_refusal(*, type: str, unit: BusinessUnit, team: Iterable[User]) -> str | None:
    """Return why these people may not be the audit's team, or None."""
    for person in team:
        if not person.is_active:
            return _("%(person)s is no longer active.") % {"person": person}
        if refusal := independence_refusal(type=type, unit=unit, auditor=person):
            return refusal
    return None


def auditees_refusal(*, lead_auditor: User, team: Iterable[User], auditees: Iterable[User]) -> str | None:
    """Return why these people may not be the auditees, or None."""
    auditors = {lead_auditor.pk, *(person.pk for person in team)}
    for person in auditees:
        if not person.is_active:
            return _("%(person)s is no longer active.") % {"person": person}
        if person.pk in auditors:
            return _("%(person)s can't audit and be audited at once.") % {"person": person}
    return None


def people_refusals(
    *,
    type: str,
    unit: BusinessUnit,
    lead_auditor: User,
    team: Sequence[User],
    auditees: Sequence[User],
    now: datetime,
) -> dict[str, str]:
    """Return why these people may not take these parts, by the name of the field; empty when they may."""
    refusals = {
        "lead_auditor": lead_refusal(type=type, unit=unit, lead_auditor=lead_auditor, now=now),
        "team": team_refusal(type=type, unit=unit, team=team),
        "auditees": auditees_refusal(lead_auditor=lead_auditor, team=team, auditees=auditees),
    }
    return {name: refusal for name, refusal in refusals.items() if refusal}


def can_change_audit(user: "AnyUser", audit: Audit) -> bool:
    """Tell whether a person may change what an audit says; once closed or cancelled, nobody may."""
    return audit.is_open and access_of(user).has("audits.plan", audit.unit_id)


def can_change_programme(user: "AnyUser", programme: Programme) -> bool:
    """Tell whether a person may change what a programme says: only a draft is changed."""
    return programme.state == ProgrammeState.DRAFT and access_of(user).has("audits.plan", programme.unit_id)


def parts_in(user: "AnyUser", record: Record) -> set[str]:
    """Return which parts a person plays in an audit, or what belongs to one; reads its participants, which pages have prefetched."""
    return {part.role for part in record.participants.all() if part.user_id == user.pk}


def can_see_checks(user: "AnyUser", audit: Audit) -> bool:
    """Tell whether a person who may know of an audit sees its checklist: never who is audited there.

    Its auditors and its owner do, and whoever reads the unit's working records.
    """
    parts = parts_in(user, audit)
    if AuditRole.AUDITEE in parts:
        return False
    if parts or user.pk in (audit.owner_id, audit.lead_auditor_id):
        return True
    return access_of(user).has("records.view", audit.unit_id)


def check_work_refusal(user: User, audit: Audit) -> str | None:
    """Return why a person may not work on the checks of an audit, or None.

    Its auditors may, and whoever runs audits of the unit; nobody who is audited there, and nobody grades the own unit.
    """
    if AuditRole.AUDITEE in parts_in(user, audit):
        return _("You are audited here, so you have no part in the checklist.")
    if not (user.pk == audit.lead_auditor_id or is_auditor_of(user, audit)):
        return _("The audit's team works on its checks, and whoever runs audits of %(unit)s.") % {
            "unit": audit.unit
        }
    return audited_refusal(audit=audit, user=user)


def can_work_on_checks(user: User, audit: Audit) -> bool:
    """Tell whether a person may work on the checks of an audit; what its state allows is another question."""
    return check_work_refusal(user, audit) is None


def side_refusal(*, audit: Audit, user: User) -> str | None:
    """Return why a person has a side in an audit, or None: its auditees, and who answers for findings or evidence.

    One query for each audit in hand.
    """
    if AuditRole.AUDITEE in parts_in(user, audit):
        return _("You are audited here, so somebody else must do this.")
    if user.pk in audit.answering_ids:
        return _("You answer for findings or evidence of this audit, so somebody else must do this.")
    return None


def audited_refusal(*, audit: Audit, user: User) -> str | None:
    """Return why a person can't do the auditors' work in an audit, or None: those who are audited don't judge it.

    Audited are those who answer there, and (in an internal audit) all who belong to the unit.
    """
    return side_refusal(audit=audit, user=user) or independence_refusal(
        type=audit.type, unit=audit.unit, auditor=user
    )


def is_auditor_of(user: "AnyUser", audit: Audit) -> bool:
    """Tell whether a person is on the auditors' side: leads the audit, is of its team, or runs audits of its unit."""
    takes_part = bool(parts_in(user, audit) & {AuditRole.LEAD, AuditRole.TEAM})
    return takes_part or access_of(user).has("audits.run", audit.unit_id)


# The states of an audit in which something can be found: before, nobody has looked; after, the report says what was found.
FINDING_STATES = (AuditState.FIELDWORK, AuditState.REPORTING)


def raising_refusal(*, audit: Audit, user: User) -> str | None:
    """Return why nobody, or not this person, can raise findings of an audit, or None. The right is another matter."""
    if audit.state not in FINDING_STATES:
        return _(
            "Findings are raised from the fieldwork until the report is submitted. The audit is now “%(state)s”."
        ) % {"state": AuditState(audit.state).label}
    return audited_refusal(audit=audit, user=user)


def can_raise_finding(user: User, audit: Audit) -> bool:
    """Tell whether a person may raise findings of an audit as it stands."""
    return audit.state in FINDING_STATES and can_work_on_checks(user, audit)


def auditor_refusal(*, finding: Finding, user: User) -> str | None:
    """Return why a person can't do the auditors' part on a finding, or None: who answers for it, or is audited, does not judge it.

    The same as `audited_refusal()`, read from the finding, which names the auditees and has its audit's unit.
    """
    if finding.owner_id == user.pk:
        return _("You answer for this finding, so somebody else must do this.")
    if AuditRole.AUDITEE in parts_in(user, finding):
        return _("You are audited here, so somebody else must do this.")
    if user.pk in finding.audit.answering_ids:
        return _("You answer for findings or evidence of this audit, so somebody else must do this.")
    return independence_refusal(type=finding.audit.type, unit=finding.unit, auditor=user)


def reported_refusal(finding: Finding) -> str | None:
    """Return why what a report says of a finding can't be changed as its audit stands, or None.

    While the report is in review and once it is approved, nobody grades otherwise, or takes back, what it says.
    """
    state = finding.audit.state
    if state in FINDING_STATES:
        return None
    if state == AuditState.REPORT_REVIEW:
        return _("The report of the audit is in review: what it says of the finding stays as it is.")
    if state == AuditState.FOLLOW_UP:
        return _("The report says so, and it is approved. Take the audit back to reporting first.")
    return _("The audit is “%(state)s”, so what it found stays as it is.") % {
        "state": AuditState(state).label
    }


def finding_change_refusal(finding: Finding) -> str | None:
    """Return why what the auditors say of a finding can't be changed as it and its audit stand, or None."""
    if refusal := reported_refusal(finding):
        return refusal
    if finding.state in (FindingState.RAISED, FindingState.ANSWERED):
        return None
    return _("Once actions are agreed on, a finding stays as it is. Reopen it first.")


def finding_answer_refusal(finding: Finding) -> str | None:
    """Return why the answer to a finding can't be changed in its state, or None."""
    if finding.state == FindingState.RAISED:
        return None
    return _("It is answered. The auditors can send it back to be answered anew.")


def is_auditor_of_finding(user: "AnyUser", finding: Finding) -> bool:
    """Tell whether a person takes part on the auditors' side: leads the audit, is of its team, or runs audits of the unit."""
    takes_part = bool(parts_in(user, finding) & {AuditRole.LEAD, AuditRole.TEAM})
    return takes_part or access_of(user).has("audits.run", finding.unit_id)


def can_change_finding(user: User, finding: Finding) -> bool:
    """Tell whether a person may change what the auditors say of a finding now."""
    return (
        finding_change_refusal(finding) is None
        and is_auditor_of_finding(user, finding)
        and auditor_refusal(finding=finding, user=user) is None
    )


def can_answer_finding(user: "AnyUser", finding: Finding) -> bool:
    """Tell whether a person may write the answer to a finding now: only who answers for it."""
    return finding.owner_id == user.pk and finding_answer_refusal(finding) is None


# The states of an audit in which evidence is asked for: before, nobody works on it; after, the report is settled.
ASKING_STATES = (AuditState.PREPARING, AuditState.FIELDWORK, AuditState.REPORTING)


def asking_refusal(*, audit: Audit, user: User) -> str | None:
    """Return why nobody, or not this person, can ask for evidence in an audit, or None. The right is another matter."""
    if audit.state not in ASKING_STATES:
        return _("Evidence is asked for from the preparation to the report. It is now “%(state)s”.") % {
            "state": AuditState(audit.state).label
        }
    return audited_refusal(audit=audit, user=user)


def can_ask_for_evidence(user: User, audit: Audit) -> bool:
    """Tell whether a person may ask for evidence in an audit as it stands."""
    return is_auditor_of(user, audit) and asking_refusal(audit=audit, user=user) is None


def evidence_judging_refusal(*, request: EvidenceRequest, user: User) -> str | None:
    """Return why a person can't do the auditors' part on a request for evidence, or None."""
    if request.owner_id == user.pk:
        return _("You are asked for this evidence, so somebody else must do this.")
    return audited_refusal(audit=request.audit, user=user)


def is_auditor_of_evidence(user: "AnyUser", request: EvidenceRequest) -> bool:
    """Tell whether a person is on the auditors' side of a request: named as such in it, or runs audits of its unit."""
    takes_part = bool(parts_in(user, request) & {AuditRole.LEAD, AuditRole.TEAM})
    return takes_part or access_of(user).has("audits.run", request.unit_id)


def evidence_change_refusal(request: EvidenceRequest) -> str | None:
    """Return why what is asked can't be changed in the request's state, or None."""
    if request.state in WAITING_EVIDENCE_STATES:
        return None
    return _("Only what still waits for an answer can be changed.")


def can_change_evidence(user: User, request: EvidenceRequest) -> bool:
    """Tell whether a person may change what is asked."""
    return (
        evidence_change_refusal(request) is None
        and is_auditor_of_evidence(user, request)
        and evidence_judging_refusal(request=request, user=user) is None
    )


def answering_refusal(*, request: EvidenceRequest, user: User, on: date) -> str | None:
    """Return why a person may not answer a request, or None: who is asked does, or who stands in for them that day.

    Nobody who audits there answers in the place of those who are audited.
    """
    if request.state not in WAITING_EVIDENCE_STATES:
        return _("It does not wait for an answer any more.")
    if request.owner_id == user.pk:
        return None
    if not parts_in(user, request) and any(
        person.pk == request.owner_id for person in stood_in_for(user, on=on)
    ):
        return None
    return _("%(person)s is asked for this, and answers it.") % {"person": request.owner}
