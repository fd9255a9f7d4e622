"""What PostgreSQL refuses, whoever writes SQL as the portal's role."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from controls.models import Control, ControlRating, ControlVersion
from controls.tests.factories import (
    NOW,
    TODAY,
    control_make,
    give,
    in_force,
    operating,
    rate,
    revising,
    submitted,
)
from foundation.testing.cast import Cast

pytestmark = pytest.mark.django_db


def refused(sql: str, *values: object) -> str:
    with pytest.raises(DatabaseError) as error, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
    return str(error.value)


@pytest.mark.parametrize(
    "change",
    [
        "statement = 'Leave doors open'",
        "title = 'Other'",
        "purpose = 'x'",
        "type = 'detective'",
        "nature = 'automated'",
        "is_key = true",
        "frequency = 'yearly'",
        "evidence_how = 'x'",
        "evidence_months = 60",
        "summary = 'x'",
        "number = 9",
    ],
)
@pytest.mark.parametrize("make", [submitted, in_force])
def test_what_was_submitted_says_what_it_said(
    cast: Cast, make: Callable[[Cast], Control], change: str
) -> None:
    version = make(cast).versions.get()
    said = refused(f"UPDATE controls_controlversion SET {change} WHERE id = %s", version.pk)
    assert "fixed once it was submitted" in said


def test_who_wrote_on_it_stays_written_down(cast: Cast) -> None:
    change = "UPDATE controls_controlversion SET writers = %s WHERE id = %s"
    version = control_make(cast).versions.get()
    assert "stays written down" in refused(change, [cast.ciso.pk], version.pk)
    version = submitted(cast, title="Gates are shut").versions.get()
    assert "stays written down" in refused(change, [cast.analyst.pk, cast.ciso.pk], version.pk)


def test_what_was_approved_of_it_is_fixed(cast: Cast) -> None:
    version = in_force(cast).current
    change = "UPDATE controls_controlversion SET digest = repeat('0', 64) WHERE id = %s"
    assert "approved is fixed" in refused(change, version.pk)


@pytest.mark.parametrize("state", ["draft", "in_review", "discarded"])
def test_what_is_in_force_does_not_go_back(cast: Cast, state: str) -> None:
    version = in_force(cast).current
    change = "UPDATE controls_controlversion SET state = %s, approved_at = NULL WHERE id = %s"
    assert "does not go this way" in refused(change, state, version.pk)


def test_nothing_is_in_force_that_nobody_approved(cast: Cast) -> None:
    version = submitted(cast).versions.get()
    change = "UPDATE controls_controlversion SET state = 'in_force', approved_at = now() WHERE id = %s"
    assert "Nobody approved" in refused(change, version.pk)


def test_another_approval_does_not_count(cast: Cast) -> None:
    other = in_force(cast, title="Other").current
    version = submitted(cast).versions.get()
    change = """UPDATE controls_controlversion SET state = 'in_force', approved_at = now(), digest = %s, approval_id = %s
        WHERE id = %s"""
    assert "Nobody approved" in refused(change, other.digest, other.approval_id, version.pk)


def test_a_version_begins_as_a_draft(cast: Cast) -> None:
    insert = """INSERT INTO controls_controlversion (control_id, number, state, title, statement, purpose, type, nature, is_key,
            frequency, evidence_how, summary, written_by_id, written_at, digest, approved_at)
        VALUES (%s, 2, 'in_force', 'x', 'x', '', 'preventive', 'manual', false, 'daily', '', '', %s, now(), '', now())"""
    assert "begins as a draft" in refused(insert, control_make(cast).pk, cast.ciso.pk)


def test_one_version_comes_at_a_time(cast: Cast) -> None:
    control = revising(cast)
    with pytest.raises(IntegrityError, match="control_version_one_coming"), transaction.atomic():
        ControlVersion.objects.create(
            control=control,
            number=3,
            title="x",
            type="preventive",
            nature="manual",
            frequency="daily",
            written_by=cast.ciso,
            written_at=NOW,
        )


@pytest.mark.parametrize(
    "table", ["controlversion", "controlevidence", "controlevidencefile", "controlrating"]
)
def test_what_is_kept_is_not_deleted(cast: Cast, table: str) -> None:
    control = operating(cast)
    give(control, cast.analyst)
    rate(control, cast.auditor)
    refused(f"DELETE FROM controls_{table}")


@pytest.mark.parametrize(
    "change",
    [
        "controlevidence SET note = 'x'",
        "controlevidence SET due_on = '2020-01-01'",
        "controlevidence SET missed = 0",
        "controlevidencefile SET file_id = file_id",
        "controlrating SET effectiveness = 'effective'",
        "controlrating SET rated_on = '2020-01-01'",
    ],
)
def test_evidence_and_ratings_stay_as_they_are(cast: Cast, change: str) -> None:
    control = operating(cast)
    give(control, cast.analyst)
    rate(control, cast.auditor)
    refused(f"UPDATE controls_{change}")


@pytest.mark.parametrize(("names", "why"), [("owner", "not_by_owner"), ("another", "names the owner")])
def test_nobody_rates_the_own_control(cast: Cast, names: str, why: str) -> None:
    control = operating(cast)
    owner = {"owner": cast.analyst, "another": cast.ciso}[names]
    with pytest.raises(DatabaseError, match=why), transaction.atomic():
        ControlRating.objects.create(
            control=control,
            version=control.current,
            effectiveness="effective",
            reason="It is mine",
            rated_on=TODAY,
            owner=owner,
            rated_by=cast.analyst,
            rated_at=NOW,
        )


def test_a_file_of_another_record_is_no_evidence(cast: Cast) -> None:
    given = give(operating(cast), cast.analyst)
    other = give(operating(cast, title="Other"), cast.analyst)
    insert = "INSERT INTO controls_controlevidencefile (evidence_id, file_id) VALUES (%s, %s)"
    assert "file of that control" in refused(insert, given.pk, other.files.get().pk)


@pytest.mark.parametrize(
    "change",
    [
        "implementation = 'not_applicable', implementation_note = ''",
        "implementation = 'perhaps'",
        "effectiveness = 'perfect'",
        "evidence_months = 61",
        "evidence_on = '2030-01-01', evidence_from = NULL",
    ],
)
def test_a_control_says_what_can_be(cast: Cast, change: str) -> None:
    control = in_force(cast)
    refused(f"UPDATE controls_control SET {change} WHERE record_ptr_id = %s", control.pk)
