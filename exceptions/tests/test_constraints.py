"""What PostgreSQL refuses, whoever writes SQL as the portal's role."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from exceptions.models import PolicyException
from exceptions.tests.factories import NOW, exception_make, granted, step, submitted
from foundation.approvals.selectors import latest_request
from foundation.testing.cast import Cast

pytestmark = pytest.mark.django_db
CHANGE = "UPDATE exceptions_policyexception SET {} WHERE record_ptr_id = %s"
MOVE = "UPDATE records_record SET {} WHERE id = %s"


def refused(sql: str, *values: object) -> str:
    with pytest.raises(DatabaseError) as error, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return str(error.value)


@pytest.mark.parametrize(
    "change",
    [
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
        "digest = repeat('0', 64)",
        "granted_at = now()",
    ],
)
def test_what_was_granted_says_what_it_said(cast: Cast, change: str) -> None:
    assert "granted is fixed" in refused(CHANGE.format(change), granted(cast).pk)


@pytest.mark.parametrize(
    "change", ["title = 'Other'", "unit_id = (SELECT min(id) FROM accounts_businessunit)"]
)
def test_nor_does_its_record(cast: Cast, change: str) -> None:
    assert "decided is fixed" in refused(MOVE.format(change), granted(cast).pk)


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
    insert = """
        INSERT INTO approvals_approvaldecision (request_id, step_id, decided_by_id, verdict, digest, comment, decided_at)
        SELECT %s, id, %s, 'approve', %s, '', %s FROM approvals_approvalstep WHERE request_id = %s
    """
    said = refused(insert, request.pk, cast.unit_lead.pk, request.digest, NOW, request.pk)
    assert "may not decide" in said
