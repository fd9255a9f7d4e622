"""What happens to a request when other people may decide it than those who were asked: it goes to them, and who asked is told."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_day
from foundation.approvals.choices import RequestState, Verdict
from foundation.approvals.models import ApprovalRequest, ApprovalStep
from foundation.approvals.selectors import Candidate, first_short, step_candidates, who_is_out
from foundation.approvals.services import (
    DECIDERS,
    approval_void_if_changed,
    dates_follow,
    dates_of,
    hand_on_end,
    hand_ons_lapse,
    notice_of,
    request_call_off,
    request_lock,
    step_call,
)
from foundation.notifications.services import notices_write, told
from foundation.records.models import Record


def requests_open() -> list[int]:
    """Return the keys of the requests that wait for a decision, the oldest first."""
    return list(
        ApprovalRequest.objects.filter(state=RequestState.OPEN).order_by("pk").values_list("pk", flat=True)
    )


@transaction.atomic
def request_follow(*, key: int, now: datetime) -> None:
    """Call those who may decide a request by now and were not called, see that its date is one of theirs, and tell who asked.

    A right can be given, end by its date, or stop to count since its holder came to have a side in the record: nobody is there
    then to tell the request. Where nobody is left, it stays open for whoever gets the right. Where its content changed and
    nobody said so, it is void, and who asked is told now and not at the decision.
    """
    request, record = request_lock(ApprovalRequest.objects.get(pk=key))
    if approval_void_if_changed(record=record, actor=None, now=now):
        return
    if request.state != RequestState.OPEN:
        return
    hand_ons_follow(request=request, record=record, now=now)
    left = stages_left(request, now=now)
    short = stage_short(left)
    if short is not None:
        _tell_short(request, record, short, now=now)
    deciders = left[0].deciders
    if not deciders:
        _leave_out(request, record, left[0], now=now)
        return
    step_call(request=request, deciders=deciders, now=now)
    date_pass_on(request=request, record=record, deciders=deciders, now=now)


def hand_ons_follow(
    *, request: ApprovalRequest, record: Record, now: datetime, leaving: User | None = None
) -> None:
    """End what was handed on by or to people who may not decide it any more, or who leave; the last of a chain first.

    Runs in a transaction.
    """
    hand_ons_lapse(request=request, record=record, now=now, leaving=leaving)
    step = request.steps.get(position=request.current_step)
    step.request = request
    refused = {one.person.pk for one in step_candidates(step, now) if one.refusal}
    passing = {one.by_id for one in step.hand_ons.filter(ended_at=None)}
    for handed in step.hand_ons.filter(ended_at=None).select_related("by", "to", "step").order_by("-id"):
        handed.request = request
        can_not = handed.to_id in refused and handed.to_id not in passing
        if can_not or handed.to == leaving:
            hand_on_end(handed=handed, record=record, actor=None, now=now)
            passing.discard(handed.by_id)


@dataclass(frozen=True)
class StageLeft:
    """A stage that is not complete: how many more it needs, and who of its circle may decide it by now."""

    step: ApprovalStep
    needed: int
    candidates: list[Candidate]

    @property
    def deciders(self) -> list[User]:
        """Return who may decide it."""
        return [one.person for one in self.candidates if not one.refusal]


def stages_left(request: ApprovalRequest, *, now: datetime, besides: User | None = None) -> list[StageLeft]:
    """Return the stages that are to come, the current one first, with who may decide them and has not yet, besides a person who leaves."""
    decided = {key for one in request.decisions.all() for key in (one.decided_by_id, one.on_behalf_of_id)}
    left = []
    for step in request.steps.filter(position__gte=request.current_step).order_by("position"):
        step.request = request
        candidates = [
            Candidate(one.person, _("has decided"))
            if one.person.pk in decided
            else Candidate(one.person, _("has left"))
            if one.person == besides
            else one
            for one in step_candidates(step, now)
        ]
        left.append(StageLeft(step, still_needed(step), candidates))
    return left


def stage_short(left: Sequence[StageLeft]) -> StageLeft | None:
    """Return the first stage for which too few people are left, each of whom decides once, or None."""
    short = first_short([(one.needed, [person.pk for person in one.deciders]) for one in left])
    return None if short is None else left[short]


def still_needed(step: ApprovalStep) -> int:
    """Return how many more approvals a step needs."""
    return step.needed - step.decisions.filter(verdict=Verdict.APPROVE).count()


def _leave_out(request: ApprovalRequest, record: Record, left: StageLeft, *, now: datetime) -> None:
    """Remind those of a stage that nobody can decide no more who are not even of its circle by now."""
    circle = {one.person for one in left.candidates}
    staying = [one.assignee for one in dates_of(request) if one.assignee in circle]
    for person in dates_follow(request=request, record=record, deciders=staying, now=now):
        request_call_off(request=request, record=record, person=person)


def date_pass_on(*, request: ApprovalRequest, record: Record, deciders: list[User], now: datetime) -> None:
    """Let the dates of a request be those of the people who may decide it, call off what others were to be told, and tell who asked.

    Runs in a transaction.
    """
    for person in dates_follow(request=request, record=record, deciders=deciders, now=now):
        request_call_off(request=request, record=record, person=person)
        what = told(lambda: _("Now waits for the decision of %(people)s.") % {"people": _names(deciders)})
        _tell(request, record, what, about=str(person.pk), now=now)


def _tell_short(request: ApprovalRequest, record: Record, short: StageLeft, *, now: datetime) -> None:
    """Tell who asked which stage can't be completed, and why each of its people can't decide it."""

    def what() -> str:
        said = _("Still waits: too few are left who may decide “%(stage)s”") % {"stage": short.step.label}
        return said + (f": {out}." if (out := who_is_out(short.candidates)) else ".")

    _tell(request, record, told(what), about=f"{short.step.position}:{_week(now)}", now=now)


def _week(now: datetime) -> str:
    """Return the week: who asked is told again each week."""
    year, week, _day = organisation_day(now).isocalendar()
    return f"{year}-W{week:02}"


def _names(people: Iterable[User]) -> str:
    return ", ".join(person.full_name for person in people)


def _tell(request: ApprovalRequest, record: Record, what: str, *, about: str, now: datetime) -> None:
    told_id = request.requested_by_id if request.requested_by.is_active else record.owner_id
    notices_write(
        notices=[notice_of(request, record, told_id, DECIDERS, sentence=what, about=about)], now=now
    )
