"""The report of an audit as documents: a PDF to read and sign, and the same facts as a workbook."""

from audits.reporting.document import report_document
from audits.reporting.issue import Issue
from audits.reporting.workbook import report_sheets

__all__ = ["Issue", "report_document", "report_sheets"]
