"""Asking for evidence, changing what is asked, and keeping requests with their audit."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from audits.choices import (
    EVIDENCE_ASKER,
    AuditRole,
    EvidenceState,
)
from audits.models import Audit, Check, EvidenceRequest
from audits.permissions import (
    asking_refusal,
    evidence_change_refusal,
    evidence_judging_refusal,
    is_auditor_of,
)
from audits.services.evidence_judges import reviews_follow
from audits.services.evidence_notices import ASKED, evidence_owner_tell
from audits.services.of_audits import (
    AUDITORS,
    audit_followed,
    day_refusal,
    evidence_audit_hold,
    owner_refusal,
    people_named,
)
from foundation.accounts.models import User
from foundation.accounts.rights import right_missing
from foundation.deadlines.services import DeadlineDraft, deadline_set, deadlines_open
from foundation.lifecycle.services import apply_transition
from foundation.records.models import Participant, Record
from foundation.records.services import (
    FieldsRefused,
    participants_name_all,
    record_update,
    records_create,
    records_withhold,
)

DUE = "audits.evidence_due"
KIND = "evidence_request"
MOST_AT_ONCE = 100


class EvidenceRefused(FieldsRefused):
    """Evidence can't be asked for, or answered, so."""


@dataclass(frozen=True, kw_only=True)
class EvidenceAsk:
    """One thing that is asked for, perhaps for checks of the audit."""

    title: str
    description: str = ""
    checks: Sequence[Check] = field(default=())


@transaction.atomic
def evidence_ask(
    *,
    audit: Audit,
    asks: Sequence[EvidenceAsk],
    owners: Sequence[User],
    due_on: date,
    actor: User,
    now: datetime,
) -> list[EvidenceRequest]:
    """Ask each of these people for each of these things, until one day; all are told, and reminded of it.

    A request belongs to the audit's unit, is as confidential as the audit, names who asked, its lead, its team and its
    owner, and is withheld from all its auditees but who is asked. The audit is locked, so that it can't become restricted past a request just made. Raises EvidenceRefused for
    who is audited here, for people who can't be asked, and for more than a hundred at once.
    """
    locked = Audit.objects.select_for_update(no_key=True).get(pk=audit.pk)
    if refusal := asking_refusal(audit=locked, user=actor):
        raise EvidenceRefused({"": refusal})
    if not 0 < len(asks) * len(owners) <= MOST_AT_ONCE:
        raise EvidenceRefused(
            {"": _("Ask for one thing at least, and for %(most)d at the most.") % {"most": MOST_AT_ONCE}}
        )
    if any(check.audit_id != locked.pk for ask in asks for check in ask.checks):
        raise EvidenceRefused({"": _("The check belongs to another audit.")})
    people = people_named(locked, AUDITORS)
    for owner in owners:
        _check(_own_refusal(owner, actor) or owner_refusal(owner=owner, people=people), "owners")
    _check(day_refusal(due_on), "due_on")
    pairs = [(ask, owner) for owner in owners for ask in asks]
    requests = [
        EvidenceRequest(
            title=ask.title,
            owner=owner,
            unit_id=locked.unit_id,
            confidentiality=locked.confidentiality,
            audit=locked,
            description=ask.description,
            due_on=due_on,
        )
        for ask, owner in pairs
    ]
    records_create(records=requests, kind=KIND, actor=actor, state=EvidenceState.PENDING)
    named = {**people, EVIDENCE_ASKER: [actor]}
    participants_name_all(named=[(request, named) for request in requests], actor=actor)
    _withhold(locked, requests)
    links = EvidenceRequest.checks.through
    links.objects.bulk_create(
        links(evidencerequest_id=request.pk, check_id=check.pk)
        for request, (ask, _owner) in zip(requests, pairs, strict=True)
        for check in ask.checks
    )
    deadlines_open(
        drafts=[
            DeadlineDraft(record=request, kind=DUE, due_on=due_on, assignee=request.owner)
            for request in requests
        ],
        now=now,
    )
    evidence_owner_tell(
        requests=requests,
        kind=ASKED,
        what=_("Needed for an audit: please answer it."),
        actor=actor,
        now=now,
    )
    return requests


