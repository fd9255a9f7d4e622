"""Writing audits, series and programmes."""

from audits.services.audits import AuditRefused, audit_change, audit_plan
from audits.services.programmes import programme_change, programme_create

__all__ = [
    "AuditRefused",
    "audit_change",
    "audit_plan",
    "programme_change",
    "programme_create",
]
