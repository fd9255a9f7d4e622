"""Who stands on which side of an audit: its auditors, who is audited, and who answers there."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from audits.choices import AuditRole
from audits.models import Audit, EvidenceRequest, Finding
from audits.permissions.people import grading_independence_refusal, independence_refusal
from foundation.accounts.access import access_of
from foundation.accounts.models import User
from foundation.records.models import Record

if TYPE_CHECKING:
    from foundation.accounts.access import AnyUser


def parts_in(user: "AnyUser", record: Record) -> set[str]:
    """Return which parts a person plays in an audit, or what belongs to one; reads its participants, which pages have prefetched."""
    return {part.role for part in record.participants.all() if part.user_id == user.pk}


def is_auditor_of(user: "AnyUser", record: Audit | Finding | EvidenceRequest) -> bool:
    """Tell whether a person is on the auditors' side: leads the audit, is of its team, or runs audits of its unit.

    The same of an audit, of a finding and of a request for evidence: these name the audit's lead and team, and have its unit.
    """
    takes_part = bool(parts_in(user, record) & {AuditRole.LEAD, AuditRole.TEAM})
    return takes_part or access_of(user).has("audits.run", record.unit_id)


def side_refusal(*, audit: Audit, user: User) -> str | None:
    """Return why a person has a side in an audit, or None: its auditees, and who answers for findings or evidence.

    One query for each audit in hand.
    """
    if AuditRole.AUDITEE in parts_in(user, audit):
        return _("You are audited here, so somebody else must do this.")
    if user.pk in audit.answering_ids:
        return _("You answer for findings or evidence of this audit, so somebody else must do this.")
    return None


def audited_refusal(*, audit: Audit, user: User) -> str | None:
    """Return why a person can't do the auditors' work in an audit, or None: those who are audited don't.

    Audited are those who answer there, and all who belong to the unit where the organisation's own people audit it.
    """
    return side_refusal(audit=audit, user=user) or independence_refusal(
        type=audit.type, unit=audit.unit, auditor=user
    )


def verdict_refusal(*, audit: Audit, user: User) -> str | None:
    """Return why a person can't say what an audit came to, or None: who is audited judges nothing, whoever's auditors come.

    That is setting results, concluding, and all that auditors do with findings. Collecting evidence is not: where auditors
    come from outside, it is collected by who accompanies them (`audited_refusal()`).
    """
    return side_refusal(audit=audit, user=user) or grading_independence_refusal(
        type=audit.type, unit=audit.unit, auditor=user
    )
