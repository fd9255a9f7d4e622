"""Audits and series, findings and requests for evidence go to someone else when a person leaves."""

from datetime import datetime

from django.utils.translation import gettext as _

from audits.choices import EVIDENCE_ASKER, WAITING_EVIDENCE_STATES, AuditRole
from audits.models import Audit, AuditSeries, Finding, SeriesPerson
from audits.permissions import (
    auditor_refusal,
    deciding_refusal,
    evidence_judging_refusal,
    independence_refusal,
    is_auditor_of,
    lead_refusal,
    parts_in,
    people_refusals,
)
from audits.selectors import (
    audits_of,
    evidence_asked_by,
    evidence_asked_of,
    findings_answered_by,
    findings_left,
    people_of,
    series_of,
)
from audits.services.audits import AuditRefused, audit_change
from audits.services.dates import dates_follow
from audits.services.evidence import DUE, evidence_follow
from audits.services.evidence_judges import reviews_follow
from audits.services.finding_dates import finding_dates_follow
from audits.services.finding_waiting import finding_auditor_follow
from audits.services.findings import findings_follow
from audits.services.of_audits import AUDITORS
from audits.services.reports import report_follow
from foundation.accounts.models import User
from foundation.actions.services import actions_follow
from foundation.deadlines.services import deadline_set
from foundation.records.choices import Confidentiality
from foundation.records.selectors import name_for, successors_for
from foundation.records.services import participants_set, record_update
from foundation.registry import HandOverRefused
from foundation.trail.services import entry_write


def parts_hand_over(*, person: User, to: User, actor: User, now: datetime) -> int:
    """Let another play a person's parts in open audits, and in findings that go on after theirs; return in how many.

    A restricted audit is led by who may know of it, and nobody new is named in its team or as auditee. Where the other can't
    be in the team or an auditee, that part is left empty; where the other can't lead, HandOverRefused says of which audit
    and why. Who is audited there chooses no auditor either: they name nobody for the team, and somebody else lets the lead
    be handed over. Must be called inside a transaction.
    """
    audits = list(audits_of(person).select_related("unit", "owner", "lead_auditor", "programme", "series"))
    leads = successors_for(audits, person=person, to=to, now=now)
    for audit in audits:
        _hand_over_audit(audit, person=person, lead=leads[audit.pk], to=to, actor=actor, now=now)
    left = list(findings_left(person).select_related("audit", "unit").prefetch_related("participants__user"))
    for finding in left:
        _hand_over_finding(finding, person=person, to=to, actor=actor, now=now)
    return len(audits) + len(left)


def _hand_over_audit(audit: Audit, *, person: User, lead: User, to: User, actor: User, now: datetime) -> None:
    people = people_of(audit)
    changes = {"lead_auditor": lead} if audit.lead_auditor_id == person.pk else {}
    leader = lead if changes else audit.lead_auditor
    if changes:
        _choosing_check(audit, actor)
    joins = audit.confidentiality != Confidentiality.RESTRICTED
    chooses = deciding_refusal(audit=audit, user=actor) is None
    parts = {}
    for role in (AuditRole.TEAM, AuditRole.AUDITEE):
        parts[role] = [one for one in people.get(role, []) if one.is_active and one.pk != person.pk]
        may = joins and (chooses or role != AuditRole.TEAM)
        if may and person in people.get(role, []) and to not in (leader, *parts[role]):
            wider = {**parts, role: [*parts[role], to]}
            refusals = people_refusals(
                type=audit.type,
                unit=audit.unit,
                lead_auditor=leader,
                team=wider[AuditRole.TEAM],
                auditees=wider.get(AuditRole.AUDITEE, people.get(AuditRole.AUDITEE, [])),
                now=now,
                answering=audit.answering_ids,
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
            leaving=person,
        )
    except AuditRefused as refused:
        raise HandOverRefused(f"{name_for(audit, actor)}: {refused}") from refused


def _choosing_check(audit: Audit, actor: User) -> None:
    """Raise HandOverRefused for who is audited, and so does not choose who audits."""
    if refusal := deciding_refusal(audit=audit, user=actor):
        raise HandOverRefused(f"{name_for(audit, actor)}: {refusal}")


