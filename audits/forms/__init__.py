"""Forms: they check what was typed, and never save."""

from audits.forms.audits import AuditChangeForm, AuditPlanForm
from audits.forms.programmes import ProgrammeChangeForm, ProgrammeDraftForm
from audits.forms.series import MoveForm, ReasonForm, SeriesForm

__all__ = [
    "AuditChangeForm",
    "AuditPlanForm",
    "MoveForm",
    "ProgrammeChangeForm",
    "ProgrammeDraftForm",
    "ReasonForm",
    "SeriesForm",
]
