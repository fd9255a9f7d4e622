"""At the same instant, on two connections: one wins and the other is told."""

import pytest
from django.db import transaction

from audits.models import Programme
from audits.tests.factories import NOW
from foundation.accounts.choices import Role
from foundation.accounts.tests.factories import RoleGrantFactory
from foundation.approvals.choices import RequestState, Verdict
from foundation.approvals.models import ApprovalDecision
from foundation.approvals.services import ApprovalRefused, approval_void_if_changed, approval_withdraw
from foundation.approvals.tests.factories import ask, decide, route_make, stage
from foundation.testing.cast import Cast
from foundation.testing.races import together

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = range(3)


@pytest.mark.parametrize("_round", ROUNDS)
def test_approve_and_request_changes(cast: Cast, _round: int) -> None:
    second = RoleGrantFactory.create(role=Role.CISO).user
    request = ask(cast)
    results = together(
        lambda: decide(request, cast.ciso),
        lambda: decide(request, second, Verdict.CHANGES, comment="Not yet."),
    )
    refused = [one for one in results if isinstance(one, ApprovalRefused)]
    assert [str(one) for one in refused] == ["This request is closed."]
    decision = ApprovalDecision.objects.get()
    state = Programme.objects.get().state
    assert (decision.verdict, state) in (("approve", "approved"), ("changes", "draft"))


@pytest.mark.parametrize("_round", ROUNDS)
def test_of_two_of_three_all_count(cast: Cast, _round: int) -> None:
    """Two at once complete a stage that needs two, once."""
    second = RoleGrantFactory.create(role=Role.CISO).user
    route_make(cast, stage("Both", roles=["ciso"], needed=2))
    request = ask(cast)
    results = together(lambda: decide(request, cast.ciso), lambda: decide(request, second))
    assert not [one for one in results if isinstance(one, Exception)]
    assert ApprovalDecision.objects.count() == 2
    assert Programme.objects.get().state == "approved"


@pytest.mark.parametrize("_round", ROUNDS)
def test_approve_and_withdraw(cast: Cast, _round: int) -> None:
    request = ask(cast)
    results = together(
        lambda: decide(request, cast.ciso),
        lambda: approval_withdraw(request=request, actor=cast.analyst, now=NOW),
    )
    assert len([one for one in results if isinstance(one, ApprovalRefused)]) == 1
    request.refresh_from_db()
    state = Programme.objects.get().state
    assert (request.state, state) in (
        (RequestState.APPROVED, "approved"),
        (RequestState.WITHDRAWN, "draft"),
    )
    assert ApprovalDecision.objects.exists() == (request.state == RequestState.APPROVED)


@pytest.mark.parametrize("_round", ROUNDS)
def test_approve_and_edit(cast: Cast, _round: int) -> None:
    """Whatever of the two comes first, nothing is approved that says something else."""
    request = ask(cast)

    def edit() -> bool:
        """Change what is to be approved as a service does: lock the record, write, see to its request."""
        with transaction.atomic():
            programme = Programme.objects.select_for_update().get()
            if programme.state != "in_review":
                return False
            Programme.objects.update(objectives="Something else.")
            return approval_void_if_changed(record=programme, actor=cast.analyst, now=NOW)

    decided, edited = together(lambda: decide(request, cast.ciso), edit)
    assert isinstance(decided, ApprovalRefused) == (edited is True), (decided, edited)
    programme = Programme.objects.get()
    request.refresh_from_db()
    if edited is True:
        assert (request.state, programme.state) == (RequestState.VOID, "draft")
        assert not ApprovalDecision.objects.exists()
    else:
        assert (request.state, programme.state) == (RequestState.APPROVED, "approved")
        assert programme.objectives == request.content["objectives"]
