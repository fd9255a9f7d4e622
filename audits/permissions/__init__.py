"""Who may take which part in an audit, see what of it, and judge what: README.md says why."""

from audits.permissions.checks import (
    audits_unseen,
    can_see_checks,
    can_work_on_checks,
    check_grading_refusal,
    check_work_refusal,
    checks_seen_by,
)
from audits.permissions.evidence import (
    ASKING_STATES,
    answering_refusal,
    asking_refusal,
    can_ask_for_evidence,
    can_change_evidence,
    evidence_change_refusal,
    evidence_judging_refusal,
)
from audits.permissions.findings import (
    FINDING_STATES,
    auditor_refusal,
    can_answer_finding,
    can_change_finding,
    can_raise_finding,
    finding_answer_refusal,
    finding_change_refusal,
    raising_refusal,
    reported_refusal,
)
from audits.permissions.following import audit_sides, finding_sides
from audits.permissions.people import (
    OF_THE_UNIT,
    OWN_PEOPLE,
    auditees_refusal,
    grading_independence_refusal,
    independence_refusal,
    lead_refusal,
    people_refusals,
    team_refusal,
)
from audits.permissions.plans import (
    can_change_audit,
    can_change_programme,
)
from audits.permissions.sides import (
    audited_refusal,
    is_auditor_of,
    parts_in,
    side_refusal,
    verdict_refusal,
)

__all__ = [
    "ASKING_STATES",
    "FINDING_STATES",
    "OF_THE_UNIT",
    "OWN_PEOPLE",
    "answering_refusal",
    "asking_refusal",
    "audit_sides",
    "audited_refusal",
    "auditees_refusal",
    "auditor_refusal",
    "audits_unseen",
    "can_answer_finding",
    "can_ask_for_evidence",
    "can_change_audit",
    "can_change_evidence",
    "can_change_finding",
    "can_change_programme",
    "can_raise_finding",
    "can_see_checks",
    "can_work_on_checks",
    "check_grading_refusal",
    "check_work_refusal",
    "checks_seen_by",
    "evidence_change_refusal",
    "evidence_judging_refusal",
    "finding_answer_refusal",
    "finding_change_refusal",
    "finding_sides",
    "grading_independence_refusal",
    "independence_refusal",
    "is_auditor_of",
    "lead_refusal",
    "parts_in",
    "people_refusals",
    "raising_refusal",
    "reported_refusal",
    "side_refusal",
    "team_refusal",
    "verdict_refusal",
]
