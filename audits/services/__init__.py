"""Writing audits, series and programmes."""

from audits.services.audits import AuditRefused, audit_change, audit_refusal
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
    "AuditPlan",
    "AuditRefused",
    "ProgrammeRefused",
    "SeriesRefused",
    "audit_change",
    "audit_date_move",
    "audit_move_refusal",
    "audit_plan",
    "audit_refusal",
    "audits_plan",
    "decision_version",
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
