"""What cells are read as, and what is said of those that can't be."""

from datetime import date, datetime
from functools import partial

import pytest

from foundation.accounts.tests.factories import BusinessUnitFactory, UserFactory
from foundation.records.imports import CellError, Column, Row, RowReader, cells
from foundation.records.imports.directories import People, Units
from foundation.records.imports.tables import BadCell


def error(function, *args, **options) -> str:
    with pytest.raises(CellError) as caught:
        function(*args, **options)
    return str(caught.value)


@pytest.mark.parametrize(
    "written",
    [
        "2026-04-03",
        "2026/4/3",
        " 2026-04-03T00:00:00 ",
        "3 April 2026",
        "3. Apr 2026",
        "3 apr. 2026",
        "April 3, 2026",
        datetime(2026, 4, 3),  # noqa: DTZ001
    ],
)
def test_days_that_mean_one_day(written):
    assert cells.day(written) == date(2026, 4, 3)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("31/12/2026", date(2026, 12, 31)),
        ("12/31/2026", date(2026, 12, 31)),
        ("04.04.2026", date(2026, 4, 4)),
        ("29 Feb 2028", date(2028, 2, 29)),
        ("5 Sept 2026", date(2026, 9, 5)),
    ],
)
def test_days_without_doubt(written, day):
    assert cells.day(written) == day


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("03/04/2026", "Write it as 2026-04-03 or 2026-03-04"),
        ("2026-02-30", "no such day"),
        ("29 Feb 2027", "no such day"),
        ("31/31/2026", "no such day"),
        ("0000-01-01", "no such day"),
        ("1899-12-31", "The year 1899"),
        ("9999-12-31", "The year 9999"),
        ("1/4/26", "two digits"),
        ("next Monday", "is not a date"),
        ("3 Ma 2026", "is not a date"),
        ("2026-04-03 14:30", "is not a date"),
        (46115, "Format the cell as a date"),
        (True, "is not a date"),
        (datetime(2026, 4, 3, 14, 30), "time of day"),  # noqa: DTZ001
        (BadCell("A formula."), "A formula."),
    ],
)
def test_days_that_are_refused(written, said):
    assert said in error(cells.day, written)


def test_text_is_trimmed_and_normalised():
    assert cells.text("  Pru\u0308fung \n  Nord ", most=40) == "Prüfung Nord"
    assert cells.text("one\r\ntwo", most=40, lines=True) == "one\ntwo"
    assert cells.text(16.0, most=40) == "16"
    assert cells.text(0.1, most=40) == "0.1"
    assert cells.text(datetime(2026, 4, 3), most=40) == "2026-04-03"  # noqa: DTZ001
    assert cells.text(True, most=40) == "TRUE"


def test_text_that_is_refused():
    assert "5 characters; at most 4" in error(cells.text, "12345", most=4)
    assert "control characters" in error(cells.text, "a\x1bb", most=4)


def test_whole_numbers():
    number = partial(cells.whole_number, least=0, most=365)
    assert [number("14"), number(14.0), number(" 7 ")] == [14, 14, 7]
    for bad in ("two", "1.5", 1.5, True, "1e3", "٣x"):
        assert "is not a whole number" in error(number, bad)
    assert "from 0 to 365" in error(number, "-1")
    assert "from 0 to 365" in error(number, 366)


def test_choices_by_value_or_label_with_the_nearest_when_wrong():
    choices = {"internal": "Internal audit", "technical_test": "Technical test"}
    choice = partial(cells.choice, choices=choices)
    assert choice("INTERNAL") == choice("internal  Audit") == "internal"
    assert choice("technical-test") == "technical_test"
    assert error(choice, "technicel test") == "“technicel test” is not known; did you mean “Technical test”?"
    assert "Known are: Internal audit, Technical test." in error(choice, "zzzz")


def test_names_are_separated_by_semicolon_comma_or_line():
    assert cells.names(" Ana Silva; b@example.com,\nAna  Silva ;") == ["Ana Silva", "b@example.com"]


def test_a_row_keeps_all_its_problems():
    columns = {
        "title": Column(key="title", label="Title", required=True),
        "on": Column(key="on", label="Start"),
    }
    reader = RowReader(Row(7, {"title": "  ", "on": "2026-02-30"}), columns)
    assert reader.read("title", partial(cells.text, most=9)) is None
    assert reader.read("on", cells.day) is None
    assert [(p.row, p.column, p.value) for p in reader.problems] == [
        (7, "Title", ""),
        (7, "Start", "2026-02-30"),
    ]


@pytest.mark.django_db
class TestPeople:
    def test_are_found_by_address_or_exact_name(self):
        ines = UserFactory.create(full_name="Inês de Abreu", email="ines@example.com")
        people = People()
        assert people.find("INES@example.com") == people.find(" inês  DE abreu ") == ines

    def test_namesakes_are_told_with_their_addresses(self):
        UserFactory.create(full_name="Jo Park", email="jo1@example.com")
        UserFactory.create(full_name="Jo Park", email="jo2@example.com")
        message = error(People().find, "Jo Park")
        assert "2 people" in message
        assert "jo1@example.com" in message
        assert "jo2@example.com" in message

    def test_a_namesake_who_left_does_not_matter(self):
        UserFactory.create(full_name="Jo Park", is_active=False)
        stays = UserFactory.create(full_name="Jo Park")
        assert People().find("Jo Park") == stays

    def test_unknown_people_are_told_with_the_nearest(self):
        UserFactory.create(full_name="Odile Brandt", email="odile.brandt@example.com")
        assert "did you mean “Odile Brandt”?" in error(People().find, "Odile Brant")
        assert "did you mean “odile.brandt@example.com”?" in error(People().find, "odile.brant@example.com")
        assert error(People().find, "Zz Yy") == "Nobody called “Zz Yy” has an account."

    def test_who_left_is_told(self):
        UserFactory.create(full_name="Odile Brandt", email="odile@example.com", is_active=False)
        assert "has left" in error(People().find, "Odile Brandt")
        assert "has left" in error(People().find, "odile@example.com")

    def test_thousands_of_unknown_names_are_told_quickly(self):
        """Comparing is only done for the first hundred names."""
        UserFactory.create(full_name="Odile Brandt")
        people = People()
        messages = [error(people.find, f"Odile Brand {number}") for number in range(200)]
        assert sum("did you mean" in message for message in messages) == 100


@pytest.mark.django_db
class TestUnits:
    def test_are_found_by_code_or_name(self):
        unit = BusinessUnitFactory.create(code="PAY", name="Payments")
        assert Units().find("pay") == Units().find("payments") == unit

    def test_unknown_and_ambiguous_ones_are_told(self):
        BusinessUnitFactory.create(code="OP1", name="Operations")
        BusinessUnitFactory.create(code="OP2", name="Operations")
        assert "Write the code: OP1, OP2" in error(Units().find, "operations")
        assert "did you mean “Operations”?" in error(Units().find, "Operatoins")
        assert error(Units().find, "Zoo") == "There is no unit “Zoo”."
