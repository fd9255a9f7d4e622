"""Writing audits, series and programmes."""

from audits.services.audits import AuditRefused, audit_change
from audits.services.planning import AuditPlan, audit_plan, audits_plan
from audits.services.programmes import programme_change, programme_create

__all__ = [
    "AuditPlan",
    "AuditRefused",
    "audit_change",
    "audit_plan",
    "audits_plan",
    "programme_change",
    "programme_create",
]