def _hand_over_finding(finding: Finding, *, person: User, to: User, actor: User, now: datetime) -> None:
    """Let another play a person's parts in a finding whose audit is over, where they may; else the part is left empty."""
    people: dict[str, list[User]] = {}
    for part in finding.participants.all():
        people.setdefault(part.role, []).append(part.user)
    auditors = {one.pk for role in AUDITORS for one in people.get(role, []) if one.pk != person.pk}
    for role, named in people.items():
        if person not in named:
            continue
        others = [one for one in named if one.pk != person.pk]
        audits = role in AUDITORS
        may = not finding.is_restricted and to not in others
        if audits:
            may = may and auditor_refusal(finding=finding, user=to) is None
        elif role == AuditRole.AUDITEE:
            may = may and to.pk not in auditors
        participants_set(record=finding, role=role, users=[*others, *([to] if may else [])], actor=actor)
        if audits and may:
            auditors.add(to.pk)
    finding_auditor_follow(finding=finding, actor=actor, now=now)
    actions_follow(source=finding, actor=actor, now=now)


def answers_hand_over(*, person: User, to: User, actor: User, now: datetime) -> int:
    """Let another answer for a person's findings and requests for evidence, and return for how many.

    Raises HandOverRefused where the other is one of the auditors: somebody else is chosen then. What is restricted goes to
    who may know of it. Must be called inside a transaction.
    """
    findings = list(findings_answered_by(person).select_related("audit", "unit"))
    requests = list(evidence_asked_of(person).select_related("audit", "unit"))
    successors = successors_for([*findings, *requests], person=person, to=to, now=now)
    audits: dict[int, Audit] = {}
    for record in (*findings, *requests):
        successor = successors[record.pk]
        if record.participants.filter(user=successor, role__in=AUDITORS).exists():
            text = _("%(person)s audits there, so somebody else must answer for it.")
            raise HandOverRefused(f"{name_for(record, actor)}: {text % {'person': successor}}")
        changes = {"owner": successor}
        changed = record_update(record=record, changes=changes, actor=actor, version=record.version)
        if isinstance(changed, Finding):
            finding_dates_follow(finding=changed, now=now)
            actions_follow(source=changed, actor=actor, now=now)
            audits[record.audit_id] = record.audit
        elif changed.state in WAITING_EVIDENCE_STATES:
            deadline_set(record=changed, kind=DUE, assignee=successor, due_on=changed.due_on, now=now)
    for audit in audits.values():
        report_follow(audit=audit, actor=actor, now=now)
    reviews_follow(requests=requests, actor=actor, now=now)
    return len(findings) + len(requests)


def asked_hand_over(*, person: User, to: User, actor: User, now: datetime) -> int:
    """Let another be who asks for the evidence that a person asked for, and looks at the answers; return for how many.

    Where the other does not audit, or answers there, that is who leads the audit. Must be called inside a transaction.
    """
    requests = list(
        evidence_asked_by(person)
        .select_related("audit__unit", "audit__lead_auditor")
        .prefetch_related("participants")
    )
    for request in requests:
        may = is_auditor_of(to, request) and evidence_judging_refusal(request=request, user=to) is None
        hidden = request.is_restricted and not parts_in(to, request)
        asker = to if may and not hidden else request.audit.lead_auditor
        participants_set(record=request, role=EVIDENCE_ASKER, users=[asker], actor=actor)
    reviews_follow(requests=requests, actor=actor, now=now)
    return len(requests)


def audit_give(*, record: Audit, to: User, leaving: User, actor: User, now: datetime) -> None:
    """Give an audit another owner, who is named in what belongs to the audit, and is reminded of the follow-up."""
    given = record_update(record=record, changes={"owner": to}, actor=actor, version=record.version)
    dates_follow(audit=given, now=now)
    findings_follow(audit=given, actor=actor, now=now)
    evidence_follow(audit=given, actor=actor, now=now)


def series_hand_over(*, person: User, to: User, actor: User, now: datetime) -> int:
    """Let another own, lead and take part in the next audits of a person's series, and return in how many.

    Where the other belongs to the unit that is audited, the part in the team is left empty. Must be called inside a
    transaction. Raises HandOverRefused where the other can't lead, and for who is audited there and so chooses no lead.
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
        if latest is not None:
            _choosing_check(latest, actor)
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
