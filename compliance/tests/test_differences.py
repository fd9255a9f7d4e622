"""What a newer version changes, which lines are the same, and which standard a file is of."""

from typing import Any

import pytest

from compliance.catalogues import Change, Kind, Node, compare, name_key, standard_key


def node(key: str, identifier: str = "", **more: Any) -> Node:
    return Node(
        key=key,
        identifier=identifier or key.upper(),
        kind=more.pop("kind", Kind.REQUIREMENT),
        title="Watch",
        **more,
    )


GROUP = node("hb", kind=Kind.GROUP)
QUAY = node("qy", kind=Kind.GROUP)


def changes(old: list[Node], new: list[Node]) -> list[tuple[str, str]]:
    return [(line.node.key, line.change.value) for line in compare(old, new).lines]


def test_what_is_the_same_is_no_change():
    nodes = [GROUP, node("hb-1", parent=0), node("hb-2", parent=0)]
    found = compare(nodes, list(nodes))
    assert not found
    assert found.same == 3


def test_everything_is_added_where_there_was_nothing():
    assert changes([], [GROUP, node("hb-1", parent=0)]) == [("hb", "added"), ("hb-1", "added")]


def test_added_changed_moved_withdrawn_and_reinstated():
    old = [
        GROUP,
        QUAY,
        node("a", parent=0, statement="Watch."),
        node("b", parent=0),
        node("c", parent=0),
        node("d", parent=0, is_withdrawn=True),
        node("e", parent=0),
        node("f", parent=0, is_withdrawn=True),
    ]
    new = [
        GROUP,
        QUAY,
        node("a", parent=0, statement="Watch well."),
        node("b", parent=1),
        node("c", parent=0, is_withdrawn=True),
        node("d", parent=0),
        node("g", parent=0),
    ]
    assert changes(old, new) == [
        ("a", "changed"),
        ("b", "moved"),
        ("c", "withdrawn"),
        ("d", "reinstated"),
        ("g", "added"),
        ("e", "withdrawn"),
    ]
    found = compare(old, new)
    assert found.only(Change.CHANGED)[0].fields == ("statement",)
    assert [line.is_gone for line in found.only(Change.WITHDRAWN)] == [False, True]
    assert found.same == 2


def test_the_same_is_found_by_what_is_printed_where_keys_are_others():
    assert changes([node("table-1", "A.1")], [node("a.1", "A.1")]) == []


def test_a_key_in_both_wins_over_what_is_printed():
    """The numbers of two were changed with each other: both are changed, and none is new."""
    old, new = [node("a", "1"), node("b", "2")], [node("a", "2"), node("b", "1")]
    assert changes(old, new) == [("a", "changed"), ("b", "changed")]


def test_a_group_of_another_key_does_not_move_what_stands_in_it():
    old = [node("one", "HB", kind=Kind.GROUP), node("a", parent=0)]
    new = [node("two", "HB", kind=Kind.GROUP), node("a", parent=0)]
    assert changes(old, new) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Harbour baseline", "1.0"), ("Harbour  Baseline", "2.0")),
        (
            ("Harbour baseline Revision 5.1.1 LOW", "5.1.1+u4"),
            ("Harbour baseline Revision 5.2.0 LOW", "5.2.0"),
        ),
        (("Harbour 27001:2013", "2013"), ("Harbour 27001:2022", "2022")),
        (("Harbour DSS v4.0", "4.0"), ("Harbour DSS v4.0.1", "4.0.1")),
        (("Harbour Controls Version 8", "8"), ("Harbour Controls Version 8.1", "8.1")),
        (("The Harbour Framework (HF) 1.1", "1.1"), ("The Harbour Framework (HF) 2.0", "2.0")),
    ],
)
def test_versions_of_a_standard_share_a_key(one: tuple[str, str], other: tuple[str, str]):
    assert standard_key(title=one[0], label=one[1]) == standard_key(title=other[0], label=other[1])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Harbour 27001:2022", "Harbour 27002:2022"),
        ("Harbour LOW 5", "Harbour HIGH 5"),
        ("2.0", "3.0"),
        ("港湾", "港口"),
    ],
)
def test_other_standards_have_other_keys(one: str, other: str):
    assert standard_key(title=one, label="2022") != standard_key(title=other, label="2022")


def test_an_identifier_of_the_document_tells_the_standard_whatever_its_name():
    assert standard_key(title="A", document_ids=("doi:1",)) == standard_key(
        title="B", document_ids=("doi:1",)
    )


def test_names_are_compared_without_case_and_blanks():
    assert name_key(" Harbour\tBASELINE ") == name_key("harbour baseline")
