"""What has come to stand against audits since they were planned: people who moved, left, lost a right or are away."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from audits.choices import OPEN_AUDIT_STATES, AuditState
from audits.permissions import independence_refusal, lead_refusal, team_refusal
from audits.selectors.year.rows import Auditor, Unit, YearAudit
from foundation.accounts.access import accesses_read
from foundation.accounts.models import BusinessUnit, Delegation, User
from foundation.ui.dates import day_words

BEFORE_REPORT = (AuditState.PLANNED, AuditState.PREPARING, AuditState.FIELDWORK)


@dataclass(frozen=True)
class Conflict:
    """Something that stands against an audit: whom it concerns, what is wrong, and what to do about it."""

    audit: YearAudit
    auditor: Auditor
    is_lead: bool
    reason: str
    remedy: str


def conflicts_of(
    audits: Sequence[YearAudit],
    *,
    teams: Mapping[int, Sequence[Auditor]],
    units: Mapping[int, Unit],
    now: datetime,
    today: date,
) -> list[Conflict]:
    """Return what stands against audits that are still open, by the rules that every door keeps; two queries."""
    open_audits = [audit for audit in audits if audit.state in OPEN_AUDIT_STATES]
    if not open_audits:
        return []
    auditors = [one for audit in open_audits for one in (audit.lead, *teams.get(audit.pk, ()))]
    people = {one.pk: _user(one) for one in auditors}
    accesses_read(people.values(), now)
    absences = _absences(open_audits, teams, today)
    found: list[Conflict] = []
    for audit in open_audits:
        unit = _unit(units[audit.unit_id])
        refusal = lead_refusal(type=audit.type, unit=unit, lead_auditor=people[audit.lead.pk], now=now)
        if refusal:
            found.append(Conflict(audit, audit.lead, True, refusal, _lead_remedy(audit, unit, people)))
        for auditor in teams.get(audit.pk, ()):
            if refusal := team_refusal(type=audit.type, unit=unit, team=[people[auditor.pk]]):
                remedy = _("Take %(person)s out of the team.") % {"person": auditor.name}
                found.append(Conflict(audit, auditor, False, refusal, remedy))
        found += _away(audit, teams, absences)
    return found


def _lead_remedy(audit: YearAudit, unit: BusinessUnit, people: Mapping[int, User]) -> str:
    belongs = independence_refusal(type=audit.type, unit=unit, auditor=people[audit.lead.pk])
    if belongs and audit.state in (AuditState.PLANNED, AuditState.PREPARING):
        return _("Choose another lead auditor: the fieldwork can't start until then.")
    return _("Choose another lead auditor.")


def _absences(
    audits: Sequence[YearAudit], teams: Mapping[int, Sequence[Auditor]], today: date
) -> dict[int, list[tuple[date, date, str]]]:
    """Return when the auditors of fieldworks to come are away, and who stands in, by their keys."""
    ahead = [audit for audit in audits if _is_ahead(audit, today)]
    people = {one.pk for audit in ahead for one in (audit.lead, *teams.get(audit.pk, ()))}
    away: dict[int, list[tuple[date, date, str]]] = {}
    if not people:
        return away
    rows = Delegation.objects.filter(
        person_id__in=people,
        ends_on__gte=max(today, min(audit.starts_on for audit in ahead)),
        starts_on__lte=max(audit.fieldwork_ends_on for audit in ahead),
    )
    values = rows.values_list("person_id", "starts_on", "ends_on", "stand_in__full_name")
    for person_id, first, last, stand_in in values:
        away.setdefault(person_id, []).append((first, last, stand_in))
    return away


def _is_ahead(audit: YearAudit, today: date) -> bool:
    return audit.state in BEFORE_REPORT and audit.fieldwork_ends_on >= today


def _away(
    audit: YearAudit,
    teams: Mapping[int, Sequence[Auditor]],
    absences: Mapping[int, Sequence[tuple[date, date, str]]],
) -> list[Conflict]:
    """Return who is away while an audit is in the field."""
    found = []
    for auditor in (audit.lead, *teams.get(audit.pk, ())):
        for first, last, stand_in in absences.get(auditor.pk, ()):
            if first <= audit.fieldwork_ends_on and last >= audit.starts_on and auditor.is_active:
                reason = _("%(person)s is away from %(first)s to %(last)s; %(stand_in)s stands in.") % {
                    "person": auditor.name,
                    "first": day_words(first),
                    "last": day_words(last),
                    "stand_in": stand_in,
                }
                is_lead = auditor.pk == audit.lead.pk
                remedy = (
                    _("Move the fieldwork, or choose another lead auditor.")
                    if is_lead
                    else _("Move the fieldwork, or change the team.")
                )
                found.append(Conflict(audit, auditor, is_lead, reason, remedy))
    return found


def _user(auditor: Auditor) -> User:
    """Return an auditor as the rules of the doors take one: not read again."""
    return User(pk=auditor.pk, full_name=auditor.name, unit_id=auditor.unit_id, is_active=auditor.is_active)


def _unit(unit: Unit) -> BusinessUnit:
    """Return a unit as the rules of the doors take one: not read again."""
    return BusinessUnit(pk=unit.pk, name=unit.name, parent_id=unit.parent_id, path=unit.path)
