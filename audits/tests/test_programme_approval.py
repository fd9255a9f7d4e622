"""A programme is approved on exactly what it says; the database holds what the approvals' services say."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import DatabaseError, connection, connections, transaction

from audits.models import Programme
from audits.services.programmes import programme_create
from audits.tests.factories import audit_make
from foundation.accounts.access import access_of
from foundation.accounts.choices import Role
from foundation.accounts.models import RoleGrant, User
from foundation.accounts.tests.factories import RoleGrantFactory, UserFactory
from foundation.approvals.choices import RequestState, Verdict
from foundation.approvals.models import ApprovalDecision, ApprovalRequest
from foundation.approvals.selectors import requests_waiting_for
from foundation.approvals.services import (
    ApprovalRefused,
    ApprovalVoid,
    approval_decide,
    approval_withdraw,
    content_digest,
    content_seen,
)
from foundation.deadlines.models import Deadline
from foundation.lifecycle.services import TransitionRefused, apply_transition
from foundation.notifications.choices import NoticeState
from foundation.notifications.models import Notice
from foundation.records.choices import Confidentiality
from foundation.testing.cast import Cast
from foundation.trail.models import Entry

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def programme(cast: Cast) -> Programme:
    """Draft a programme by the analyst."""
    return programme_create(
        actor=cast.analyst,
        now=NOW,
        title="Programme 2027",
        year=2027,
        unit=cast.units.root,
        owner=cast.analyst,
        objectives="Every unit once in three years.",
    )


@pytest.fixture
def asked(programme: Programme, cast: Cast) -> ApprovalRequest:
    """Submit the programme, and return the request that follows."""
    apply_transition(record=programme, name="submit", actor=cast.analyst, now=NOW)
    return ApprovalRequest.objects.get(record_id=programme.pk)


def decide(
    request: ApprovalRequest, actor: User, verdict: Verdict = Verdict.APPROVE, **fields: Any
) -> ApprovalRequest:
    """Decide on what the request shows."""
    fields = {"seen_digest": request.digest, "now": NOW, **fields}
    content_seen(request=request, person=actor, now=NOW)
    return approval_decide(request=request, actor=actor, verdict=verdict, **fields)


def test_submitting_asks_the_ciso_with_a_notice_and_a_date(asked: ApprovalRequest, cast: Cast) -> None:
    assert list(requests_waiting_for(cast.ciso)) == [asked]
    assert list(requests_waiting_for(cast.analyst)) == []
    assert Notice.objects.get(kind="approvals.requested").recipient == cast.ciso
    assert Deadline.objects.get(kind="approvals.decision").assignee == cast.ciso


def test_what_one_drafted_does_not_wait_for_ones_own_decision(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    second = RoleGrantFactory.create(role=Role.CISO).user
    for drafter in (cast.ciso, cast.ciso, second):
        drafted = programme_create(
            actor=drafter, now=NOW, title="Drafted", year=2027, unit=cast.units.root, owner=cast.analyst
        )
        apply_transition(record=drafted, name="submit", actor=cast.analyst, now=NOW)
    access_of(cast.ciso)
    with django_assert_num_queries(4):
        waiting = requests_waiting_for(cast.ciso)
    assert [request.record_id for request in waiting] == [drafted.pk]
    assert len(requests_waiting_for(second)) == 2


def test_approval_takes_the_programme_to_approved(
    asked: ApprovalRequest, programme: Programme, cast: Cast
) -> None:
    decide(asked, cast.ciso)
    programme.refresh_from_db()
    asked.refresh_from_db()
    assert (programme.state, programme.approved_by) == ("approved", cast.ciso)
    assert asked.state == RequestState.APPROVED
    assert Deadline.objects.get(kind="approvals.decision").closed_at == NOW
    assert Notice.objects.filter(kind="approvals.approved", recipient=cast.analyst).exists()
    actions = list(
        Entry.objects.filter(record_id=programme.pk).order_by("id").values_list("action", flat=True)
    )
    assert actions == [
        "audits.programme.created",
        "audits.programme.submit",
        "approvals.request.made",
        "approvals.request.decided",
        "approvals.request.approved",
        "audits.programme.approve",
    ]


@pytest.mark.parametrize("ending", ["withdrawn", "rejected", "approved"])
def test_nobody_is_told_to_decide_what_is_settled(asked: ApprovalRequest, cast: Cast, ending: str) -> None:
    if ending == "withdrawn":
        approval_withdraw(request=asked, actor=cast.analyst, now=NOW)
    else:
        verdict = Verdict.APPROVE if ending == "approved" else Verdict.REJECT
        decide(asked, cast.ciso, verdict, comment="Too thin.")
    assert Notice.objects.get(kind="approvals.requested").state == NoticeState.CANCELLED
    assert not Notice.objects.filter(kind="approvals.approved", state=NoticeState.CANCELLED).exists()


def test_rejecting_needs_a_reason_and_returns_the_draft(
    asked: ApprovalRequest, programme: Programme, cast: Cast
) -> None:
    with pytest.raises(ApprovalRefused, match="why"):
        decide(asked, cast.ciso, Verdict.REJECT, comment="  ")
    decide(asked, cast.ciso, Verdict.REJECT, comment="Cards are missing.")
    programme.refresh_from_db()
    assert programme.state == "draft"
    assert Notice.objects.filter(kind="approvals.rejected", recipient=cast.analyst).exists()


def test_no_button_and_no_transition_approves_past_the_approval(
    asked: ApprovalRequest, programme: Programme, cast: Cast
) -> None:
    with pytest.raises(TransitionRefused, match="approval"):
        apply_transition(record=programme, name="approve", actor=cast.ciso, now=NOW)


def test_the_requester_does_not_decide(asked: ApprovalRequest, cast: Cast) -> None:
    RoleGrantFactory.create(user=cast.analyst, role=Role.CISO)
    with pytest.raises(ApprovalRefused, match="someone else"):
        decide(asked, User.objects.get(pk=cast.analyst.pk))


def test_who_drafted_does_not_decide_what_another_submitted(programme: Programme, cast: Cast) -> None:
    RoleGrantFactory.create(user=cast.analyst, role=Role.CISO)
    other = UserFactory.create()
    RoleGrantFactory.create(user=other, role=Role.SECURITY)
    apply_transition(record=programme, name="submit", actor=other, now=NOW)
    request = ApprovalRequest.objects.get()
    with pytest.raises(ApprovalRefused, match="drafted"):
        decide(request, User.objects.get(pk=cast.analyst.pk))


def test_others_do_not_decide(asked: ApprovalRequest, cast: Cast) -> None:
    for person in (cast.auditor, cast.executive, cast.administrator, cast.outsider):
        with pytest.raises(ApprovalRefused, match="others"):
            decide(asked, person)


def test_nobody_left_to_decide_refuses_the_request(programme: Programme, cast: Cast) -> None:
    RoleGrant.objects.filter(role=Role.CISO).delete()
    with pytest.raises(ApprovalRefused, match="fewer"):
        apply_transition(record=programme, name="submit", actor=cast.analyst, now=NOW)
    programme.refresh_from_db()
    assert programme.state == "draft"


def test_changed_content_voids_the_request(asked: ApprovalRequest, programme: Programme, cast: Cast) -> None:
    Programme.objects.filter(pk=programme.pk).update(objectives="Something else.")
    with pytest.raises(ApprovalVoid):
        decide(asked, cast.ciso)
    asked.refresh_from_db()
    programme.refresh_from_db()
    assert (asked.state, programme.state) == (RequestState.VOID, "draft")
    assert not ApprovalDecision.objects.exists()


def test_a_decision_on_an_old_page_decides_nothing(asked: ApprovalRequest, cast: Cast) -> None:
    with pytest.raises(ApprovalVoid):
        decide(asked, cast.ciso, seen_digest=content_digest({"title": "old"}))
    asked.refresh_from_db()
    assert asked.is_open


def test_what_is_approved_tells_nothing_of_restricted_audits(programme: Programme, cast: Cast) -> None:
    audit_make(cast, title="Open one", programme=programme)
    audit_make(cast, title="Quiet one", programme=programme, confidentiality=Confidentiality.RESTRICTED)
    apply_transition(record=programme, name="submit", actor=cast.analyst, now=NOW)
    listed = ApprovalRequest.objects.get().content["audits"]
    assert len(listed) == 1
    assert "Open one" in listed[0]


def test_only_the_requester_withdraws(asked: ApprovalRequest, programme: Programme, cast: Cast) -> None:
    with pytest.raises(ApprovalRefused, match="Only"):
        approval_withdraw(request=asked, actor=cast.ciso, now=NOW)
    approval_withdraw(request=asked, actor=cast.analyst, now=NOW)
    programme.refresh_from_db()
    assert programme.state == "draft"
    apply_transition(record=programme, name="submit", actor=cast.analyst, now=NOW)
    assert ApprovalRequest.objects.filter(state=RequestState.OPEN).count() == 1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda row, cast: row.update(decided_by_id=cast.analyst.pk), "requester"),
        (lambda row, cast: row.update(digest="0" * 64), "other content"),
    ],
)
def test_the_database_refuses_bent_decisions(
    asked: ApprovalRequest, cast: Cast, change: Callable[[dict[str, Any], Cast], None], message: str
) -> None:
    row: dict[str, Any] = {
        "request_id": asked.pk,
        "step_id": asked.steps.get().pk,
        "decided_by_id": cast.ciso.pk,
        "verdict": "approve",
        "digest": asked.digest,
        "comment": "",
        "decided_at": NOW,
    }
    change(row, cast)
    names = ", ".join(row)
    with pytest.raises(DatabaseError, match=message), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO approvals_approvaldecision ({names}) VALUES ({', '.join(['%s'] * len(row))})",
            list(row.values()),
        )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE approvals_approvaldecision SET verdict = 'reject'",
        "DELETE FROM approvals_approvaldecision",
        "UPDATE approvals_approvalrequest SET content = '{}'",
        "UPDATE approvals_approvalrequest SET digest = repeat('0', 64)",
        "UPDATE approvals_approvalstep SET needed = 1",
        "DELETE FROM approvals_approvalrequest",
    ],
)
def test_the_database_keeps_what_was_decided(asked: ApprovalRequest, cast: Cast, statement: str) -> None:
    decide(asked, cast.ciso)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db(transaction=True)
def test_of_two_people_at_once_one_decides(asked: ApprovalRequest, cast: Cast) -> None:
    second = UserFactory.create()
    RoleGrantFactory.create(user=second, role=Role.CISO)
    barrier = threading.Barrier(2)
    outcomes: list[str] = []

    def act(actor: User, verdict: Verdict) -> None:
        barrier.wait()
        try:
            decide(asked, actor, verdict, comment="Because.")
            outcomes.append("won")
        except ApprovalRefused:
            outcomes.append("told")
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=act, args=(cast.ciso, Verdict.APPROVE)),
        threading.Thread(target=act, args=(second, Verdict.REJECT)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["told", "won"]
    assert ApprovalDecision.objects.count() == 1
