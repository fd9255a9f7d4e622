"""Reading tables of requirements: the tree, the texts, and what is wrong with a row."""

from collections.abc import Callable
from typing import Any

import pytest

from compliance.catalogues import CatalogueError, Destination, MethodNote, Node, Reference, Related
from compliance.catalogues.identity import KeyMaker
from compliance.catalogues.values import MOST_DEPTH, MOST_NODES
from compliance.imports import TableProblems, read_brought

HEAD = "Identifier,Kind,Stands in,Title,Text,Guidance,Methods,Related,References,Withdrawn,Incorporated into"


def read(*rows: str, head: str = HEAD, title: str = "Quay rules", label: str = "2026") -> tuple[Node, ...]:
    data = "\n".join((head, *rows)).encode()
    return read_brought(data, file_name="quay.csv", title=title, label=label).catalogue.nodes


def test_rows_become_lines_in_the_groups_that_they_name():
    nodes = read(
        "A.1,,Watch,Keep watch,At all times.,,,,,,",
        "B.1,,Cargo,Weigh it,,,,,,,",
        "A.2,,watch,Ring,,,,,,,",
        "A.1.1,,A.1,At night,,,,,,,",
    )
    assert [(node.identifier, node.title, node.kind.value, node.depth) for node in nodes] == [
        ("", "Watch", "group", 0),
        ("A.1", "Keep watch", "requirement", 1),
        ("A.1.1", "At night", "enhancement", 2),
        ("A.2", "Ring", "requirement", 1),
        ("", "Cargo", "group", 0),
        ("B.1", "Weigh it", "requirement", 1),
    ]


def test_groups_may_have_rows_of_their_own():
    nodes = read("C,Group,,Cargo,,,,,,,", "C.1,Group,C,Cold cargo,,,,,,,", "C.1.1,,C.1,Cool it,,,,,,,")
    assert [(node.key, node.parent) for node in nodes] == [("c", None), ("c.1", 0), ("c.1.1", 1)]


def test_cells_become_what_they_mean():
    node = read(
        '"A.1",,,Keep watch,"\'- by day\n- by night",How,"Test, interview","A.2; A.3","Harbour act https://example.com/act\nOld law",yes,A.9'
    )[0]
    assert node.statement == "- by day\n- by night"
    assert node.methods == (MethodNote("interview"), MethodNote("test"))
    assert node.related == (Related("a.2", "A.2"), Related("a.3", "A.3"))
    assert node.references == (Reference("Harbour act", "", "https://example.com/act"), Reference("Old law"))
    assert node.is_withdrawn
    assert node.withdrawn_to == (Destination("incorporated", "a.9", "A.9"),)


def test_a_missing_title_is_the_beginning_of_the_text():
    assert read("A.1,,,,Keep watch.\n,,,,,,")[0].title == "Keep watch."


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ((",,,Watch,,,,,,,",), "Row 2, Identifier: This must be filled in."),
        (("A.1,,,,,,,,,,",), "Row 2, Title: A title or a text must be there."),
        (("A.1,,,x,,,,,,,", "a.1,,,y,,,,,,,"), "Row 3, Identifier: “a.1” is there twice: row 2 has it, too."),
        (("A.1,,A.1,x,,,,,,,",), "Row 2, Stands in: It would stand in itself."),
        (("A.1,,A.2,x,,,,,,,", "A.2,,A.1,x,,,,,,,"), "Row 3, Stands in: It would stand in itself."),
        (
            ("A.1,Enhancement,,x,,,,,,,",),
            "Row 2, Stands in: An enhancement stands in a requirement: name it.",
        ),
        (("A.1,,,x,,,,,,,", "G,Group,A.1,x,,,,,,,"), "Row 3, Stands in: A group stands in a group"),
        (("A.1,,,x,,,guess,,,,",), "Row 2, Methods: “guess” is no method"),
        (("A.1,,,x,,,,,,perhaps,",), "Row 2, Withdrawn: “perhaps” is neither yes nor no."),
        (("A.1,Rule,,x,,,,,,,",), "Row 2, Kind:"),
        (("A.1,,,x,,,,,,,,more",), "Row 2: This row has a cell without a column name."),
    ],
)
def test_what_is_wrong_is_told_with_its_row(rows: tuple[str, ...], message: str):
    with pytest.raises(TableProblems) as refused:
        read(*rows)
    assert message in "\n".join(refused.value.lines)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"title": ""}, "A table does not say which framework it is of"),
        ({"label": ""}, "A table does not say which framework it is of"),
        ({"head": "Identifier,Title,Colour"}, "There is no column “Colour”"),
    ],
)
def test_a_table_that_can_not_be_read_is_refused(options: dict[str, str], message: str):
    with pytest.raises(CatalogueError, match=message):
        read("A.1,,,x,,,,,,,", **options)


