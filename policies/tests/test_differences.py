"""Two versions beside each other: what became of each line, and the page that shows it."""

from collections import Counter

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from foundation.passages import Effort, Fate
from foundation.testing.cast import Cast
from foundation.testing.queries import assert_queries
from policies import comparison
from policies.comparison import (
    MOST_LIKENESSES,
    LineKind,
    Turn,
    cell_passages,
    compared,
    lines_of,
    plain_of,
    stretches,
)
from policies.tests.factories import TEXT, decide, document_make, published, revising, step, submitted
from policies.views.differences import LINES_A_PAGE

in_database = pytest.mark.django_db
TYPED = """# Scope

All **doors**
and [windows](https://example.com/w).

1. Shut them
   - [ ] each evening
2. Lock them

| Door | Who |
|---|---|
| Gate | Guard |

```
lock --all
```
"""


def turns(old: str, new: str) -> list[tuple[str, str]]:
    return [(pair.turn.value, pair.line.text) for pair in compared(old, new)]


def test_a_text_is_read_line_by_line() -> None:
    found = [(line.kind, line.depth, line.marker, line.cells) for line in lines_of(TYPED)]
    assert found == [
        (LineKind.HEADING, 1, "", ("Scope",)),
        (LineKind.PARAGRAPH, 0, "", ("All **doors**\nand [windows](https://example.com/w).",)),
        (LineKind.ITEM, 1, "1.", ("Shut them",)),
        (LineKind.ITEM, 2, "•", ("[ ] each evening",)),
        (LineKind.ITEM, 1, "2.", ("Lock them",)),
        (LineKind.HEAD, 0, "", ("Door", "Who")),
        (LineKind.ROW, 0, "", ("Gate", "Guard")),
        (LineKind.CODE, 0, "", ("lock --all",)),
    ]


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        (
            "All **doors** and [windows](https://example.com/w)",
            "All doors and windows (https://example.com/w)",
        ),
        ("[x] `lock`", "☑ lock"),
        ("see https://example.com", "see https://example.com"),
        ("<b>no</b>", "<b>no</b>"),
    ],
)
def test_signs_of_markdown_are_left_out_and_addresses_are_not(typed: str, plain: str) -> None:
    assert plain_of(typed) == plain


def test_a_paragraph_that_was_put_in_tears_no_other_apart() -> None:
    assert turns("One.\n\nTwo.\n", "One.\n\nHalf.\n\nTwo.\n") == [
        ("same", "One."),
        ("new", "Half."),
        ("same", "Two."),
    ]


def test_a_line_that_was_changed_stands_beside_what_it_became() -> None:
    old = "Shut each door at night.\n\nOld rule here.\n"
    new = "Keep a key.\n\nShut each door in the evening.\n"
    assert [(pair.turn.value, pair.old and pair.old.text) for pair in compared(old, new)] == [
        ("new", None),
        ("changed", "Shut each door at night."),
        ("gone", "Old rule here."),
    ]


def test_a_row_is_compared_cell_by_cell() -> None:
    old, new = (f"| Door | Who |\n|---|---|\n| Gate | {who} |\n" for who in ("Guard", "Porter"))
    pair = compared(old, new)[-1]
    found = cell_passages(pair, Effort(1_000))
    assert [[one.fate for one in cell] for cell in found] == [[Fate.KEPT], [Fate.GONE, Fate.NEW]]


@pytest.mark.parametrize("new", ["All **doors**", "# All doors", "- All doors"])
def test_what_is_only_drawn_otherwise_is_told_as_such(new: str) -> None:
    assert [turn for turn, _text in turns("All doors", new)] == [Turn.FORMAT]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[rules](https://example.com/a)", "[rules](https://example.com/b)"),
        ("- [ ] Shut the door", "- [x] Shut the door"),
        ("[rules]\n\n[rules]: https://example.com/a", "[rules]\n\n[rules]: https://example.com/b"),
    ],
)
def test_no_change_of_what_it_means_is_hidden(old: str, new: str) -> None:
    assert Turn.CHANGED in [turn for turn, _text in turns(old, new)]


