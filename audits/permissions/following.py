"""Who judges the actions that follow from an audit or a finding, who agrees on them, and who proposes them: by their side there."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from audits.choices import OPEN_AUDIT_STATES, OPEN_FINDING_STATES, AuditRole, AuditState, FindingState
from audits.models import Audit, Finding
from audits.permissions.findings import auditor_refusal
from audits.permissions.sides import verdict_refusal
from foundation.accounts.models import User
from foundation.records.models import Record


def audit_settled_refusal(source: Record) -> str | None:
    """Return why nothing more is agreed on for an audit as it stands, or None."""
    if source.state in OPEN_AUDIT_STATES:
        return None
    return _("The audit is “%(state)s”, so nothing more is agreed on for it. Reopen it first.") % {
        "state": AuditState(source.state).label
    }


def finding_proposing_refusal(*, source: Record, person: User) -> str | None:
    """Return why a person proposes no action for a finding, or None: who answers for it does, until it is settled."""
    if source.owner_id != person.pk:
        return _("Only who answers for the finding proposes what is done about it.")
    return finding_settled_refusal(source)


def finding_owning_refusal(*, source: Record, person: User) -> str | None:
    """Return why a person is not to do what is proposed for a finding, or None: who audits there agrees on it, and verifies it."""
    if source.participants.filter(user=person, role__in=(AuditRole.LEAD, AuditRole.TEAM)).exists():
        return _("%(person)s audits here, so somebody else must do it.") % {"person": person}
    return None


def finding_settled_refusal(source: Record) -> str | None:
    """Return why nothing more is agreed on for a finding as it stands, or None."""
    if source.state in OPEN_FINDING_STATES:
        return None
    return _("The finding is “%(state)s”, so nothing more is agreed on for it. Reopen it first.") % {
        "state": FindingState(source.state).label
    }


def _audit_of(source: Record) -> Audit:
    """Return the audit that a record is; pages have it in hand."""
    if isinstance(source, Audit):
        return source
    audits = Audit.objects.select_related("unit").prefetch_related("participants")
    found: Audit = audits.get(pk=source.pk)
    return found


def _finding_of(source: Record) -> Finding:
    """Return the finding that a record is; pages have it in hand."""
    if isinstance(source, Finding):
        return source
    findings = Finding.objects.select_related("audit", "unit").prefetch_related("participants")
    found: Finding = findings.get(pk=source.pk)
    return found


def audit_sides(audit_id: int) -> Callable[[User], bool]:
    """Read who has a side in an audit, and return a function that tells so of a person. Three queries at most."""
    audit = _audit_of(Record(pk=audit_id))
    return lambda person: verdict_refusal(audit=audit, user=person) is not None


def finding_sides(finding_id: int) -> Callable[[User], bool]:
    """Read who has a side in a finding, and return a function that tells so of a person. Three queries at most."""
    finding = _finding_of(Record(pk=finding_id))
    return lambda person: auditor_refusal(finding=finding, user=person) is not None
