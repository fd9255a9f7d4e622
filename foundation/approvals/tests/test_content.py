"""What is to be approved is shown readably, whatever it is made of."""

from django.template.loader import render_to_string

from foundation.approvals.content import content_drawn
from foundation.ui.components import say

LABELS = {
    "title": "Title",
    "checks": "Checks",
    "checks.requirement": "Requirement",
    "checks.result": "Result",
    "findings": "Findings",
    "findings.reference": "Reference",
    "findings.title": "Title",
    "findings.text": "What was found",
    "findings.risk": "Risk",
    "findings.actions": "Actions",
}


def test_facts_stand_in_the_order_of_their_labels() -> None:
    content = {"zeta": "last", "checks": [], "year": 2027, "title": "Audit", "is_final": True, "gone": None}
    facts = content_drawn(content, LABELS).facts
    assert [(str(fact.label), say(fact.value)) for fact in facts] == [
        ("Title", "Audit"),
        ("Checks", "none"),
        ("gone", ""),
        ("is_final", "yes"),
        ("year", "2027"),
        ("zeta", "last"),
    ]


def test_short_rows_are_a_table() -> None:
    rows = [{"result": "Conforms", "requirement": "AC-2"}, {"requirement": "AC-3"}]
    (part,) = content_drawn({"checks": rows}, LABELS).parts
    assert part.is_table
    assert part.rows == [
        [("Requirement", "AC-2"), ("Result", "Conforms")],
        [("Requirement", "AC-3"), ("Result", "")],
    ]
    page = render_to_string("approvals/_rows.html", {"part": part})
    assert "<th" in page
    assert 'data-label="Result">Conforms' in page


def test_markdown_is_drawn_where_it_is_markdown() -> None:
    row = {"reference": "FND-0001", "title": "Leavers", "text": "- **a.** <b>accounts</b>\n- **b.** keys"}
    texts = {}
    for markdown in (frozenset[str](), frozenset({"findings.text"})):
        (part,) = content_drawn({"findings": [row]}, LABELS, markdown).parts
        texts[bool(markdown)] = render_to_string("approvals/_rows.html", {"part": part})
    assert "- **a.** &lt;b&gt;" in texts[False]
    assert "<li><strong>a.</strong> &lt;b&gt;accounts&lt;/b&gt;</li>" in texts[True]


def test_long_rows_are_texts_below_their_first_words() -> None:
    row = {
        "reference": "FND-0001",
        "title": "Leavers keep <access>",
        "text": "First.\n\nSecond.",
        "risk": "",
        "actions": [{"title": "Close accounts", "due": "2027-03-01"}, {"title": "Ask HR"}],
    }
    (part,) = content_drawn({"findings": [row]}, LABELS).parts
    assert not part.is_table
    page = render_to_string("approvals/_rows.html", {"part": part})
    assert "FND-0001 Leavers keep &lt;access&gt;" in page
    assert "<p>First.</p>" in page
    assert "Close accounts · 1 March 2027" in page
    assert "<dt>Risk</dt>" not in page, "what is empty is left out"