def test_items_that_are_only_counted_anew_are_the_same() -> None:
    assert turns("1. One\n2. Two\n", "1. Zero\n2. One\n3. Two\n") == [
        ("new", "Zero"),
        ("same", "One"),
        ("same", "Two"),
    ]


def test_what_stays_the_same_is_folded_with_the_heading_that_it_ends_under() -> None:
    lines = [f"Rule {number}." for number in range(20)]
    lines[12:12] = ["## Later"]
    old = "\n\n".join(lines)
    found = stretches(compared(old, old.replace("Rule 17.", "Rule 17 and more.")))
    assert [(one.number, len(one.pairs)) for one in found] == [(0, 16), (1, 5)]
    assert found[0].heading == "Later"


markdown = st.text(alphabet="ab#-|.[]x 1\n*`>", max_size=80)


@given(markdown, markdown)
def test_every_line_of_both_is_there_once_and_in_order(old: str, new: str) -> None:
    pairs = compared(old, new)
    assert [pair.old.key for pair in pairs if pair.old] == [line.key for line in lines_of(old)]
    assert [pair.new.key for pair in pairs if pair.new] == [line.key for line in lines_of(new)]
    for pair in pairs:
        cell_passages(pair, Effort(1_000))


def test_a_text_of_nothing_but_short_lines_is_compared_too() -> None:
    old = "a\n\n" * 130_000
    assert len(compared(old, old + "b")) == 130_001


def rules(word: str) -> str:
    """Return 2,000 paragraphs, no word of which stands in those of another word."""
    return "\n\n".join(" ".join(f"{word}{number}n{at}" for at in range(15)) for number in range(2_000))


def test_two_long_texts_are_compared_word_by_word_where_they_differ() -> None:
    old = rules("rule")
    new = "\n\n".join(line if at % 10 else f"{line} more" for at, line in enumerate(old.split("\n\n")))
    pairs = compared(old, new)
    assert Counter(pair.turn for pair in pairs) == {Turn.SAME: 1_800, Turn.CHANGED: 200}
    found = cell_passages(pairs[0], Effort(1_000))
    assert [one.text for one in found[0] if one.fate == Fate.NEW] == [" more"]


