"""The steps of each kind of record that audits keep, as data."""

from audits.lifecycle.audits import AUDIT_LIFECYCLE
from audits.lifecycle.evidence import EVIDENCE_LIFECYCLE
from audits.lifecycle.findings import FINDING_LIFECYCLE
from audits.lifecycle.programmes import PROGRAMME_LIFECYCLE

__all__ = ["AUDIT_LIFECYCLE", "EVIDENCE_LIFECYCLE", "FINDING_LIFECYCLE", "PROGRAMME_LIFECYCLE"]
