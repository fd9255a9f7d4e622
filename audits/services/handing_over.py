"""Audits and series go to someone else when a person leaves."""

from datetime import datetime

from audits.choices import AuditRole
from audits.models import Audit, AuditSeries, SeriesPerson
from audits.permissions import independence_refusal, lead_refusal, people_refusals
from audits.selectors import audits_of, people_of, series_of
from audits.services.audits import AuditRefused, audit_change
from foundation.accounts.models import User
from foundation.records.choices import Confidentiality
from foundation.records.selectors import name_for, successors_for
from foundation.registry import HandOverRefused
from foundation.trail.services import entry_write


def parts_hand_over(*, person: User, to: User, actor: User, now: datetime) -> int:
    """Let another play a person's parts in open audits, and return in how many.

    A restricted audit is led by who may know of it, and nobody new is named in its team or as auditee. Where the other can't
    be in the team or an auditee, that part is left empty; where the other can't lead, HandOverRefused says of which audit
    and why. Must be called inside a transaction.
    """
    audits = list(audits_of(person).select_related("unit", "owner", "lead_auditor", "programme", "series"))
    leads = successors_for(audits, person=person, to=to, now=now)
    for audit in audits:
        _hand_over_audit(audit, person=person, lead=leads[audit.pk], to=to, actor=actor, now=now)
    return len(audits)


def _hand_over_audit(audit: Audit, *, person: User, lead: User, to: User, actor: User, now: datetime) -> None:
    people = people_of(audit)
    changes = {"lead_auditor": lead} if audit.lead_auditor_id == person.pk else {}
    leader = lead if changes else audit.lead_auditor
    joins = audit.confidentiality != Confidentiality.RESTRICTED
    parts = {}
    for role in (AuditRole.TEAM, AuditRole.AUDITEE):
        parts[role] = [one for one in people.get(role, []) if one.is_active and one.pk != person.pk]
        if joins and person in people.get(role, []) and to not in (leader, *parts[role]):
            wider = {**parts, role: [*parts[role], to]}
            refusals = people_refusals(
                type=audit.type,
                unit=audit.unit,
                lead_auditor=leader,
                team=wider[AuditRole.TEAM],
                auditees=wider.get(AuditRole.AUDITEE, people.get(AuditRole.AUDITEE, [])),
                now=now,
            )
            parts = parts if refusals else wider
    try:
        audit_change(
            audit=audit,
            changes=changes,
            actor=actor,
            now=now,
            version=audit.version,
            team=[one for one in parts[AuditRole.TEAM] if one != leader],
            auditees=parts[AuditRole.AUDITEE],
        )
    except AuditRefused as refused:
        raise HandOverRefused(f"{name_for(audit, actor)}: {refused}") from refused


def series_hand_over(*, person: User, to: User, actor: User, now: datetime) -> int:
    """Let another own, lead and take part in the next audits of a person's series, and return in how many.

    Where the other belongs to the unit that is audited, the part in the team is left empty. Must be called inside a
    transaction. Raises HandOverRefused where the other can't lead.
    """
    series = list(series_of(person).select_related("unit", "owner", "lead_auditor"))
    for one in series:
        _hand_over_series(one, person=person, to=to, actor=actor, now=now)
    return len(series)


def _hand_over_series(series: AuditSeries, *, person: User, to: User, actor: User, now: datetime) -> None:
    latest = series.audits.order_by("-starts_on", "-pk").first()
    if latest is not None:
        to = successors_for([latest], person=person, to=to, now=now)[latest.pk]
    if series.lead_auditor_id == person.pk:
        refusal = lead_refusal(type=series.type, unit=series.unit, lead_auditor=to, now=now)
        if refusal:
            name = name_for(latest, actor) if latest else series.title
            raise HandOverRefused(f"{name}: {refusal}")
        series.lead_auditor = to
    if series.owner_id == person.pk:
        series.owner = to
    series.save(update_fields=["lead_auditor", "owner"])
    parts = SeriesPerson.objects.filter(series=series, user=person)
    roles = list(parts.values_list("role", flat=True))
    parts.delete()
    taken = SeriesPerson.objects.filter(series=series, user=to).exists() or to.pk == series.lead_auditor_id
    audits_own = AuditRole.TEAM in roles and independence_refusal(
        type=series.type, unit=series.unit, auditor=to
    )
    if roles and not taken and not audits_own:
        SeriesPerson.objects.create(series=series, user=to, role=roles[0])
    entry_write(
        action="audits.series.handed_over",
        actor=actor,
        record=latest,
        subject="" if latest else series.title,
        before={"person": person.full_name},
        after={"person": to.full_name},
    )
