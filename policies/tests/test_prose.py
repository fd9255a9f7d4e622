"""A document's text on a page: headings that can be linked to, and nothing that could do harm."""

import re

import pytest

from policies.prose import prose_of


def test_headings_have_anchors_of_their_own_below_the_pages_title() -> None:
    prose = prose_of("# Scope\n\n## Rules\n\n## Rules\n\n###### Deep\n")
    assert [(one.depth, one.anchor) for one in prose.sections] == [
        (1, "section-scope"),
        (2, "section-rules"),
        (2, "section-rules-2"),
        (3, "section-deep"),
    ]
    assert '<h2 id="section-scope">Scope</h2>' in prose.html
    assert '<h4 id="section-deep">' in prose.html
    assert "<h1" not in prose.html


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("## Scope\n\n### Rules\n\n## Duties\n", [1, 2, 1]),
        ("# Scope\n\n#### Rules\n\n##### Deep\n\n# Duties\n", [1, 2, 3, 1]),
        ("### Scope\n\n## Rules\n\n# Duties\n", [1, 1, 1]),
    ],
)
def test_no_level_of_headings_is_left_out(text: str, levels: list[int]) -> None:
    prose = prose_of(text)
    assert [one.depth for one in prose.sections] == levels
    assert re.findall(r"<h(\d) ", prose.html) == [str(level + 1) for level in levels]


def test_a_heading_without_words_has_an_anchor_too() -> None:
    assert [one.anchor for one in prose_of("# !!!\n\n# ???\n").sections] == ["section-1", "section-1-2"]


def test_tasks_are_boxes() -> None:
    html = prose_of("- [ ] Lock the *door*\n- [x] Done\n- [] no task\n").html
    assert '<span class="task-box">☐</span> Lock the <em>door</em>' in html
    assert '<span class="task-box">☑</span> Done' in html
    assert "[] no task" in html


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "![x](data:text/html;base64,PHNjcmlwdD4=)",
        "<img src=x onerror=alert(1)>",
        "[x](data:text/html,<script>)",
        "# <svg onload=alert(1)>",
        "| a |\n|---|\n| <iframe src=//example.com> |",
        '<span class="task-box" onclick="x">',
    ],
)
def test_nothing_active_is_left(text: str) -> None:
    html = prose_of(text).html.lower()
    for mark in ("<script", "<img", "<svg", "<iframe", 'href="javascript', 'href="data'):
        assert mark not in html
    assert "<span" not in html


def test_writing_from_right_to_left_and_invisible_characters_stay_text() -> None:
    prose = prose_of("# \u202eabc\u202c\u200b\n\nשלום \u200b עולם\n")
    assert prose.sections[0].anchor.startswith("section-")
    assert "\u200b" not in prose.sections[0].anchor
    assert "שלום" in prose.html
