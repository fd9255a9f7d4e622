"""What PostgreSQL refuses, whoever writes SQL as the portal's role."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from exceptions.models import PolicyException
from exceptions.tests.factories import NOW, decide, exception_make, granted, made_in, step, submitted
from foundation.approvals.choices import Verdict
from foundation.approvals.selectors import latest_request
from foundation.approvals.services import content_seen
from foundation.testing.cast import Cast

pytestmark = pytest.mark.django_db
CHANGE = "UPDATE exceptions_policyexception SET {} WHERE record_ptr_id = %s"
MOVE = "UPDATE records_record SET {} WHERE id = %s"
SAID = (
    "expires_on = expires_on + 1",
    "starts_on = starts_on - 1",
    "reason = 'Because'",
    "compensation = 'None'",
    "risk = 'low'",
    "risk_words = 'None'",
    "systems = 'All'",
    "section = ''",
    "section_title = 'Other'",
    "version_in_force_id = 1",
    "document_id = 1",
)
DECIDED = """
    INSERT INTO approvals_approvaldecision (request_id, step_id, decided_by_id, verdict, digest, comment, decided_at)
    SELECT %s, id, %s, 'approve', %s, '', %s FROM approvals_approvalstep WHERE request_id = %s
"""


def refused(sql: str, *values: object) -> str:
    with pytest.raises(DatabaseError) as error, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return str(error.value)


@pytest.mark.parametrize("change", [*SAID, "digest = repeat('0', 64)", "granted_at = now()"])
def test_what_was_granted_says_what_it_said(cast: Cast, change: str) -> None:
    assert "granted is fixed" in refused(CHANGE.format(change), granted(cast).pk)


@pytest.mark.parametrize("made", [submitted, granted])
@pytest.mark.parametrize(
    "change", ["title = 'Other'", "unit_id = (SELECT min(id) FROM accounts_businessunit)"]
)
def test_nor_does_its_record(cast: Cast, change: str, made: Callable[[Cast], PolicyException]) -> None:
    assert "submitted is fixed" in refused(MOVE.format(change), made(cast).pk)


@pytest.mark.parametrize("state", ["in_review", "refused", "withdrawn"])
@pytest.mark.parametrize("change", SAID)
def test_what_was_submitted_says_what_it_said(cast: Cast, change: str, state: str) -> None:
    exception = made_in(cast, state)
    assert "submitted is fixed" in refused(CHANGE.format(change), exception.pk)


def test_nothing_is_taken_back_by_itself_while_somebody_is_asked(cast: Cast) -> None:
    exception = submitted(cast)
    assert "waits for a decision" in refused(MOVE.format("state = 'draft'"), exception.pk)
    assert decide(exception, cast.analyst, Verdict.CHANGES, comment="Say more").state == "draft"


def test_nothing_is_granted_that_is_over(cast: Cast) -> None:
    exception = submitted(cast)
    request = latest_request(exception)
    content_seen(request=request, person=cast.analyst, now=NOW)
    with connection.cursor() as cursor:
        cursor.execute(DECIDED, [request.pk, cast.analyst.pk, request.digest, NOW, request.pk])
        cursor.execute(
            "UPDATE approvals_approvalrequest SET state = 'approved', closed_at = %s WHERE id = %s",
            [NOW, request.pk],
        )
    grant = f"granted_at = %s, digest = '{request.digest}', approval_id = {request.pk}"
    late = datetime(2027, 6, 1, 12, tzinfo=UTC)  # noon: the last day is over on every island
    assert "Nothing is granted that is over" in refused(CHANGE.format(grant), late, exception.pk)
    with connection.cursor() as cursor:
        cursor.execute(CHANGE.format(grant), [late - timedelta(minutes=1), exception.pk])
        cursor.execute(MOVE.format("state = 'granted'"), [exception.pk])


def test_nothing_takes_its_place_but_a_renewal_that_holds_as_long(cast: Cast) -> None:
    exception = granted(cast)
    change = CHANGE.format("replaced_on = starts_on + 10")
    assert "Only a renewal" in refused(change, exception.pk)
    granted(cast, document=exception.document)
    assert "Only a renewal" in refused(change, exception.pk)


def test_nothing_is_granted_that_nobody_granted(cast: Cast) -> None:
    assert "Nobody granted" in refused(MOVE.format("state = 'granted'"), submitted(cast).pk)


def test_an_open_request_grants_nothing(cast: Cast) -> None:
    exception = submitted(cast)
    request = latest_request(exception)
    change = CHANGE.format(f"granted_at = now(), digest = '{request.digest}', approval_id = {request.pk}")
    assert "Nobody granted" in refused(change, exception.pk)


def test_the_decision_on_another_grants_nothing(cast: Cast) -> None:
    other = granted(cast)
    exception = submitted(cast, document=other.document)
    change = CHANGE.format(
        f"granted_at = now(), digest = '{other.digest}', approval_id = {other.approval_id}"
    )
    assert "Nobody granted" in refused(change, exception.pk)


@pytest.mark.parametrize("state", ["draft", "in_review", "refused", "withdrawn", "nonsense"])
def test_what_is_granted_goes_no_other_way(cast: Cast, state: str) -> None:
    assert "does not go this way" in refused(MOVE.format(f"state = '{state}'"), granted(cast).pk)


def test_what_is_over_is_not_granted_again(cast: Cast) -> None:
    exception = step(granted(cast), "revoke", cast.ciso, comment="Over")
    assert "does not go this way" in refused(MOVE.format("state = 'granted'"), exception.pk)


def test_it_has_an_end(cast: Cast) -> None:
    assert "null value" in refused(CHANGE.format("expires_on = NULL"), exception_make(cast).pk)


def test_it_ends_within_a_year(cast: Cast) -> None:
    change = CHANGE.format("expires_on = starts_on + 367")
    assert "exception_a_year_at_most" in refused(change, exception_make(cast).pk)


def test_it_begins_as_a_draft(cast: Cast) -> None:
    draft = exception_make(cast)
    columns = (
        "kind, title, owner_id, unit_id, confidentiality, version, created_by_id, created_at, updated_at"
    )
    copied = f"""INSERT INTO records_record ({columns}, reference, state)
        SELECT {columns}, 'EXC-9999', 'granted' FROM records_record WHERE id = %s"""
    assert "begins as a draft" in refused(copied, draft.pk)


def test_it_is_not_deleted(cast: Cast) -> None:
    refused("DELETE FROM exceptions_policyexception WHERE record_ptr_id = %s", exception_make(cast).pk)


def test_words_are_needed(cast: Cast) -> None:
    exception = exception_make(cast)
    with pytest.raises(IntegrityError, match="exception_says_why"), transaction.atomic():
        PolicyException.objects.filter(pk=exception.pk).update(reason="")


def test_who_asked_does_not_decide_by_sql_either(cast: Cast) -> None:
    request = latest_request(submitted(cast))
    said = refused(DECIDED, request.pk, cast.unit_lead.pk, request.digest, NOW, request.pk)
    assert "may not decide" in said
