"""Audits with their checks, findings, evidence and reports, the series that they recur in, and their programmes."""

from audits.models.audits import Audit, AuditListing
from audits.models.checks import Check
from audits.models.evidence import EvidenceRequest
from audits.models.findings import Finding
from audits.models.programmes import Programme
from audits.models.reports import AuditReport
from audits.models.series import AuditSeries, SeriesException, SeriesPerson

__all__ = [
    "Audit",
    "AuditListing",
    "AuditReport",
    "AuditSeries",
    "Check",
    "EvidenceRequest",
    "Finding",
    "Programme",
    "SeriesException",
    "SeriesPerson",
]
