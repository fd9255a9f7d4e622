"""Dates as markup: what people wrote is shown as they wrote it."""

from dataclasses import fields
from datetime import date
from typing import Any

import pytest
from django.utils.html import escape

from foundation.calendar.drawing import entries_html
from foundation.calendar.selectors import Entry
from foundation.ui.components import Tone

BAD = """<script>alert('1')</script>" onclick="x"""
DAY = date(2026, 11, 27)


def entry(**changes: Any) -> Entry:
    texts: dict[str, Any] = {field.name: "" for field in fields(Entry)}
    known = {"pk": 7, "on": DAY, "due": DAY, "tone": Tone.BAD, "can_move": True, "was_dropped": False}
    return Entry(**{**texts, **known, **changes})


@pytest.mark.parametrize(
    "name", ["what", "title", "reference", "url", "assignee", "time", "distance", "closed"]
)
def test_every_text_is_escaped(name: str) -> None:
    markup = entries_html([entry(**{name: BAD})], back="next=%2F&x=1")
    assert BAD not in markup
    assert "<script" not in markup
    assert escape(BAD) in markup


def test_the_way_back_is_escaped() -> None:
    assert '?next=%2F&amp;x=1"' in entries_html([entry()], back="next=%2F&x=1")


def test_what_is_done_cannot_be_moved() -> None:
    markup = entries_html([entry(closed="Done on 3 November 2026", can_move=False)], back="")
    assert "data-move" not in markup
    assert "calendar-move" not in markup
    assert "is-done" in markup
    assert "data-move" in entries_html([entry()], back="")
