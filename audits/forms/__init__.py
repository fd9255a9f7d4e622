"""Forms: they check what was typed, and never save."""

from audits.forms.audits import AuditChangeForm, AuditPlanForm
from audits.forms.evidence import EvidenceAnswerForm, EvidenceAskForm, EvidenceChangeForm
from audits.forms.programmes import ProgrammeChangeForm, ProgrammeDraftForm
from audits.forms.reports import ConclusionForm
from audits.forms.series import EndForm, MoveForm, RestoreForm, SeriesForm, SkipForm

__all__ = [
    "AuditChangeForm",
    "AuditPlanForm",
    "ConclusionForm",
    "EndForm",
    "EvidenceAnswerForm",
    "EvidenceAskForm",
    "EvidenceChangeForm",
    "MoveForm",
    "ProgrammeChangeForm",
    "ProgrammeDraftForm",
    "RestoreForm",
    "SeriesForm",
    "SkipForm",
]
