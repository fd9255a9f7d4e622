"""What checklists give to the whole."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from audits.choices import AuditRole, CheckResult
from foundation.registry import FieldWords, TrailVerb, registry


def result_words(kind: str, value: Any) -> Any:
    """Return the result of a check as people read it."""
    return CheckResult(value).label if value in CheckResult.values else None


registry.register(
    FieldWords(key="check_result", words=result_words, label=_("Result")),
    FieldWords(key="checks", label=_("Checks")),
    FieldWords(key="requirement", label=_("Requirement")),
    FieldWords(key="requirements", label=_("Requirements")),
    TrailVerb(
        action="audits.checks.added",
        sentence=_("added requirements to the checklist"),
        icon="list-check",
        kept_from=AuditRole.AUDITEE,
    ),
    TrailVerb(
        action="audits.checks.removed",
        sentence=_("took checks out of the checklist"),
        icon="list-check",
        kept_from=AuditRole.AUDITEE,
    ),
    TrailVerb(
        action="audits.checks.exported",
        sentence=_("took the checklist away as a file"),
        icon="download",
        kept_from=AuditRole.AUDITEE,
    ),
    TrailVerb(
        action="audits.check.graded",
        sentence=_("set the result of {after[requirement]}"),
        icon="clipboard-check",
        kept_from=AuditRole.AUDITEE,
    ),
    TrailVerb(
        action="audits.check.evidence_added",
        sentence=_("attached evidence to {after[requirement]}"),
        icon="paperclip",
        kept_from=AuditRole.AUDITEE,
    ),
    TrailVerb(
        action="audits.check.evidence_removed",
        sentence=_("took evidence off {before[requirement]}"),
        icon="paperclip",
        kept_from=AuditRole.AUDITEE,
    ),
)
