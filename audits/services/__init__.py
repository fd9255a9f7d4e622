"""Writing audits, series and programmes."""

from audits.services.audits import AuditRefused, audit_change, audit_refusal
from audits.services.findings import (
    ANSWER,
    FindingRefused,
    finding_answer_write,
    finding_change,
    finding_create,
    finding_move,
    finding_move_refusal,
    findings_follow,
)
from audits.services.handing_over import parts_hand_over, series_hand_over
from audits.services.moving import audit_date_move, audit_move_refusal
from audits.services.occurrences import (
    decision_version,
    move_bounds,
    occurrence_move,
    occurrence_restore,
    occurrence_skip,
    occurrences_plan,
)
from audits.services.planning import AuditPlan, audit_plan, audits_plan
from audits.services.programmes import ProgrammeRefused, programme_change, programme_create, programme_refusal
from audits.services.series import (
    SeriesRefused,
    series_begin,
    series_change,
    series_end,
    series_follow_audit,
    series_version,
)

__all__ = [
    "ANSWER",
    "AuditPlan",
    "AuditRefused",
    "FindingRefused",
    "ProgrammeRefused",
    "SeriesRefused",
    "audit_change",
    "audit_date_move",
    "audit_move_refusal",
    "audit_plan",
    "audit_refusal",
    "audits_plan",
    "decision_version",
    "finding_answer_write",
    "finding_change",
    "finding_create",
    "finding_move",
    "finding_move_refusal",
    "findings_follow",
    "move_bounds",
    "occurrence_move",
    "occurrence_restore",
    "occurrence_skip",
    "occurrences_plan",
    "parts_hand_over",
    "programme_change",
    "programme_create",
    "programme_refusal",
    "series_begin",
    "series_change",
    "series_end",
    "series_follow_audit",
    "series_hand_over",
    "series_version",
]
