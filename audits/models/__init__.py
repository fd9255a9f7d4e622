"""Audits, the series that they recur in, and the programmes that they belong to."""

from audits.models.audits import Audit, AuditListing
from audits.models.programmes import Programme
from audits.models.series import AuditSeries, SeriesException, SeriesPerson

__all__ = ["Audit", "AuditListing", "AuditSeries", "Programme", "SeriesException", "SeriesPerson"]
