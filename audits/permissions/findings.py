"""Who may raise findings, change and answer them, and when."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from audits.choices import AuditRole, AuditState, FindingState
from audits.models import Audit, Finding
from audits.permissions.people import grading_independence_refusal
from audits.permissions.sides import is_auditor_of, parts_in, verdict_refusal
from foundation.accounts.models import User

if TYPE_CHECKING:
    from foundation.accounts.access import AnyUser


# The states of an audit in which something can be found: before, nobody has looked; after, the report says what was found.
FINDING_STATES = (AuditState.FIELDWORK, AuditState.REPORTING)


def raising_refusal(*, audit: Audit, user: User) -> str | None:
    """Return why nobody, or not this person, can raise findings of an audit, or None. The right is another matter."""
    if audit.state not in FINDING_STATES:
        return _(
            "Findings are raised from the fieldwork until the report is submitted. The audit is now “%(state)s”."
        ) % {"state": AuditState(audit.state).label}
    return verdict_refusal(audit=audit, user=user)


def can_raise_finding(user: User, audit: Audit) -> bool:
    """Tell whether a person may raise findings of an audit as it stands."""
    return is_auditor_of(user, audit) and raising_refusal(audit=audit, user=user) is None


def auditor_refusal(*, finding: Finding, user: User) -> str | None:
    """Return why a person can't do the auditors' part on a finding, or None: who answers for it, or is audited, does not judge it.

    The same as `verdict_refusal()`, read from the finding, which names the auditees and has its audit's unit.
    """
    if finding.owner_id == user.pk:
        return _("You answer for this finding, so somebody else must do this.")
    if AuditRole.AUDITEE in parts_in(user, finding):
        return _("You are audited here, so somebody else must do this.")
    if user.pk in finding.audit.answering_ids:
        return _("You answer for findings or evidence of this audit, so somebody else must do this.")
    return grading_independence_refusal(type=finding.audit.type, unit=finding.unit, auditor=user)


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
    return _("Once actions are agreed on, a finding stays as it is. Take the agreement back first.")


def finding_day_refusal(finding: Finding) -> str | None:
    """Return why the day of the answer can't be moved, or None: no report says it, so it moves while the answer is waited for."""
    return None if finding.state == FindingState.RAISED else _("It does not wait for an answer.")


def finding_answer_refusal(finding: Finding) -> str | None:
    """Return why the answer to a finding can't be changed in its state, or None."""
    if finding.state == FindingState.RAISED:
        return None
    return _("It is answered. The auditors can send it back to be answered anew.")


def can_change_finding(user: User, finding: Finding) -> bool:
    """Tell whether a person may change what the auditors say of a finding now."""
    return (
        finding_change_refusal(finding) is None
        and is_auditor_of(user, finding)
        and auditor_refusal(finding=finding, user=user) is None
    )


def can_answer_finding(user: "AnyUser", finding: Finding) -> bool:
    """Tell whether a person may write the answer to a finding now: only who answers for it."""
    return finding.owner_id == user.pk and finding_answer_refusal(finding) is None
