"""The texts that documents start from."""

import re

import pytest

from policies.choices import DocumentType
from policies.prose import prose_of
from policies.starting_texts import FOLDER, StartingText, starting_text, starting_texts

TWO_PAGES = 900  # words


def test_every_text_is_offered() -> None:
    assert {text.key for text in starting_texts()} == {path.stem for path in FOLDER.glob("*.md")}
    assert sum(text.type == DocumentType.POLICY for text in starting_texts()) == 10
    assert starting_text("incident-response-plan").title == "Incident response plan"
    assert starting_text("../secrets") is None


@pytest.mark.parametrize("text", starting_texts(), ids=lambda text: text.key)
def test_a_text_is_two_pages_at_least_and_reads_as_it_is_meant(text: StartingText) -> None:
    assert len(text.body.split()) >= TWO_PAGES
    assert not text.body.startswith("#  ")
    prose = prose_of(text.body)
    assert len(prose.sections) >= 6
    rules = re.findall(r"^\|[-:| ]+\|$", text.body, re.MULTILINE)
    assert prose.html.count("<table>") == len(rules)
    assert "|---" not in prose.html
    assert "<br" not in prose.html  # no paragraph is broken where its file is


def test_the_organisations_name_is_filled_in() -> None:
    text = starting_text("information-security-policy")
    assert "[organisation]" in text.body
    assert "[organisation]" not in text.body_for("Harbour Bank")
    assert "Harbour Bank" in text.body_for("Harbour Bank")
    assert "[twelve months]" in text.body_for("Harbour Bank")
