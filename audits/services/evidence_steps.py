"""Answering a request for evidence, and what follows from its steps."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from audits.choices import WAITING_EVIDENCE_STATES, EvidenceState
from audits.models import EvidenceRequest
from audits.permissions import answering_refusal, evidence_judging_refusal
from audits.selectors import evidence_judge
from audits.services.auditors_told import evidence_judge_tell
from audits.services.evidence import DUE, EvidenceRefused
from audits.services.evidence_judges import REVIEW
from audits.services.evidence_notices import ASKED, SETTLED, evidence_owner_tell
from audits.services.of_audits import evidence_audit_hold
from foundation.accounts.access import access_of
from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_day
from foundation.deadlines.services import deadline_close, deadline_set
from foundation.files.models import FileVersion
from foundation.files.selectors import files_present
from foundation.lifecycle.services import apply_transition
from foundation.records.services import record_update
from foundation.trail.services import entry_write

REVIEWED_WITHIN = timedelta(days=5)
ANSWERED_AGAIN_WITHIN = timedelta(days=7)


@transaction.atomic
def evidence_answer(
    *, request: EvidenceRequest, answer: str, actor: User, now: datetime, version: int
) -> EvidenceRequest:
    """Answer a request that was read at `version`, in words, with the files that stand on it, or both.

    Who is asked answers it, or who stands in for them today: the trail says in whose place. Raises EvidenceRefused for everybody else, for an answer
    without words and files, and for a request that does not wait for one; StaleRecord when it changed meanwhile.
    """
    evidence_audit_hold(
        request.pk
    )  # as every step of a request does first: else two could wait for each other
    locked = (
        EvidenceRequest.objects.select_for_update(of=("self",)).select_related("owner").get(pk=request.pk)
    )
    access_of(actor, now)
    if refusal := answering_refusal(request=locked, user=actor, on=organisation_day(now)):
        raise EvidenceRefused({"": refusal})
    if not answer.strip() and not files_present(locked, actor).exists():
        raise EvidenceRefused({"answer": _("Add a file, or write an answer.")})
    record_update(record=locked, changes={"answer": answer.strip()}, actor=actor, version=version)
    in_place = (
        _("In the place of %(person)s.") % {"person": locked.owner} if actor.pk != locked.owner_id else ""
    )
    answered = apply_transition(
        record=locked, name="answer", actor=actor, now=now, comment=in_place, by_approval=True
    )
    assert isinstance(answered, EvidenceRequest)
    return answered


def evidence_step_follow(
    *, request: EvidenceRequest, actor: User, now: datetime, source: str, comment: str
) -> None:
    """Write what follows from a step: who answered, when and with what, who accepted it or why it was returned, its dates, and who is told.

    Must be called inside the step's transaction.
    """
    values: dict[str, object] = {}
    if request.accepted_by_id is not None:
        values["accepted_by"] = None  # it is judged anew, maybe of an answer by whoever accepted the last one
    if request.state == EvidenceState.ANSWERED:
        values |= {"answered_at": now, "answered_by": actor}
    elif request.state == EvidenceState.ACCEPTED:
        values["accepted_by"] = actor
    elif request.state == EvidenceState.RETURNED:
        again_on = organisation_day(now) + ANSWERED_AGAIN_WITHIN
        values |= {"return_reason": comment[:2_000], "due_on": max(request.due_on, again_on)}
    if values:
        EvidenceRequest.objects.filter(pk=request.pk).update(**values)
        for name, value in values.items():
            setattr(request, name, value)
    _files_follow(request, actor)
    _dates_follow(request, now)
    _tell(request, actor, now, source)


def _files_follow(request: EvidenceRequest, actor: User) -> None:
    """Keep which versions were sent with an answer, and tell the trail which were accepted with it.

    From the answer on nobody changes its files (`guards`), and who adds one holds the request: what is sent is what is judged.
    """
    if request.state == EvidenceState.ANSWERED:
        sent = FileVersion.objects.newest().present().filter(file__record_id=request.pk)
        request.answer_files.set(sent)
    elif request.state == EvidenceState.ACCEPTED:
        accepted = list(request.answer_files.order_by("name", "pk"))
        if accepted:
            entry_write(
                action="audits.evidence_request.files_accepted",
                actor=actor,
                record=request,
                after={"files": [one.name for one in accepted], "sha256": [one.sha256 for one in accepted]},
            )


def _dates_follow(request: EvidenceRequest, now: datetime) -> None:
    if request.state in WAITING_EVIDENCE_STATES:
        deadline_set(record=request, kind=DUE, assignee=request.owner, due_on=request.due_on, now=now)
    else:
        dropped = request.state == EvidenceState.WITHDRAWN
        deadline_close(record=request, kind=DUE, now=now, was_dropped=dropped)
    if request.state == EvidenceState.ANSWERED:
        review_on = organisation_day(now) + REVIEWED_WITHIN
        judge = evidence_judge(request, now)
        deadline_set(
            record=request,
            kind=REVIEW,
            assignee=judge.person,
            is_stuck=not judge.may,
            due_on=review_on,
            now=now,
        )
    else:
        dropped = request.state in (EvidenceState.WITHDRAWN, EvidenceState.PENDING)
        deadline_close(record=request, kind=REVIEW, now=now, was_dropped=dropped)


def _lead_of(request: EvidenceRequest) -> list[User]:
    """Return who leads the audit, unless that is somebody who came to be on the other side."""
    lead: User = request.audit.lead_auditor
    may = lead.is_active and evidence_judging_refusal(request=request, user=lead) is None
    return [lead] if may else []


def _tell(request: EvidenceRequest, actor: User, now: datetime, source: str) -> None:
    if request.state == EvidenceState.ANSWERED:
        evidence_judge_tell(
            request=request,
            seen_to=evidence_judge(request, now),
            others=_lead_of(request),
            what=_("Answered. Accept the answer, or return it."),
            actor=actor,
            now=now,
        )
        return
    kind = ASKED if request.state in WAITING_EVIDENCE_STATES else SETTLED
    if request.state == EvidenceState.RETURNED and source == EvidenceState.ANSWERED:
        what = _("Returned, since something is missing: please answer it again.")
    elif request.state in WAITING_EVIDENCE_STATES:
        what = _("Needed after all: please answer it.")
    elif request.state == EvidenceState.ACCEPTED:
        what = _("Settled: your answer was accepted. Thank you.")
    else:
        what = _("No longer needed.")
    evidence_owner_tell(requests=[request], kind=kind, what=what, actor=actor, now=now)