def test_only_groups_are_no_catalogue():
    with pytest.raises(CatalogueError, match="no requirement in the file"):
        read("G,Group,,x,,,,,,,")


def test_standing_in_each_other_without_end_is_refused():
    rows = [f"A.{number},,A.{number - 1},x,,,,,,," for number in range(1, 40)]
    with pytest.raises(TableProblems) as refused:
        read("A.0,,,x,,,,,,,", *rows)
    assert "More than 20 stand in each other." in refused.value.lines[0]


def chain(order: Callable[[int], Any], length: int) -> list[str]:
    """Return rows of which each but the first stands in the one before, in another order."""
    rows = [f"A.{number},x,{f'A.{number - 1}' if number else ''}" for number in range(length + 1)]
    return sorted(rows, key=lambda row: order(int(row.split(",")[0].removeprefix("A."))))


ORDERS: dict[str, Callable[[int], Any]] = {
    "downwards": lambda number: number,
    "upwards": lambda number: -number,
    "odd ones first": lambda number: (-(number % 2), number),
}


@pytest.mark.parametrize("order", ORDERS)
def test_how_deep_lines_stand_is_told_in_whatever_order_the_rows_come(order: str):
    rows = chain(ORDERS[order], MOST_DEPTH)
    assert max(node.depth for node in read(*rows, head="Identifier,Title,Stands in")) == MOST_DEPTH
    rows = chain(ORDERS[order], MOST_DEPTH + 1)
    with pytest.raises(TableProblems) as refused:
        read(*rows, head="Identifier,Title,Stands in")
    assert len(refused.value.lines) == 1
    assert refused.value.lines[0].endswith("Stands in: More than 20 stand in each other.")


def test_the_row_that_stands_too_deep_is_named():
    rows = chain(ORDERS["upwards"], MOST_DEPTH + 1)
    with pytest.raises(TableProblems) as refused:
        read(*rows, head="Identifier,Title,Stands in")
    assert rows[0].startswith("A.21,")
    assert refused.value.lines == ["Row 2, Stands in: More than 20 stand in each other."]


def test_a_group_may_be_called_like_a_requirement() -> None:
    nodes = read(
        "A.5.15,Access control,,Access control",
        "A.8.2,Privileged access,,Access control",
        head="Identifier,Title,Text,Stands in",
    )
    assert [(node.identifier, node.title, node.parent) for node in nodes] == [
        ("", "Access control", None),
        ("A.5.15", "Access control", 0),
        ("A.8.2", "Privileged access", 0),
    ]


def test_groups_that_rows_name_count_as_lines() -> None:
    rows = [f"A.{number},Watch,,Group {number}" for number in range(MOST_NODES // 2 + 1)]
    with pytest.raises(TableProblems) as refused:
        read(*rows, head="Identifier,Title,Text,Stands in")
    assert "at most 10,000 lines" in "\n".join(refused.value.lines)


class Counted(dict[str, str]):
    """Keys that are taken, and how often somebody asked."""

    asked = 0

    def __contains__(self, key: object) -> bool:
        self.asked += 1
        return super().__contains__(key)


def test_many_groups_of_one_name_are_not_counted_from_the_start_each_time() -> None:
    maker, taken = KeyMaker(), Counted()
    for _number in range(2_000):
        key = maker.group_key("Access", taken)
        assert not dict.__contains__(taken, key)
        taken[key] = key
    assert list(taken)[:3] == ["group-access", "group-access-2", "group-access-3"]
    assert taken.asked <= 2 * 2_000


def test_of_groups_called_alike_a_row_stands_in_the_one_that_the_row_before_does() -> None:
    nodes = read(
        ",Quay,Group,",
        ",North,Group,Quay",
        ",Quay,Group,North",
        ",South,Group,North",
        "A.1,Watch,,Quay",
        ",Quay,Group,",
        "A.2,Ring,,Quay",
        head="Identifier,Title,Kind,Stands in",
    )
    assert [(node.title, node.parent) for node in nodes] == [
        ("Quay", None),
        ("North", 0),
        ("Quay", 1),
        ("South", 1),
        ("Watch", 0),
        ("Quay", None),
        ("Ring", 5),
    ]


def test_names_that_differ_in_signs_alone_are_two() -> None:
    nodes = read(
        "A.1.1,Watch,",
        "A.11,Ring,",
        "x,By night,A.11",
        head="Identifier,Title,Stands in",
    )
    assert [(node.identifier, node.parent) for node in nodes] == [
        ("A.1.1", None),
        ("A.11", None),
        ("x", 1),
    ]