def test_two_long_texts_that_share_nothing_are_shown_paragraph_by_paragraph(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No line is looked at with each other line, and none is compared word by word."""
    looks = []

    def look(*both: frozenset[str]) -> float:
        looks.append(both)
        return 0.0

    monkeypatch.setattr(comparison, "_likeness", look)
    pairs = compared(rules("old"), rules("new"))
    assert Counter(pair.turn for pair in pairs) == {Turn.GONE: 2_000, Turn.NEW: 2_000}
    assert len(looks) <= MOST_LIKENESSES
    assert all(len(cell_passages(pair, Effort(0))) == 1 for pair in pairs)


@in_database
def test_a_page_of_two_long_texts_that_share_nothing_shows_the_first_of_them(
    client: Client, cast: Cast
) -> None:
    document = revising(cast, body=rules("new"))
    client.force_login(cast.auditor)
    page = client.get(f"/policies/{document.reference}/differences/").content.decode()
    assert page.count('<div class="compared-line') == LINES_A_PAGE
    assert "Added: <b>2000</b>" in page
    assert client.get(f"/policies/{document.reference}/differences/?page=2").status_code == 200


@in_database
def test_the_newest_is_compared_with_what_is_in_force(client: Client, cast: Cast) -> None:
    document = revising(cast)
    client.force_login(cast.auditor)
    path = f"/policies/{document.reference}/differences/"
    client.get(path)
    with assert_queries("version-differences"):
        page = client.get(path).content.decode()
    assert "1.0 against 2.0" in page
    assert '<ins><span class="visually-hidden">added: </span>And windows.</ins>' in page
    assert "Windows, too" in page


@in_database
def test_an_audience_that_gains_a_role_keeps_its_units(client: Client, cast: Cast) -> None:
    document = step(published(cast, audience=[cast.units.payments.pk]), "revise", cast.analyst)
    document.versions.filter(number=2).update(audience_roles=["executive"])
    client.force_login(cast.ciso)
    page = client.get(f"/policies/{document.reference}/differences/").content.decode()
    assert "Payments, role Executive" in page
    assert "Everyone" not in page


@in_database
def test_which_two_and_how_stands_in_the_address(client: Client, cast: Cast) -> None:
    document = revising(cast)
    client.force_login(cast.auditor)
    page = client.get(f"/policies/{document.reference}/differences/?old=2&new=1&view=inline").content.decode()
    assert '<del><span class="visually-hidden">removed: </span>And windows.</del>' in page
    assert "compared-old" not in page
    assert "view=side" in page


@in_database
@pytest.mark.parametrize("query", ["old=9", "new=x", "old=-1", "new=99999999999999999999", "old=٣"])
def test_versions_that_there_are_not_are_not_found(client: Client, cast: Cast, query: str) -> None:
    document = revising(cast)
    client.force_login(cast.auditor)
    assert client.get(f"/policies/{document.reference}/differences/?{query}").status_code == 404


@in_database
@pytest.mark.parametrize("query", ["page=-3", "page=x", "view=<b>", "whole=1", "old=1&new=1", "page=99"])
def test_other_words_in_the_address_do_no_harm(client: Client, cast: Cast, query: str) -> None:
    document = revising(cast)
    client.force_login(cast.auditor)
    assert client.get(f"/policies/{document.reference}/differences/?{query}").status_code == 200


@in_database
def test_a_first_version_has_nothing_to_be_compared_with(client: Client, cast: Cast) -> None:
    document = document_make(cast)
    client.force_login(cast.auditor)
    page = client.get(f"/policies/{document.reference}/differences/").content.decode()
    assert "There is one version so far." in page


@in_database
def test_a_long_comparison_has_pages_and_each_change_leads_to_the_next(client: Client, cast: Cast) -> None:
    rules = [f"Rule {number} holds." for number in range(800)]
    document = step(published(cast, body="\n\n".join(rules)), "revise", cast.analyst)
    draft = document.versions.get(number=2)
    draft.body = "\n\n".join(
        rule.replace("holds", "counts") if at % 10 == 0 else rule for at, rule in enumerate(rules)
    )
    draft.save()
    client.force_login(cast.auditor)
    path = f"/policies/{document.reference}/differences/"
    page = client.get(path).content.decode()
    assert 'id="change-1"' in page
    assert "page=2#change-" in page.replace("&amp;", "&")
    last = client.get(f"{path}?page=3").content.decode()
    assert 'id="change-80"' in last


@in_database
def test_what_was_typed_is_text(client: Client, cast: Cast) -> None:
    document = revising(cast, body=TEXT + "\n<script>alert(1)</script> & \u202egpj.exe\n")
    client.force_login(cast.auditor)
    page = client.get(f"/policies/{document.reference}/differences/").content.decode()
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert(1)" not in page


@in_database
def test_the_pages_of_versions_lead_to_it(client: Client, cast: Cast) -> None:
    document = revising(cast)
    client.force_login(cast.auditor)
    for url in (
        document.get_absolute_url(),
        document.get_tab_url("versions"),
        f"/policies/{document.reference}/versions/2/",
    ):
        assert f"/policies/{document.reference}/differences/" in client.get(url).content.decode()


@in_database
def test_whoever_decides_on_a_next_version_is_led_to_what_it_changes(client: Client, cast: Cast) -> None:
    client.force_login(cast.ciso)
    first = submitted(cast, title="Gate policy").approval_requests.get()
    assert "What changes" not in client.get(first.get_absolute_url()).content.decode()
    document = step(revising(cast), "submit_revision", cast.analyst)
    asked = document.approval_requests.get(state="open")
    way = f"/policies/{document.reference}/differences/?new=2"
    assert f'href="{way}"' in client.get(asked.get_absolute_url()).content.decode()
    assert "1.0 against 2.0" in client.get(way).content.decode()
    decide(document, cast.ciso)
    assert way not in client.get(asked.get_absolute_url()).content.decode(), "it is in force by now"
