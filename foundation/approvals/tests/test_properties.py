"""Whatever people do in whatever order: nobody decides their own request, and nothing is approved that was not."""

from collections import Counter

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audits.models import Programme
from audits.tests.factories import NOW, programme_make
from foundation import clock
from foundation.accounts.models import User
from foundation.approvals.choices import RequestState, Verdict
from foundation.approvals.following import request_follow
from foundation.approvals.models import ApprovalDecision, ApprovalRequest, HandOn
from foundation.approvals.permissions import voice_of
from foundation.approvals.selectors import requests_waiting_for
from foundation.approvals.services import (
    ApprovalRefused,
    approval_hand_on,
    approval_void_if_changed,
    approval_withdraw,
    content_digest,
    hand_on_take_back,
)
from foundation.approvals.tests.factories import decide, reviewer, route_make, stage
from foundation.deadlines.models import Deadline
from foundation.lifecycle.services import TransitionRefused, apply_transition
from foundation.testing.cast import Cast

pytestmark = pytest.mark.django_db
PEOPLE = ("ciso", "analyst", "reviewer", "unit_lead", "auditor", "outsider")
who = st.sampled_from(PEOPLE)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("submit"), who),
        st.tuples(st.just("edit")),
        st.tuples(
            st.just("decide"), who, st.sampled_from([*Verdict.values, Verdict.APPROVE, Verdict.APPROVE])
        ),
        st.tuples(st.just("hand_on"), who, who),
        st.tuples(st.just("take_back"), who),
        st.tuples(st.just("withdraw"), who),
        st.tuples(st.just("leave"), st.sampled_from(["reviewer", "unit_lead"])),
        st.tuples(st.just("follow")),
    ),
    min_size=3,
    max_size=14,
)


def take(cast: Cast, step: tuple[str, ...]) -> None:
    name, *rest = step
    parts = {**cast.people(), "reviewer": reviewer(cast)}
    people = {part: User.objects.get(pk=person.pk) for part, person in parts.items()}
    programme = Programme.objects.get()
    request = ApprovalRequest.objects.filter(state=RequestState.OPEN).first()
    if name == "submit":
        apply_transition(record=programme, name="submit", actor=people[rest[0]], now=NOW)
    elif name == "edit":
        Programme.objects.update(objectives=f"{programme.objectives}.")
        approval_void_if_changed(record=Programme.objects.get(), actor=people["analyst"], now=NOW)
    elif name == "leave":
        User.objects.filter(pk=people[rest[0]].pk).update(is_active=False)
    elif request is None:
        return
    elif name == "decide":
        decide(request, people[rest[0]], Verdict(rest[1]), comment="So.")
    elif name == "hand_on":
        approval_hand_on(request=request, actor=people[rest[0]], to=people[rest[1]], reason="So.", now=NOW)
    elif name == "take_back":
        hand_on_take_back(request=request, actor=people[rest[0]], now=NOW)
    elif name == "withdraw":
        approval_withdraw(request=request, actor=people[rest[0]], now=NOW)
    else:
        request_follow(key=request.pk, now=NOW)


def check(cast: Cast) -> None:
    for request in ApprovalRequest.objects.prefetch_related("steps", "decisions", "hand_ons"):
        barred = {request.requested_by_id, *request.authors}
        decisions = list(request.decisions.all())
        voices = Counter(one.on_behalf_of_id or one.decided_by_id for one in decisions)
        assert all(count == 1 for count in voices.values())
        assert not barred & voices.keys()
        assert {one.digest for one in decisions} <= {request.digest}
        approved = Counter(one.step_id for one in decisions if one.verdict == Verdict.APPROVE)
        complete = [step for step in request.steps.all() if approved[step.pk] >= step.needed]
        assert all(approved[step.pk] <= step.needed for step in request.steps.all())
        assert (request.state == RequestState.APPROVED) == (len(complete) == len(request.steps.all()))
        if request.is_open:
            assert request.current_step == len(complete) + 1
    programme = Programme.objects.get()
    latest = ApprovalRequest.objects.order_by("-pk").first()
    assert (programme.state == "in_review") == bool(latest and latest.is_open)
    assert (programme.state == "approved") == bool(latest and latest.state == RequestState.APPROVED)
    if not (latest and latest.is_open):
        assert not Deadline.objects.open().filter(kind="approvals.decision").exists()
    never = [cast.analyst, cast.outsider, cast.auditor]
    assert not HandOn.objects.filter(to__in=never).exists()
    assert not ApprovalDecision.objects.filter(decided_by__in=never).exists()
    if latest and programme.state == "approved":
        assert content_digest(latest.content) == latest.digest
    for person in User.objects.filter(
        pk__in=[one.pk for one in (*cast.people().values(), reviewer(cast))], is_active=True
    ):
        may = bool(latest and latest.is_open and voice_of(latest, person).refusal is None)
        assert bool(requests_waiting_for(person)) == may, "the queue is what the page lets one decide"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_whatever_people_do(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, steps: list[tuple[str, ...]]
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    with transaction.atomic():
        route_make(
            cast,
            stage("Both", people=[reviewer(cast), cast.unit_lead, cast.analyst]),
            stage("CISO", roles=["ciso"]),
        )
        programme_make(cast)
        for step in [("submit", "analyst"), *steps]:
            try:
                with transaction.atomic():
                    take(cast, step)
            except (ApprovalRefused, TransitionRefused):
                pass
            check(cast)
        transaction.set_rollback(True)
