"""What a newer version changes, which lines are the same, and which standard a file is of."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.catalogues import Change, Kind, Node, compare, name_key, standard_key
from compliance.catalogues.passages import Effort, Fate, TooMuch, passages


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


def marked(old: str, new: str, effort: Effort | None = None) -> str:
    marks = {Fate.KEPT: "{}", Fate.GONE: "[-{}-]", Fate.NEW: "[+{}+]"}
    return "".join(marks[one.fate].format(one.text) for one in passages(old, new, effort))


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("Keep watch.", "Keep watch.", "Keep watch."),
        ("Keep watch.", "Keep good watch.", "Keep[+ good+] watch."),
        ("Keep a log each week.", "Keep a log every day.", "Keep a log [-each week-][+every day+]."),
        ("", "New.", "[+New.+]"),
        ("Old.", "", "[-Old.-]"),
        ("", "", ""),
    ],
)
def test_words_that_changed_are_marked(old: str, new: str, shown: str):
    assert marked(old, new) == shown


def test_comparing_takes_no_more_than_is_left():
    """What takes more is refused and costs nothing, so that shorter texts are compared behind it."""
    old, new = "x " + "a b " * 200, "y " + "b a " * 200 + "z"
    effort = Effort(5_000)
    with pytest.raises(TooMuch):
        passages(old, new, effort)
    assert marked("Keep watch.", "Keep good watch.", effort) == "Keep[+ good+] watch."
    assert 4_900 < effort.left < 5_000
    assert [one.fate for one in passages(old, new)][:2] == [Fate.GONE, Fate.NEW], "by itself there is enough"


def test_words_that_both_share_at_their_ends_cost_nothing():
    same = "a " * 900
    effort = Effort(100)
    assert marked(f"{same}old {same}", f"{same}new {same}", effort) == f"{same}[-old-][+new+] {same}"


def test_very_long_texts_are_shown_one_after_the_other():
    old, new = ("a " * 3_000).strip(), ("b " * 3_000).strip()
    assert [one.fate for one in passages(old, new)] == [Fate.GONE, Fate.NEW]


@given(st.text(alphabet="ab .\n", max_size=60), st.text(alphabet="ab .\n", max_size=60))
def test_both_texts_can_be_read_back(old: str, new: str):
    found = passages(old, new)
    assert "".join(one.text for one in found if one.fate != Fate.GONE) == new
    assert "".join(one.text for one in found if one.fate != Fate.NEW) == old