@transaction.atomic
def evidence_change(
    *, request: EvidenceRequest, changes: dict[str, Any], actor: User, now: datetime, version: int
) -> EvidenceRequest:
    """Change what is asked by a request that was read at `version`: its words, who is asked, until when.

    Raises EvidenceRefused for what can't be changed, or not by this person, StaleRecord when somebody else was faster.
    The audit is held first, so that nobody joins its auditors past the look at who they are.
    """
    evidence_audit_hold(request.pk)
    locked = (
        EvidenceRequest.objects.select_for_update(of=("self",))
        .select_related("unit", "audit__unit")
        .get(pk=request.pk)
    )
    refusal = evidence_change_refusal(locked) or evidence_judging_refusal(request=locked, user=actor)
    if refusal:
        raise EvidenceRefused({"": refusal})
    owner = changes.get("owner")
    is_given_on = False
    if owner is not None and owner.pk != locked.owner_id:
        is_given_on = True
        people = people_named(locked.audit, AUDITORS)
        _check(_own_refusal(owner, actor) or owner_refusal(owner=owner, people=people), "owner")
    if "due_on" in changes:
        _check(day_refusal(changes["due_on"]), "due_on")
    changed = record_update(record=locked, changes=changes, actor=actor, version=version)
    deadline_set(record=changed, kind=DUE, assignee=changed.owner, due_on=changed.due_on, now=now)
    if is_given_on:
        evidence_owner_tell(
            requests=[changed],
            kind=ASKED,
            what=_("Needed for an audit: please answer it."),
            actor=actor,
            now=now,
        )
    return changed


def evidence_move_refusal(*, record: Record, user: User) -> str | None:
    """Return why the day of a request can't be moved, or None; raise PermissionDenied for who is none of the auditors."""
    request = _request(record)
    if not is_auditor_of(user, request):
        raise right_missing("audits.run", record.unit_id)
    return evidence_change_refusal(request) or evidence_judging_refusal(request=request, user=user)


def evidence_move(*, record: Record, to: date, version: int, actor: User, now: datetime) -> None:
    """Let a request be due on another day.

    Raises ValidationError for what its form would not take either, StaleRecord when somebody was faster.
    """
    try:
        evidence_change(
            request=_request(record), changes={"due_on": to}, actor=actor, now=now, version=version
        )
    except EvidenceRefused as refused:
        raise ValidationError(str(refused)) from refused


@transaction.atomic
def evidence_follow(*, audit: Audit, actor: User, now: datetime) -> None:
    """Let an audit's requests belong to its unit, be as confidential as it is, name its auditors, and be withheld from its auditees.

    Who is to look at answers follows its lead.
    Call it when any of these of the audit changed. What is as it should be is not written again: six queries then.
    """
    requests = list(
        EvidenceRequest.objects.filter(audit=audit)
        .order_by("pk")
        .select_related("audit__lead_auditor")
        .prefetch_related("participants")
    )
    if not requests:
        return
    _withhold(audit, requests)
    people = people_named(Audit.objects.select_related("owner").get(pk=audit.pk), AUDITORS)
    for request in requests:
        audit_followed(request, audit=audit, people=people, actor=actor)
    reviews_follow(requests=requests, actor=actor, now=now)


def evidence_end(*, audit: Audit, actor: User, now: datetime) -> None:
    """Withdraw what is still asked for in an audit that is over. Must be called inside the step's transaction."""
    for request in EvidenceRequest.objects.open().filter(audit=audit).order_by("pk"):
        apply_transition(
            record=request,
            name="end_with_audit",
            actor=actor,
            now=now,
            comment=_("The audit is over."),
            by_approval=True,
        )


def _withhold(audit: Audit, requests: Sequence[EvidenceRequest]) -> None:
    """Let each auditee know of the own requests alone, whatever right to the unit's records they have."""
    auditees = Participant.objects.filter(record_id=audit.pk, role=AuditRole.AUDITEE)
    records_withhold(
        records=[request.pk for request in requests], users=auditees.values_list("user_id", flat=True)
    )


def _request(record: Record) -> EvidenceRequest:
    """Return the request that a record is; lists have it in hand, the calendar only the record."""
    if isinstance(record, EvidenceRequest):
        return record
    requests = EvidenceRequest.objects.select_related("audit__unit").prefetch_related("participants")
    found: EvidenceRequest = requests.get(pk=record.pk)
    return found


def _own_refusal(owner: User, actor: User) -> str | None:
    return _("Nobody asks themselves for evidence.") if owner.pk == actor.pk else None


def _check(refusal: str | None, name: str) -> None:
    if refusal:
        raise EvidenceRefused({name: refusal})
