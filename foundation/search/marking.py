"""How what was found is shown: the part of a text around the words, with the words marked."""

from __future__ import annotations

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from foundation.records.lexemes import Question, spans_of

LOOKED_THROUGH = 20_000  # characters of a text
SHOWN = 200
BEFORE = 60


def marked(text: str, question: Question) -> SafeString:
    """Return a text as HTML, escaped, with the words of a question marked."""
    parts: list[str] = []
    place = 0
    for start, end in spans_of(text, question):
        parts += (conditional_escape(text[place:start]), format_html("<mark>{}</mark>", text[start:end]))
        place = end
    return SafeString("".join((*parts, conditional_escape(text[place:]))))


def excerpt(text: str, question: Question) -> str:
    """Return some 200 characters around the first word of a question that occurs; nothing when none does."""
    text = " ".join(text[:LOOKED_THROUGH].split())
    spans = spans_of(text, question)
    if not spans:
        return ""
    start = max(0, spans[0][0] - BEFORE)
    if start:  # begin with a whole word, where words are written apart
        blank = text.find(" ", start, spans[0][0])
        start = blank + 1 if blank >= 0 else start
    end = start + SHOWN
    if end < len(text):
        blank = text.rfind(" ", spans[0][1], end)
        end = blank if blank >= 0 else end
    return f"{'… ' if start else ''}{text[start:end]}{' …' if end < len(text) else ''}"
