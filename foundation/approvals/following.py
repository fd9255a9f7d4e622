"""What happens to a request when other people may decide it than those who were asked: it goes to them, and who asked is told."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_day
from foundation.approvals.choices import RequestState, Verdict
from foundation.approvals.models import ApprovalRequest, ApprovalStep
from foundation.approvals.selectors import step_deciders
from foundation.approvals.services import DECIDERS, DECISION_DEADLINE, notice_of, request_lock, step_call
from foundation.deadlines.models import Deadline
from foundation.deadlines.services import deadline_set
from foundation.notifications.services import notices_write
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
    then to tell the request. Where nobody is left, it stays open for whoever gets the right.
    """
    request, record = request_lock(ApprovalRequest.objects.get(pk=key))
    if request.state != RequestState.OPEN:
        return
    step = request.steps.get(position=request.current_step)
    deciders = deciders_left(request, step, now=now)
    if len(deciders) < still_needed(step):
        _tell(request, record, _("waits, and too few are left who may decide it"), about=_week(now), now=now)
        return
    step_call(request=request, deciders=deciders, now=now)
    date_pass_on(request=request, record=record, deciders=deciders, now=now)


def deciders_left(
    request: ApprovalRequest, step: ApprovalStep, *, now: datetime, besides: User | None = None
) -> list[User]:
    """Return who may decide a step now and has not, besides a person who leaves."""
    decided = {key for one in step.decisions.all() for key in (one.decided_by_id, one.on_behalf_of_id)}
    return [
        one
        for one in step_deciders(step, request.requested_by, now)
        if one.pk not in decided and one != besides
    ]


def still_needed(step: ApprovalStep) -> int:
    """Return how many more approvals a step needs."""
    return step.needed - step.decisions.filter(verdict=Verdict.APPROVE).count()


def date_pass_on(
    *,
    request: ApprovalRequest,
    record: Record,
    deciders: list[User],
    now: datetime,
    preferred: User | None = None,
) -> None:
    """Let the date of a request be that of one who may decide it, and tell who asked. Runs in a transaction."""
    dates = Deadline.objects.open().filter(
        record_id=request.record_id, kind=DECISION_DEADLINE, key=str(request.pk)
    )
    heir = preferred if preferred in deciders else deciders[0]
    for one in dates.exclude(assignee__in=deciders).select_related("ladder"):
        deadline_set(
            record=record,
            kind=one.kind,
            key=one.key,
            assignee=heir,
            due_on=one.due_on,
            due_at=None if one.due_on else one.due_at,
            ladder=one.ladder,
            now=now,
        )
        what = _("now waits for the decision of %(people)s") % {"people": _names(deciders)}
        _tell(request, record, what, about=str(heir.pk), now=now)


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
