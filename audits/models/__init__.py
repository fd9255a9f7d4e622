"""Audits with their checks, findings, evidence and reports, the series that they recur in, and their programmes."""

from audits.models.audits import Audit, AuditListing
from audits.models.checks import Check, CheckEvidence
from audits.models.evidence import EvidenceListing, EvidenceRequest
from audits.models.findings import MOST_WHYS, Finding, FindingListing
from audits.models.programmes import Programme
from audits.models.reports import AuditReport
from audits.models.series import AuditSeries, SeriesException, SeriesPerson

__all__ = [
    "MOST_WHYS",
    "Audit",
    "AuditListing",
    "AuditReport",
    "AuditSeries",
    "Check",
    "CheckEvidence",
    "EvidenceListing",
    "EvidenceRequest",
    "Finding",
    "FindingListing",
    "Programme",
    "SeriesException",
    "SeriesPerson",
]
