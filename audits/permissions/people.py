"""Who may lead an audit, be of its team, or be audited."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from audits.choices import AuditType
from foundation.accounts.access import access_of
from foundation.accounts.models import BusinessUnit, User


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
