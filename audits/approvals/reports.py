"""How the report of an audit is approved: by somebody who neither asked nor audited nor is audited, on exactly what it says."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from audits.choices import AuditRole
from audits.models import Audit
from audits.permissions import can_see_checks, parts_in, verdict_refusal
from audits.selectors import report_content, sides_read
from foundation.accounts.models import User
from foundation.approvals.choices import RequestState
from foundation.approvals.kinds import ApprovalKind, Outcome, StepPlan
from foundation.lifecycle.services import apply_transition

DECISION_DAYS = 14


def audit_decider_refusal(audit: Audit, user: User) -> str | None:
    """Return why a person may not decide on the report: whoever audited or is audited, or belongs to the unit, does not approve it."""
    if refusal := verdict_refusal(audit=audit, user=user):
        return refusal
    if parts_in(user, audit) or audit.lead_auditor_id == user.pk:
        return _("You are one of the auditors, so somebody else must decide it.")
    if user.pk in audit.judging_ids:
        return _("You graded checks or raised findings here, so somebody else must decide it.")
    return None


def report_authors(audit: Audit) -> Iterable[int]:
    """Return the keys of who made the report: those who audited, and who graded or raised findings."""
    audited = {
        part.user_id for part in audit.participants.all() if part.role in (AuditRole.LEAD, AuditRole.TEAM)
    }
    return audited | {audit.lead_auditor_id} | set(audit.judging_ids)


def report_note(content: Mapping[str, Any]) -> str:
    """Return what is no part of what is approved, where that is so: requests of an earlier time hold the answers, too."""
    if any("response" in finding for finding in content["findings"]):
        return ""
    return _(
        "What is answered to the findings, and the actions that are agreed on, are no part of this: they go on meanwhile, and "
        "the report tells of them as of the day on which it is made. Once it is approved, those who are audited may read it."
    )


def report_settle(outcome: Outcome) -> None:
    """Let the audit follow the approval of its report: on to the follow-up, or back to reporting."""
    apply_transition(
        record=outcome.record,
        name="approve_report" if outcome.state == RequestState.APPROVED else "return_report",
        actor=outcome.actor,
        now=outcome.now,
        comment=outcome.comment,
        by_approval=True,
    )


REPORT_APPROVAL = ApprovalKind(
    key="audit",
    content=report_content,
    labels={
        "reference": lazy("Reference"),
        "title": lazy("Title"),
        "type": lazy("Type"),
        "confidentiality": lazy("Confidentiality"),
        "unit": lazy("Business unit"),
        "period": lazy("Fieldwork"),
        "owner": lazy("Owner"),
        "lead_auditor": lazy("Lead auditor"),
        "team": lazy("Audit team"),
        "auditees": lazy("Auditees"),
        "scope": lazy("Scope"),
        "criteria": lazy("Criteria"),
        "objectives": lazy("Objectives"),
        "frameworks": lazy("Frameworks"),
        "conclusion": lazy("Conclusion"),
        "findings": lazy("Findings"),
        "findings.reference": lazy("Reference"),
        "findings.title": lazy("Title"),
        "findings.grade": lazy("Grade"),
        "findings.requirement": lazy("Requirement"),
        "findings.requirement_title": lazy("Title of the requirement"),
        "findings.requirement_text": lazy("What it requires"),
        "findings.owner": lazy("Answers for it"),
        "findings.description": lazy("What was found"),
        "findings.evidence": lazy("Evidence"),
        "findings.risk": lazy("Risk"),
        # What was part of the content until answers and actions stood beside the report: requests of that time have them.
        "findings.response": lazy("Auditee's response"),
        "findings.whys": lazy("Five whys"),
        "findings.root_cause": lazy("Root cause"),
        "findings.correction": lazy("Correction"),
        "findings.actions": lazy("Actions"),
        "coverage": lazy("Coverage"),
        "coverage.framework": lazy("Framework"),
        "coverage.edition": lazy("Edition"),
        "coverage.requirements": lazy("Requirements"),
        "coverage.chosen": lazy("Chosen"),
        "coverage.tested": lazy("Tested"),
        "checks": lazy("Checks"),
        "checks.requirement": lazy("Requirement"),
        "checks.title": lazy("Title"),
        "checks.framework": lazy("Framework"),
        "checks.methods": lazy("Methods"),
        "checks.sample": lazy("Sample"),
        "checks.result": lazy("Result"),
        "checks.reason": lazy("Why it does not apply, or was not tested"),
    },
    markdown=frozenset({"findings.requirement_text"}),
    steps=lambda audit: (StepPlan(label=_("Approval by the CISO"), right="audits.approve_report"),),
    decide_by=lambda audit, today: today + timedelta(days=DECISION_DAYS),
    refusal=audit_decider_refusal,
    authors=report_authors,
    settle=report_settle,
    related=("participants", "unit"),
    prepare=sides_read,
    reads=lambda audit, user: can_see_checks(user, audit),
    note=report_note,
)
