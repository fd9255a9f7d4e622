"""Who does not judge the actions that follow from an audit or a finding: those who have a side there."""

from collections.abc import Callable

from audits.models import Audit, Finding
from audits.permissions.findings import auditor_refusal
from audits.permissions.sides import verdict_refusal
from foundation.accounts.models import User


def audit_sides(audit_id: int) -> Callable[[User], bool]:
    """Read who has a side in an audit, and return a function that tells so of a person. Three queries at most."""
    audit = Audit.objects.select_related("unit").prefetch_related("participants").get(pk=audit_id)
    return lambda person: verdict_refusal(audit=audit, user=person) is not None


def finding_sides(finding_id: int) -> Callable[[User], bool]:
    """Read who has a side in a finding, and return a function that tells so of a person. Three queries at most."""
    findings = Finding.objects.select_related("audit", "unit").prefetch_related("participants")
    finding = findings.get(pk=finding_id)
    return lambda person: auditor_refusal(finding=finding, user=person) is not None
