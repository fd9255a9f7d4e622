"""Who judges the actions that follow from an audit or a finding, who agrees on them, and who proposes them: by their side there."""

from django.utils.translation import gettext as _

from audits.choices import OPEN_AUDIT_STATES, OPEN_FINDING_STATES, AuditRole, AuditState, FindingState
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
