"""What PostgreSQL refuses, whoever writes SQL as the portal's role."""

from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from foundation.testing.cast import Cast
from policies.models import DocumentVersion
from policies.tests.factories import NOW, decide, document_make, published, revising, step, submitted

pytestmark = pytest.mark.django_db


def refused(sql: str, *values: object) -> str:
    with pytest.raises(DatabaseError) as error, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
    return str(error.value)


@pytest.mark.parametrize(
    "change",
    [
        "body = 'Open all doors'",
        "title = 'Other'",
        "summary = 'x'",
        "effective_on = '2020-01-01'",
        "audience = '{1}'",
        "major = 9",
        "number = 9",
        "file_id = 1",
    ],
)
def test_what_is_published_says_what_it_said(cast: Cast, change: str) -> None:
    version = published(cast).current
    said = refused(f"UPDATE policies_documentversion SET {change} WHERE id = %s", version.pk)
    assert "fixed once it was submitted" in said


def test_what_waits_for_approval_is_fixed_too(cast: Cast) -> None:
    version = submitted(cast).versions.get()
    assert "fixed" in refused("UPDATE policies_documentversion SET body = 'x' WHERE id = %s", version.pk)


def test_who_wrote_on_it_stays_written_down(cast: Cast) -> None:
    change = "UPDATE policies_documentversion SET writers = %s WHERE id = %s"
    version = document_make(cast).versions.get()
    assert "stays written down" in refused(change, [cast.ciso.pk], version.pk)
    version = submitted(cast, title="Other").versions.get()
    assert "stays written down" in refused(change, [cast.analyst.pk, cast.ciso.pk], version.pk)


def test_what_was_approved_of_it_is_fixed(cast: Cast) -> None:
    version = published(cast).current
    change = "UPDATE policies_documentversion SET digest = repeat('0', 64) WHERE id = %s"
    assert "published is fixed" in refused(change, version.pk)


@pytest.mark.parametrize("state", ["draft", "approved", "in_review", "discarded"])
def test_what_is_published_does_not_go_back(cast: Cast, state: str) -> None:
    version = published(cast).current
    change = "UPDATE policies_documentversion SET state = %s, published_at = NULL WHERE id = %s"
    assert "does not go this way" in refused(change, state, version.pk)


def test_nothing_is_in_force_that_nobody_approved(cast: Cast) -> None:
    version = submitted(cast).versions.get()
    change = "UPDATE policies_documentversion SET state = 'approved' WHERE id = %s"
    assert "Nobody approved" in refused(change, version.pk)


def test_another_approval_does_not_count(cast: Cast) -> None:
    other = published(cast, title="Other").current
    version = submitted(cast).versions.get()
    change = (
        "UPDATE policies_documentversion SET state = 'approved', digest = %s, approval_id = %s WHERE id = %s"
    )
    assert "Nobody approved" in refused(change, other.digest, other.approval_id, version.pk)


def test_what_was_approved_is_not_another_text_when_it_comes_in_force(cast: Cast) -> None:
    version = decide(submitted(cast, effective_on=date(2027, 1, 1)), cast.ciso).versions.get()
    change = "UPDATE policies_documentversion SET state = 'published', published_at = now(), body = 'x' WHERE id = %s"
    assert "fixed" in refused(change, version.pk)


def test_a_version_begins_as_a_draft(cast: Cast) -> None:
    document = document_make(cast)
    with pytest.raises(DatabaseError, match="begins as a draft"), transaction.atomic():
        DocumentVersion.objects.create(
            document=document,
            number=2,
            major=2,
            title="x",
            state="published",
            published_at=NOW,
            written_by=cast.ciso,
            written_at=NOW,
        )


def test_one_version_comes_at_a_time(cast: Cast) -> None:
    document = revising(cast)
    with pytest.raises(IntegrityError, match="version_one_coming"), transaction.atomic():
        DocumentVersion.objects.create(
            document=document, number=3, major=3, title="x", written_by=cast.ciso, written_at=NOW
        )


def test_what_holds_is_the_published_version_of_that_document(cast: Cast) -> None:
    other = published(cast, title="Other").current
    document = revising(cast)
    change = "UPDATE policies_document SET current_id = %s WHERE record_ptr_id = %s"
    for version in (other.pk, document.versions.get(number=2).pk, None):
        assert "its published version" in refused(change, version, document.pk)
    draft = document_make(cast, title="New")
    for version in (other.pk, draft.versions.get().pk):
        assert "its published version" in refused(change, version, draft.pk)
    before = document.current_id
    document = decide(step(document, "submit_revision", cast.analyst), cast.ciso)
    assert "its published version" in refused(change, before, document.pk)


def test_no_document_holds_what_was_superseded(cast: Cast) -> None:
    """The end of the transaction tells."""
    version = published(cast).current
    connection.check_constraints()
    change = "UPDATE policies_documentversion SET state = 'superseded', ended_at = now() WHERE id = %s"
    assert "its published version" in refused(f"{change}; SET CONSTRAINTS ALL IMMEDIATE", version.pk)


def test_no_version_is_in_force_beside_what_the_document_names(cast: Cast) -> None:
    document = decide(submitted(cast, effective_on=date(2027, 1, 1)), cast.ciso)
    connection.check_constraints()
    change = "UPDATE policies_documentversion SET state = 'published', published_at = now() WHERE id = %s"
    said = refused(f"{change}; SET CONSTRAINTS ALL IMMEDIATE", document.versions.get().pk)
    assert "its published version" in said


def test_no_version_is_deleted(cast: Cast) -> None:
    version = document_make(cast).versions.get()
    refused("DELETE FROM policies_documentversion WHERE id = %s", version.pk)


def test_the_requester_does_not_decide_by_sql_either(cast: Cast) -> None:
    document = submitted(cast)
    request = document.approval_requests.get()
    insert = """
        INSERT INTO approvals_approvaldecision (request_id, step_id, decided_by_id, verdict, digest, comment, decided_at)
        SELECT %s, id, %s, 'approve', %s, '', now() FROM approvals_approvalstep WHERE request_id = %s
    """
    said = refused(insert, request.pk, cast.analyst.pk, request.digest, request.pk)
    assert "may not decide" in said


def test_an_approval_is_of_one_version_alone(cast: Cast) -> None:
    version = revising(cast).versions.get(number=2)
    first = version.document.current
    change = "UPDATE policies_documentversion SET state = 'in_review' WHERE id = %s"
    with connection.cursor() as cursor:
        cursor.execute(change, [version.pk])
    change = (
        "UPDATE policies_documentversion SET state = 'approved', digest = %s, approval_id = %s WHERE id = %s"
    )
    assert "version_approval_once" in refused(change, first.digest, first.approval_id, version.pk)


def test_no_setting_of_a_session_switches_off_what_refuses(cast: Cast) -> None:
    version = published(cast).current
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE tgrelid = 'policies_documentversion'::regclass")
        names = ",".join(name for (name,) in cursor.fetchall())
        cursor.execute(f"SET LOCAL pgtrigger.ignore = '{{{names}}}'")
    said = refused("UPDATE policies_documentversion SET body = 'x' WHERE id = %s", version.pk)
    assert "fixed once it was submitted" in said
