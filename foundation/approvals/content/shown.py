"""What is to be approved, as a page shows it: facts, and the tables and texts of what is made of rows."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join, linebreaks
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from foundation.approvals.content.passages import (
    Passage,
    markdown_passages,
    plain_passages,
    row_anchor,
)
from foundation.approvals.kinds import ApprovalKind
from foundation.approvals.models import ApprovalRequest, passage_key
from foundation.conversation.markdown import markdown_html
from foundation.registry import registry
from foundation.signs import TURNING, hidden_signs, named_signs
from foundation.ui.structure import Fact

WIDEST = 8  # columns of a table
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")  # as contents keep it
LONGEST = 300  # characters of a cell
NOTHING = SafeString("")
Mark = Callable[[str], SafeString]


@dataclass(frozen=True)
class Rows:
    """Rows of one shape: a table where they are short, else each as facts below its first words."""

    label: Any
    columns: Sequence[Any]
    rows: Sequence[Sequence[tuple[Any, Any]]]
    entries: Sequence[tuple[str, Sequence[Fact]]]
    keys: Sequence[str] = ()
    marks: Sequence[SafeString] = ()
    mark: SafeString = NOTHING

    @property
    def entries_marked(self) -> list[tuple[str, Sequence[Fact], str, SafeString]]:
        """Return the entries, each with its id and the way to remark on it."""
        return [
            (*entry, key, mark) for entry, key, mark in zip(self.entries, self.keys, self.marks, strict=True)
        ]

    @property
    def is_table(self) -> bool:
        """Tell whether the rows fit a table."""
        return not self.entries


@dataclass(frozen=True)
class Text:
    """A Markdown text: its passages, each with the way to remark on it."""

    label: Any
    passages: Sequence[tuple[Passage, SafeString]]


@dataclass(frozen=True)
class Shown:
    """A content in the order in which its kind names it: first its facts, then what is made of rows."""

    facts: Sequence[Fact]
    parts: Sequence[Rows | Text]
    note: str = ""


def no_mark(anchor: str) -> SafeString:
    """Return nothing: for pages on which nobody remarks."""
    return NOTHING


def content_shown(request: ApprovalRequest, mark: Mark = no_mark) -> Shown:
    """Return what is to be approved as the page shows it; `mark` draws the way to remark on a passage, by its anchor."""
    kind = registry.find(ApprovalKind, request.record.kind)
    shown = (
        content_drawn(request.content, kind.labels, kind.markdown, mark)
        if kind
        else content_drawn(request.content, {}, mark=mark)
    )
    notes = (kind.note(request.content) if kind and kind.note else "", _hidden_words(request.content))
    return replace(shown, note=" ".join(note for note in notes if note))


def _hidden_words(content: Mapping[str, Any]) -> str:
    """Say which signs stand in a content that nobody sees, or that turn its writing direction; nothing where there are none."""
    if not (signs := hidden_signs(json.dumps(content, ensure_ascii=False, default=str))):
        return ""
    named = ", ".join(f"{sign} ({count})" for sign, count in signs)
    return _("It holds signs that nobody sees, or that turn the writing direction: %(signs)s.") % {
        "signs": named
    }


def content_drawn(
    content: Mapping[str, Any],
    labels: Mapping[str, Any],
    markdown: frozenset[str] = frozenset(),
    mark: Mark = no_mark,
) -> Shown:
    """Return a content as a page shows it; what `labels` does not name stands at the end, under its code.

    What `markdown` names is drawn as the Markdown that it is.
    """
    facts: list[Fact] = []
    parts: list[Rows | Text] = []
    for code in in_order(content, labels):
        value = content[code]
        if isinstance(value, str):
            value = named_signs(value, TURNING)
        label = labels.get(code, code)
        if _is_rows(value):
            parts.append(_rows(code, label, value, labels, markdown=markdown, mark=mark))
        elif code in markdown and isinstance(value, str):
            passages = markdown_passages(code, value)
            parts.append(Text(label, [(one, mark(one.anchor)) for one in passages]))
        elif isinstance(value, str) and "\n" in value:
            facts.append(Fact(label, _marked(plain_passages(code, value), mark)))
        else:
            facts.append(Fact(label, _shown(value)))
    return Shown(facts, parts)


def _marked(passages: Sequence[Passage], mark: Mark) -> SafeString:
    drawn = ((one.key, one.html, mark(one.anchor)) for one in passages)
    return format_html(
        '<div class="prose">{}</div>',
        format_html_join("", '<div class="passage" id="{}">{}{}</div>', drawn),
    )


def in_order(content: Mapping[str, Any], labels: Mapping[str, Any]) -> list[str]:
    """Return the codes of a content in the order of its labels; what they do not name comes last, by code."""
    return [*(code for code in labels if code in content), *sorted(content.keys() - labels.keys())]


def _is_rows(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(row, dict) for row in value)


def _rows(
    code: str,
    label: Any,
    rows: list[dict[str, Any]],
    labels: Mapping[str, Any],
    *,
    markdown: frozenset[str],
    mark: Mark,
) -> Rows:
    own = {
        name.removeprefix(f"{code}."): text for name, text in labels.items() if name.startswith(f"{code}.")
    }
    keys = in_order(dict.fromkeys(key for row in rows for key in row), own)
    columns = [own.get(key, key) for key in keys]
    if len(keys) <= WIDEST and not any(_is_long(row.get(key)) for row in rows for key in keys):
        cells = [
            [
                (column, _shown(row.get(key), is_markdown=f"{code}.{key}" in markdown))
                for key, column in zip(keys, columns, strict=True)
            ]
            for row in rows
        ]
        return Rows(label, columns, cells, (), mark=mark(code))
    entries = [
        (
            " ".join(str(row[key]) for key in keys[:2] if row.get(key)),
            [
                Fact(column, _shown(row[key], is_markdown=f"{code}.{key}" in markdown))
                for key, column in zip(keys[2:], columns[2:], strict=True)
                if row.get(key) not in (None, "", [])
            ],
        )
        for row in rows
    ]
    anchors = [row_anchor(code, number) for number in range(1, len(rows) + 1)]
    return Rows(
        label, columns, (), entries, [passage_key(one) for one in anchors], [mark(one) for one in anchors]
    )


def _is_long(value: Any) -> bool:
    if isinstance(value, list):
        return len(value) > 1
    return isinstance(value, str) and (len(value) > LONGEST or "\n" in value)


def _shown(value: Any, *, is_markdown: bool = False) -> Any:
    """Return a value in words: a list by lines, a row within a row as one line, a text with its paragraphs."""
    if is_markdown and isinstance(value, str):
        return format_html('<div class="prose">{}</div>', markdown_html(value))
    if isinstance(value, list):
        return (
            format_html_join("", "<div>{}</div>", ((_line(item),) for item in value)) if value else _("none")
        )
    if isinstance(value, str) and "\n" in value:
        return format_html('<div class="prose">{}</div>', SafeString(linebreaks(value, autoescape=True)))
    return _line(value)


def _line(value: Any) -> Any:
    if isinstance(value, dict):
        return " · ".join(str(_line(one)) for one in value.values() if one not in (None, "", []))
    if isinstance(value, list):
        return "; ".join(str(_line(one)) for one in value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, str) and DAY.fullmatch(value):
        return _day(value)
    return "" if value is None else value


def _day(value: str) -> str:
    """Return a day as the reader writes it; what only looks like one stays as it is."""
    try:
        return date_format(date.fromisoformat(value), "DATE_FORMAT")
    except ValueError:
        return value


def value_lines(value: Any) -> list[str]:
    """Return a value of a content as lines of plain text: to be compared, or put into a document."""
    if isinstance(value, list):
        return [str(_line(item)) for item in value]
    return str(_line(value)).splitlines()
