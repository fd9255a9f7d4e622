"""Who may change what audits and programmes say."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from audits.choices import FindingState, ProgrammeState
from audits.models import Audit, Programme
from audits.permissions.people import grading_independence_refusal
from audits.permissions.sides import audited_refusal, verdict_refusal
from foundation.accounts.access import access_of
from foundation.accounts.models import BusinessUnit, User

if TYPE_CHECKING:
    from foundation.accounts.access import AnyUser

# What decides who is audited, by whom, and who knows of it; and what results and findings were judged by.
DECIDING = ("type", "unit", "confidentiality", "owner", "lead_auditor", "team", "auditees")
JUDGED_BY = ("type", "unit")


def audit_change_refusal(*, audit: Audit, user: User) -> str | None:
    """Return why nobody, or not this person, changes an audit, or None. The right is another matter.

    Who is audited changes nothing of it, neither whom and what it examines nor its dates: who could put it off could
    keep it from taking place. They may see it, and ask its owner.
    """
    if not audit.is_open:
        return _("A closed or cancelled audit stays as it is. Reopen it first.")
    return audited_refusal(audit=audit, user=user)


def deciding_refusal(*, audit: Audit, user: User) -> str | None:
    """Return why a person does not decide who is audited by whom, and who knows of it (`DECIDING`), or None.

    Who accompanies auditors from outside in the own unit sees to the dates and texts, but not to that.
    """
    return verdict_refusal(audit=audit, user=user)


def audit_kept(*, audit: Audit, user: User) -> dict[str, str]:
    """Return what of an audit stays as it is when this person changes it, and why, by the name of its field.

    Once something was judged, nobody changes what it was judged by: the unit and the type say who may judge. Two queries.
    """
    kept = {}
    if audit.checks.tested().exists() or audit.findings.exclude(state=FindingState.WITHDRAWN).exists():
        kept = dict.fromkeys(
            JUDGED_BY, _("It has results or findings, so its type and its unit stay as they are.")
        )
    if refusal := deciding_refusal(audit=audit, user=user):
        kept |= dict.fromkeys(DECIDING, refusal)
    return kept


def becoming_refusal(*, type: str, unit: BusinessUnit, user: User) -> str | None:
    """Return why a person does not turn an audit into one of this type and unit, or None: into one of the own work."""
    return grading_independence_refusal(type=type, unit=unit, auditor=user)


def can_change_audit(user: User, audit: Audit) -> bool:
    """Tell whether a person may change what an audit says."""
    return (
        access_of(user).has("audits.plan", audit.unit_id)
        and audit_change_refusal(audit=audit, user=user) is None
    )


def can_change_programme(user: "AnyUser", programme: Programme) -> bool:
    """Tell whether a person may change what a programme says: only a draft is changed."""
    return programme.state == ProgrammeState.DRAFT and access_of(user).has("audits.plan", programme.unit_id)
