"""What people approve of audits: a year's programme, and the report of an audit."""

from audits.approvals.programmes import PROGRAMME_APPROVAL
from audits.approvals.reports import REPORT_APPROVAL

__all__ = ["PROGRAMME_APPROVAL", "REPORT_APPROVAL"]
