"""Forms: they check what was typed, and never save."""

from audits.forms.audits import AuditChangeForm, AuditPlanForm
from audits.forms.dates import DatesForm

__all__ = ["AuditChangeForm", "AuditPlanForm", "DatesForm"]
