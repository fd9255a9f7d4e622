"""What SQL run as the portal's own role can't do to an approval, whatever code says."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from audits.tests.factories import NOW, programme_make
from foundation.approvals.choices import Verdict
from foundation.approvals.models import ApprovalRequest
from foundation.approvals.services import ApprovalRefused, approval_decide, content_seen
from foundation.approvals.tests.factories import ask, decide, reviewer, route_make, stage
from foundation.testing.cast import Cast

pytestmark = pytest.mark.django_db


def run(statement: str, *values: Any) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def decision(request: ApprovalRequest, by: int, position: int = 1, verdict: str = "approve") -> None:
    run(
        "INSERT INTO approvals_approvaldecision (request_id, step_id, decided_by_id, verdict, digest, comment, decided_at)"
        " VALUES (%s, %s, %s, %s, %s, '', %s)",
        request.pk,
        request.steps.get(position=position).pk,
        by,
        verdict,
        request.digest,
        NOW,
    )


@pytest.fixture
def asked(cast: Cast) -> ApprovalRequest:
    route_make(cast, stage("Auditor", people=[reviewer(cast)]), stage("CISO", roles=["ciso"]))
    request = ask(cast)
    content_seen(request=request, person=reviewer(cast), now=NOW)
    return request


def test_who_did_not_open_it_does_not_decide(cast: Cast) -> None:
    request = ask(cast)
    with pytest.raises(DatabaseError, match="has opened"):
        decision(request, cast.ciso.pk)
    with pytest.raises(ApprovalRefused, match="not seen it yet"):
        approval_decide(
            request=request, actor=cast.ciso, verdict=Verdict.APPROVE, seen_digest=request.digest, now=NOW
        )
    content_seen(request=request, person=cast.ciso, now=NOW)
    decision(request, cast.ciso.pk)


def test_neither_who_asked_nor_who_wrote_decides(asked: ApprovalRequest, cast: Cast) -> None:
    with pytest.raises(DatabaseError, match="requester"):
        decision(asked, cast.analyst.pk)
    drafter = programme_make(cast, actor=cast.executive, year=2031)
    request = ask(cast, drafter)
    assert cast.executive.pk in request.authors
    with pytest.raises(DatabaseError, match="Who made"):
        decision(request, cast.executive.pk)


def test_no_setting_of_a_session_lets_the_requester_decide(asked: ApprovalRequest, cast: Cast) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE tgrelid = 'approvals_approvaldecision'::regclass")
        names = ",".join(name for (name,) in cursor.fetchall())
        cursor.execute(f"SET LOCAL pgtrigger.ignore = '{{{names}}}'")
    with pytest.raises(DatabaseError, match="requester"):
        decision(asked, cast.analyst.pk)


def test_a_stage_that_is_not_open_takes_no_decision(asked: ApprovalRequest, cast: Cast) -> None:
    with pytest.raises(DatabaseError, match="not the current"):
        decision(asked, cast.ciso.pk, position=2)
    decide(asked, reviewer(cast))
    with pytest.raises(DatabaseError, match="not the current"):
        decision(asked, cast.executive.pk, position=1)


def test_who_says_no_says_why(asked: ApprovalRequest, cast: Cast) -> None:
    for verdict in (Verdict.REJECT, Verdict.CHANGES):
        with pytest.raises(DatabaseError, match="approval_says_why_not"):
            decision(asked, reviewer(cast).pk, verdict=verdict)


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("UPDATE approvals_approvalrequest SET current_step = 2", "not complete"),
        ("UPDATE approvals_approvalrequest SET state = 'approved', closed_at = now()", "Too few"),
        ("UPDATE approvals_approvalrequest SET state = 'rejected', closed_at = now()", "Nobody decided so"),
        ("UPDATE approvals_approvalrequest SET state = 'changes', closed_at = now()", "Nobody decided so"),
        ("UPDATE approvals_approvalrequest SET authors = '{}'", "Cannot update"),
        ("UPDATE approvals_approvalstep SET people = '{1}'", "Cannot update"),
        ("DELETE FROM approvals_approvalstep", "Cannot"),
    ],
)
def test_a_request_goes_on_by_decisions_alone(asked: ApprovalRequest, statement: str, message: str) -> None:
    with pytest.raises(DatabaseError, match=message):
        run(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE approvals_approvaldecision SET verdict = 'reject', comment = 'No'",
        "DELETE FROM approvals_approvaldecision",
        (
            "INSERT INTO approvals_approvalstep (request_id, position, label, needed, people, rights, roles, units)"
            " SELECT id, 3, 'More', 1, '{1}', '{}', '{}', '{}' FROM approvals_approvalrequest"
        ),
    ],
)
def test_what_was_decided_stays(asked: ApprovalRequest, cast: Cast, statement: str) -> None:
    decide(asked, reviewer(cast))
    with pytest.raises(DatabaseError):
        run(statement)


@pytest.mark.parametrize("to", ["open", "approved"])
def test_a_closed_request_stays_closed(asked: ApprovalRequest, cast: Cast, to: str) -> None:
    decide(asked, reviewer(cast), Verdict.REJECT, comment="No.")
    with pytest.raises(DatabaseError, match="stays as it is"):
        run("UPDATE approvals_approvalrequest SET state = %s", to)


def test_no_request_begins_approved(asked: ApprovalRequest) -> None:
    with pytest.raises(DatabaseError, match="begins open"):
        run(
            "INSERT INTO approvals_approvalrequest (record_id, content, digest, state, current_step, requested_by_id,"
            " requested_at, closed_at) SELECT record_id, content, digest, 'approved', 1, requested_by_id, now(), now()"
            " FROM approvals_approvalrequest"
        )
