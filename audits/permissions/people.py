"""Who may lead an audit, be of its team, or be audited."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from audits.choices import AuditType
from foundation.accounts.access import access_of, accesses_read, belongs_to
from foundation.accounts.models import BusinessUnit, User

# Audits that the organisation's own people carry out, and audits whose results say how a unit works.
OWN_PEOPLE = (AuditType.INTERNAL, AuditType.TECHNICAL_TEST)
OF_THE_UNIT = (*OWN_PEOPLE, AuditType.EXTERNAL, AuditType.CERTIFICATION)


def independence_refusal(*, type: str, unit: BusinessUnit, auditor: User) -> str | None:
    """Return why this person may not audit this unit, or None.

    Nobody audits the own unit in an internal audit or a technical test, which the organisation's own people carry out
    (ISO 19011:2018, 4 e: auditors are independent of what they audit). Who belongs to a unit below belongs to it, and who leads it does. A unit
    without a parent is the whole organisation, which everyone belongs to, so the rule can't hold for it.

    Elsewhere the auditors come from outside. Who leads here accompanies them, as a guide does (6.4.2), and that is best done
    by somebody of the unit. What comes of such an audit is another matter: see `grading_independence_refusal()`.
    """
    return _own_unit_refusal(unit, auditor) if type in OWN_PEOPLE else None


def grading_independence_refusal(*, type: str, unit: BusinessUnit, auditor: User) -> str | None:
    """Return why this person may not say what an audit of this unit came to (results, findings, their end), or None.

    In external and certification audits, too, nobody of the unit writes its results: guides neither influence an audit nor
    interfere with it (ISO 19011:2018, 6.4.2), and what they write stands for what the auditors said (6.4.8). The audit of a
    supplier judges the supplier, whose work is not the unit's own, so there the unit's people may.
    """
    return _own_unit_refusal(unit, auditor) if type in OF_THE_UNIT else None


def _own_unit_refusal(unit: BusinessUnit, person: User) -> str | None:
    if unit.parent_id is None or not belongs_to(person, unit.pk):
        return None
    return _("%(person)s belongs to %(unit)s, and nobody audits their own unit.") % {
        "person": person,
        "unit": unit,
    }


def answering_auditor_refusal(person: User, answering: Collection[int]) -> str | None:
    """Return why somebody of those who answer in an audit (their keys) does not audit there, or None."""
    if person.pk not in answering:
        return None
    return _("%(person)s answers for findings or evidence there, so somebody else must audit.") % {
        "person": person
    }


def lead_refusal(
    *, type: str, unit: BusinessUnit, lead_auditor: User, now: datetime, answering: Collection[int] = ()
) -> str | None:
    """Return why this person may not lead an audit of this unit, or None; `answering` are the keys of who answers there."""
    if not lead_auditor.is_active:
        return _("%(person)s is no longer active.") % {"person": lead_auditor}
    if not access_of(lead_auditor, now).has("audits.run", unit.pk):
        return _("%(person)s may not run audits of %(unit)s.") % {
            "person": lead_auditor,
            "unit": unit,
        }
    return answering_auditor_refusal(lead_auditor, answering) or independence_refusal(
        type=type, unit=unit, auditor=lead_auditor
    )


def team_refusal(
    *, type: str, unit: BusinessUnit, team: Iterable[User], answering: Collection[int] = ()
) -> str | None:
    """Return why these people may not be the audit's team, or None; `answering` are the keys of who answers there."""
    for person in team:
        if not person.is_active:
            return _("%(person)s is no longer active.") % {"person": person}
        if refusal := answering_auditor_refusal(person, answering) or independence_refusal(
            type=type, unit=unit, auditor=person
        ):
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
    answering: Collection[int] = (),
) -> dict[str, str]:
    """Return why these people may not take these parts, by the name of the field; empty when they may.

    `answering` are the keys of who answers for findings or evidence in the audit: they don't audit there.
    One query for all of them, none for whose access was read.
    """
    accesses_read((lead_auditor, *team), now)
    refusals = {
        "lead_auditor": lead_refusal(
            type=type, unit=unit, lead_auditor=lead_auditor, now=now, answering=answering
        ),
        "team": team_refusal(type=type, unit=unit, team=team, answering=answering),
        "auditees": auditees_refusal(lead_auditor=lead_auditor, team=team, auditees=auditees),
    }
    return {name: refusal for name, refusal in refusals.items() if refusal}
