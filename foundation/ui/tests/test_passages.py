"""What changed in a text: word by word, line by line, and as pages mark it."""

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.passages import Effort, Fate, TooMuch, passages, same_runs
from foundation.ui.passages import Passages


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


def test_what_changed_is_said_and_not_only_shown():
    html = Passages(passages("Keep the <log>.", "Keep a <log>.")).html
    assert '<del><span class="visually-hidden">removed: </span>the</del>' in html
    assert '<ins><span class="visually-hidden">added: </span>a</ins>' in html
    assert "&lt;log&gt;" in html


def runs(old: str, new: str) -> list[str]:
    return [old[run.old : run.old + run.length] for run in same_runs(old, new)]


@pytest.mark.parametrize(
    ("old", "new", "shared"),
    [
        ("abc", "abc", ["abc"]),
        ("abcd", "abxcd", ["ab", "cd"]),
        ("xaaby", "aabz", ["aab"]),
        ("abcdefg", "defgabc", ["defg"]),
        ("", "abc", []),
        ("aXbXc", "aYbYc", ["a", "b", "c"]),
    ],
)
def test_lines_that_two_texts_share_are_found(old: str, new: str, shared: list[str]):
    assert runs(old, new) == shared


@given(st.text(alphabet="abcd", max_size=40), st.text(alphabet="abcd", max_size=40))
def test_runs_are_the_same_in_both_and_stand_in_order(old: str, new: str):
    found = same_runs(old, new)
    for run in found:
        assert run.length
        assert old[run.old : run.old + run.length] == new[run.new : run.new + run.length]
    for one, other in pairwise(found):
        assert one.old + one.length <= other.old
        assert one.new + one.length <= other.new


def test_long_lists_of_the_same_lines_are_given_up_on():
    """Each line would be compared with each; what both begin and end with is found all the same."""
    rows = random.Random(1)
    old = ["first", *rows.choices("ab", k=4_000), "last"]
    new = ["first", *rows.choices("ab", k=4_000), "last"]
    found = same_runs(old, new)
    assert (found[0].old, found[0].new) == (0, 0)
    assert found[-1].old + found[-1].length == len(old)
