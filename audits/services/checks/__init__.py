"""Writing checklists: which requirements an audit tests, and what its checks came to."""

from audits.services.checks.choosing import Added, Removed, checks_add, checks_copy, checks_remove
from audits.services.checks.evidence import check_evidence_add, check_evidence_remove
from audits.services.checks.grading import SeveralSet, checks_set
from audits.services.checks.rules import CheckRefused, choosing_refusal, grading_refusal, writing_refusal
from audits.services.checks.saving import CheckConflict, Difference, Saved, check_save

__all__ = [
    "Added",
    "CheckConflict",
    "CheckRefused",
    "Difference",
    "Removed",
    "Saved",
    "SeveralSet",
    "check_evidence_add",
    "check_evidence_remove",
    "check_save",
    "checks_add",
    "checks_copy",
    "checks_remove",
    "checks_set",
    "choosing_refusal",
    "grading_refusal",
    "writing_refusal",
]
