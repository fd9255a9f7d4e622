"""Who may take which part in an audit."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from audits.choices import AuditRole, AuditType, ProgrammeState
from audits.models import Audit, Programme
from foundation.accounts.access import access_of
from foundation.accounts.models import BusinessUnit, User

if TYPE_CHECKING:
    from foundation.accounts.access import AnyUser


def independence_refusal(*, type: str, unit: BusinessUnit, auditor: User) -> str | None:
    """Return why this person may not audit this unit, or None.

    Nobody audits the own unit in an internal audit (ISO 19011, 4 e: independence). A unit without a parent is the
    whole organisation, which everyone belongs to, so the rule can't hold for it.
    """
    if type == AuditType.INTERNAL and unit.parent_id is not None and auditor.unit_id == unit.pk:
        return _("%(person)s belongs to %(unit)s, and nobody audits the own unit.") % {
            "person": auditor,
            "unit": unit,
        }
    return None


def lead_refusal(*, type: str, unit: BusinessUnit, lead_auditor: User, now: datetime) -> str | None:
    """Return why this person may not lead an audit of this unit, or None."""
    if not lead_auditor.is_active:
        return _("%(person)s is no longer active.") % {"person": lead_auditor}
    if not access_of(lead_auditor, now).has("audits.run", unit.pk):
        return _("%(person)s may not run audits of %(unit)s.") % {
            "person": lead_auditor,
            "unit": unit,
        }
    return independence_refusal(type=type, unit=unit, auditor=lead_auditor)


def team_refusal(*, type: str, unit: BusinessUnit, team: Iterable[User]) -> str | None:
    """Return why these people may not be the audit's team, or None."""
    for person in team:
        if not person.is_active:
            return _("%(person)s is no longer active.") % {"person": person}
        if refusal := independence_refusal(type=type, unit=unit, auditor=person):
            return refusal
    return None


def auditees_refusal(*, lead_auditor: User, team: Iterable[User], auditees: Iterable[User]) -> str | None:
    """Return why these people may not be the auditees, or None."""
    auditors = {lead_auditor.pk, *(person.pk for person in team)}
    for person in auditees:
        if not person.is_active:
            return _("%(person)s is no longer active.") % {"person": person}
        if person.pk in auditors:
            return _("%(person)s can't audit and be audited at once.") % {"person": person}
    return None


def people_refusals(
    *,
    type: str,
    unit: BusinessUnit,
    lead_auditor: User,
    team: Sequence[User],
    auditees: Sequence[User],
    now: datetime,
) -> dict[str, str]:
    """Return why these people may not take these parts, by the name of the field; empty when they may."""
    refusals = {
        "lead_auditor": lead_refusal(type=type, unit=unit, lead_auditor=lead_auditor, now=now),
        "team": team_refusal(type=type, unit=unit, team=team),
        "auditees": auditees_refusal(lead_auditor=lead_auditor, team=team, auditees=auditees),
    }
    return {name: refusal for name, refusal in refusals.items() if refusal}


def can_change_audit(user: "AnyUser", audit: Audit) -> bool:
    """Tell whether a person may change what an audit says; once closed or cancelled, nobody may."""
    return audit.is_open and access_of(user).has("audits.plan", audit.unit_id)


def can_change_programme(user: "AnyUser", programme: Programme) -> bool:
    """Tell whether a person may change what a programme says: only a draft is changed."""
    return programme.state == ProgrammeState.DRAFT and access_of(user).has("audits.plan", programme.unit_id)


def parts_in(user: "AnyUser", audit: Audit) -> set[str]:
    """Return which parts a person plays in an audit; reads its participants, which pages have prefetched."""
    return {part.role for part in audit.participants.all() if part.user_id == user.pk}


def can_see_checks(user: "AnyUser", audit: Audit) -> bool:
    """Tell whether a person who may know of an audit sees its checklist: never who is audited there.

    Its auditors and its owner do, and whoever reads the unit's working records.
    """
    parts = parts_in(user, audit)
    if AuditRole.AUDITEE in parts:
        return False
    if parts or user.pk in (audit.owner_id, audit.lead_auditor_id):
        return True
    return access_of(user).has("records.view", audit.unit_id)


def check_work_refusal(user: User, audit: Audit) -> str | None:
    """Return why a person may not work on the checks of an audit, or None.

    Its auditors may, and whoever runs audits of the unit; nobody who is audited there, and nobody grades the own unit.
    """
    parts = parts_in(user, audit)
    if AuditRole.AUDITEE in parts:
        return _("You are audited here, so you have no part in the checklist.")
    audits = user.pk == audit.lead_auditor_id or bool(parts & {AuditRole.LEAD, AuditRole.TEAM})
    if not (audits or access_of(user).has("audits.run", audit.unit_id)):
        return _("The audit's team works on its checks, and whoever runs audits of %(unit)s.") % {
            "unit": audit.unit
        }
    return independence_refusal(type=audit.type, unit=audit.unit, auditor=user)


def can_work_on_checks(user: User, audit: Audit) -> bool:
    """Tell whether a person may work on the checks of an audit; what its state allows is another question."""
    return check_work_refusal(user, audit) is None
