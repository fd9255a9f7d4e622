"""Writing audits, series and programmes."""

from audits.services.audits import AuditRefused, audit_change, audit_refusal
from audits.services.handing_over import parts_hand_over, series_hand_over
from audits.services.moving import audit_date_move, audit_move_refusal
from audits.services.occurrences import (
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
    SeriesStale,
    series_begin,
    series_change,
    series_end,
    series_follow_audit,
    series_mark,
)

__all__ = [
    "AuditPlan",
    "AuditRefused",
    "ProgrammeRefused",
    "SeriesRefused",
    "SeriesStale",
    "audit_change",
    "audit_date_move",
    "audit_move_refusal",
    "audit_plan",
    "audit_refusal",
    "audits_plan",
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
    "series_mark",
]
