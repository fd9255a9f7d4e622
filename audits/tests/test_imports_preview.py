"""What is said of each row before anything is imported."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audits.choices import AuditType, ProgrammeState
from audits.imports import RowAction, audits_preview
from audits.imports.columns import COLUMNS, LIMITS
from audits.models import Audit, Programme
from audits.tests.factories import audit_make, programme_make
from audits.tests.tables import ROW, table
from foundation.accounts.choices import Role
from foundation.accounts.tests.factories import RoleGrantFactory, UserFactory
from foundation.records.choices import Confidentiality
from foundation.records.imports import TableRefused
from foundation.trail.models import Entry

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def preview(cast, *rows, actor=None):
    return audits_preview(content=table(*rows), actor=actor or cast.ciso, now=NOW)


def problems(cast, *rows, actor=None) -> list[tuple[int, str, str]]:
    return [(p.row, p.column, p.message) for p in preview(cast, *rows, actor=actor).problems]


def problem(cast, row, actor=None) -> str:
    found = problems(cast, row, actor=actor)
    assert len(found) == 1, found
    return found[0][2]


def test_a_row_is_read_whole(cast):
    programme = programme_make(cast)
    row = preview(
        cast,
        {
            "Owner": cast.analyst.email,
            "Team": "anders.falk@example.com",
            "Auditees": "Ulrike Sommer; Pavel Dimitrov",
            "Scope": "Card data\nenvironment",
            "Criteria": "ISO/IEC 27001",
            "Preparation days": "30",
            "Fieldwork": "2",
            "Report days": "10",
            "Follow-up days": "60",
            "Recurrence": "every 6 months",
            "Programme": programme.reference.lower(),
            "Confidentiality": "restricted",
            "External reference": "P-1",
        },
    ).rows[0]
    assert row.problems == []
    assert row.action == RowAction.CREATE
    assert row.values == {
        "title": "ISMS internal audit",
        "type": AuditType.INTERNAL,
        "unit": cast.units.payments,
        "lead_auditor": cast.auditor,
        "starts_on": date(2027, 3, 1),
        "owner": cast.analyst,
        "team": [cast.analyst],
        "auditees": [cast.unit_lead, cast.personnel],
        "scope": "Card data\nenvironment",
        "criteria": "ISO/IEC 27001",
        "preparation_days": 30,
        "fieldwork_days": 2,
        "report_days": 10,
        "follow_up_days": 60,
        "recurrence": "FREQ=MONTHLY;INTERVAL=6",
        "programme": programme,
        "confidentiality": Confidentiality.RESTRICTED,
        "external_reference": "P-1",
    }


def test_nothing_is_written(cast):
    before = Entry.objects.count()
    preview(cast, {}, {"Title": "Another"})
    assert not Audit.objects.exists()
    assert Entry.objects.count() == before


def test_an_empty_owner_is_whoever_imports(cast):
    assert preview(cast, {}, actor=cast.analyst).rows[0].values["owner"] == cast.analyst


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ({"Title": ""}, "must be filled in"),
        ({"Title": "x" * 201}, "201 characters; at most 200"),
        ({"Title": "=cmd()"}, "formula"),
        ({"Type": "Techical test"}, "did you mean “Technical test”?"),
        ({"Unit": "Paymints"}, "did you mean “Payments”?"),
        ({"Lead auditor": "nobody@example.com"}, "Nobody called"),
        ({"Owner": "Odile Brand"}, "did you mean “Odile Brandt”?"),
        ({"Team": "Odile Brandt; Xaver Unknown"}, "Nobody called “Xaver Unknown”"),
        ({"Start": "2027-02-30"}, "no such day"),
        ({"Start": "03/04/2027"}, "two dates"),
        ({"Start": "1999-12-31"}, "The start lies between"),
        ({"Preparation days": "-1"}, "out of range"),
        ({"Report days": "731"}, "out of range"),
        ({"Report days": "3"}, "after the fieldwork ends"),
        ({"Recurrence": "now and then"}, "is not understood"),
        ({"Recurrence": "yearly until 2027-01-31"}, "ends before it starts"),
        ({"Programme": "PRG-9999"}, "There is no programme PRG-9999"),
        ({"Confidentiality": "secret"}, "Known are: Internal, Restricted"),
        ({"External reference": "x" * 61}, "at most 60"),
        ({"Lead auditor": "Pavel Dimitrov"}, "may not run audits"),
        ({"Auditees": "Odile Brandt"}, "can't audit and be audited"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else None,
)
def test_a_bad_cell_is_told(cast, cell, said):
    assert said in problem(cast, cell)


def test_every_problem_of_every_row_is_told_with_its_place(cast):
    found = problems(cast, {"Type": "x", "Start": "x"}, {"Title": "Good"}, {"Title": "Worse", "Unit": "x"})
    assert [(row, column) for row, column, _message in found] == [
        (2, "Type"),
        (2, "Start"),
        (4, "Business unit"),
    ]


def test_a_namesake_is_told(cast):
    UserFactory.create(full_name="Odile Brandt", email="odile2@example.com")
    assert "odile2@example.com" in problem(cast, {})


def test_rows_that_repeat_each_other_are_told(cast):
    found = problems(
        cast,
        {"External reference": "A"},
        {"Title": "Other", "External reference": "A"},
        {"Title": "isms INTERNAL audit"},
    )
    assert found == [
        (3, "External reference", "Row 2 has the same external reference."),
        (4, "Title", "Row 2 has the same title, unit and start."),
    ]


def test_an_audit_that_is_there_already_is_told(cast):
    audit = audit_make(cast, title=ROW["Title"], starts_on=date(2027, 3, 1))
    assert problem(cast, {}).startswith(f"{audit.reference} has the same title, unit and start")


class TestAnAuditOfTheSameExternalReference:
    @pytest.fixture
    def audit(self, cast):
        return audit_make(
            cast, title=ROW["Title"], starts_on=date(2027, 3, 1), external_reference="A", criteria="Kept"
        )

    def test_is_unchanged_by_the_same_values(self, cast, audit):
        row = preview(cast, {"External reference": "A"}).rows[0]
        assert (row.action, row.audit) == (RowAction.UNCHANGED, audit)

    def test_is_changed_by_others_and_an_empty_cell_leaves_what_is_there(self, cast, audit):
        row = preview(
            cast, {"External reference": "A", "Title": "New", "Criteria": "", "Auditees": "Ulrike Sommer"}
        )
        assert row.rows[0].action == RowAction.UPDATE
        assert row.rows[0].changes == {"title": "New", "auditees": [cast.unit_lead]}

    def test_keeps_its_recurrence(self, cast, audit):
        assert "how it recurs is changed in its page" in problem(
            cast, {"External reference": "A", "Recurrence": "yearly"}
        )

    def test_can_not_be_changed_once_it_is_closed(self, cast, audit):
        Audit.objects.filter(pk=audit.pk).update(state="closed")
        assert "is closed and can't be changed" in problem(cast, {"External reference": "A", "Title": "New"})
        assert preview(cast, {"External reference": "A"}).rows[0].action == RowAction.UNCHANGED

    def test_is_only_called_taken_to_whom_it_is_hidden(self, cast, audit):
        Audit.objects.filter(pk=audit.pk).update(confidentiality=Confidentiality.RESTRICTED, owner=cast.ciso)
        other = UserFactory.create()
        RoleGrantFactory.create(user=other, role=Role.SECURITY)
        assert problem(cast, {"External reference": "A"}, actor=other) == "This external reference is taken."


class TestRights:
    def test_a_person_imports_for_the_own_units_only(self, cast):
        person = UserFactory.create()
        RoleGrantFactory.create(user=person, role=Role.SECURITY, unit=cast.units.payments)
        assert problems(cast, {}, {"Unit": "Cards"}, actor=person) == []
        assert problem(cast, {"Unit": "RET"}, actor=person) == "You may not plan audits of Retail Banking."

    def test_without_the_right_no_row_passes(self, cast):
        assert problem(cast, {}, actor=cast.auditor) == "You may not plan audits of Payments."

    def test_a_programme_that_is_hidden_does_not_exist(self, cast):
        programme = programme_make(cast, confidentiality=Confidentiality.RESTRICTED)
        person = UserFactory.create()
        RoleGrantFactory.create(user=person, role=Role.SECURITY)
        assert "There is no programme" in problem(cast, {"Programme": programme.reference}, actor=person)

    def test_a_closed_programme_is_refused(self, cast):
        programme = programme_make(cast)
        Programme.objects.filter(pk=programme.pk).update(state=ProgrammeState.CLOSED)
        assert "is closed" in problem(cast, {"Programme": programme.reference})


def test_a_hundred_thousand_rows_are_refused_before_they_are_read(cast):
    header = ",".join(ROW).encode()
    content = header + b"\n" + b"a,b,c,d,e\n" * 100_000
    with pytest.raises(TableRefused, match="more than 5,000 rows"):
        audits_preview(content=content, actor=cast.ciso, now=NOW)
    assert len(content) < LIMITS.file_bytes


def test_missing_columns_are_named(cast):
    with pytest.raises(TableRefused, match="“Business unit”, “Lead auditor”, “Start” are missing"):
        audits_preview(content=b"Title,Type\na,b\n", actor=cast.ciso, now=NOW)


def test_the_number_of_queries_does_not_grow_with_the_rows(cast):
    def queries(count: int) -> int:
        rows = [{"Title": f"Audit {number}", "External reference": str(number)} for number in range(count)]
        with CaptureQueriesContext(connection) as captured:
            preview(cast, *rows)
        return len(captured)

    queries(1)  # reads the rights of who imports once
    assert queries(2) == queries(50)


def test_every_column_is_explained():
    assert all(column.help for column in COLUMNS)
    assert {column.key for column in COLUMNS if column.required} == {
        "title",
        "type",
        "unit",
        "lead_auditor",
        "starts_on",
    }
