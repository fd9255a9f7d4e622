"""What a document is made of, as plain values: a cover, and blocks that follow each other.

Whoever writes a document puts it together from these; templates/typst/house.typ draws them, in the house's style. Texts
are words on a line, but for `Plain`, which keeps people's paragraphs, and `Prose`, which holds their Markdown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from foundation.documents.characters import language_of
from foundation.documents.manuscript import Picture, manuscript_of
from foundation.documents.prose import plain_of, prose_of

Node = dict[str, Any]
SHORT = 700  # letters of a row's longest cell: what is longer may go over to the next page


class Tone(StrEnum):
    """How a state is coloured, beside its word."""

    PLAIN = "plain"
    GOOD = "good"
    BAD = "bad"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True)
class State:
    """A word that says how things stand, drawn as a badge."""

    word: str
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True)
class Prose:
    """A person's Markdown."""

    markdown: str


@dataclass(frozen=True)
class Plain:
    """A person's text that is no Markdown: its paragraphs and lines are kept."""

    text: str


@dataclass(frozen=True)
class Strong:
    """A text that stands out."""

    text: str


@dataclass(frozen=True)
class Faint:
    """A text that stands back."""

    text: str


@dataclass(frozen=True)
class Mono:
    """A reference, a digest: short enough for its place, since it is never broken."""

    text: str


Part = str | int | State | Prose | Plain | Strong | Faint | Mono | None
Cell = Part | Sequence[Part]  # parts stand below each other


@dataclass(frozen=True)
class Heading:
    """A heading of level 1 to 3, which stands in the table of contents down to level 2. One level is never left out.

    `mark` stands before the text: a reference, a number. It is ours, whatever direction the text is written in.
    """

    text: str
    level: int = 1
    on_new_page: bool = False
    mark: str = ""


@dataclass(frozen=True)
class Facts:
    """What is said of one thing: labels, and beside each its value. Empty values are drawn as “–”."""

    rows: Sequence[tuple[str, Cell]]


@dataclass(frozen=True)
class Head:
    """A table column's heading. `width` counts in shares of the page, zero takes what it needs."""

    text: str
    width: int = 0
    at_end: bool = False


@dataclass(frozen=True)
class Line:
    """A table's row with what is too long for a column: it stands below the others, from the second column on."""

    cells: Sequence[Cell]
    below: Cell


@dataclass(frozen=True)
class Grid:
    """A table; its header is repeated on each page it breaks over. `total` is its last row, set apart."""

    heads: Sequence[Head]
    rows: Sequence[Sequence[Cell] | Line]
    total: Sequence[Cell] | None = None


@dataclass(frozen=True)
class Tiles:
    """A few figures at a glance: each a label, a number, and how it is toned."""

    items: Sequence[tuple[str, str | int, Tone]]


@dataclass(frozen=True)
class Note:
    """A sentence that must not be missed, or one that says that there is nothing to say."""

    text: str
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True)
class Contents:
    """The table of contents, down to headings of level `depth`."""

    title: str
    depth: int = 2


@dataclass(frozen=True)
class SignOff:
    """Who stands for the document: a role, a name, what that person did, and when; for what, and a note on that. Kept on one page."""

    rows: Sequence[tuple[str, str, str, str]]
    facts: Sequence[tuple[str, Cell]] = ()
    note: str = ""


@dataclass(frozen=True)
class Manuscript:
    """A whole text in people's Markdown, whose headings are the document's, below that of level `below`.

    `pictures` are those that are drawn, by what the text calls them; what its links lead to is printed.
    """

    markdown: str
    pictures: Mapping[str, Picture] = field(default_factory=dict)
    below: int = 0


Block = Heading | Facts | Grid | Tiles | Note | Prose | Plain | Contents | SignOff | Manuscript


@dataclass(frozen=True)
class Document:
    """A document as a whole.

    `kind` is what it is (“Audit report”), `draft` the word drawn across each page of one that nobody approved yet, `page`
    how a page's number is said, with {page} and {pages}. `language` is the code of the words that we wrote ourselves.
    """

    kind: str
    title: str
    reference: str
    organisation: str
    confidentiality: str
    cover: Sequence[tuple[str, Cell]]
    blocks: Sequence[Block]
    page: str
    language: str = "en"
    draft: str = ""
    digest: tuple[str, str] = ("", "")  # at the foot of the cover: what is proven, and its digest


def document_data(document: Document) -> Node:
    """Return a document as plain JSON data."""
    return {
        "kind": document.kind,
        "title": _words(document.title),
        "heading": document.title,
        "reference": document.reference,
        "organisation": _words(document.organisation),
        "author": document.organisation,
        "confidentiality": document.confidentiality,
        "cover": _rows(document.cover),
        "blocks": [_block(block) for block in document.blocks],
        "page": document.page,
        "language": document.language,
        "draft": document.draft,
        "note": document.digest[0],
        "exact": document.digest[1],
    }


def _rows(rows: Sequence[tuple[str, Cell]]) -> list[Node]:
    return [
        {"label": label, "value": drawn, "keep": _size(drawn) < SHORT}
        for label, value in rows
        for drawn in [_cell(value)]
    ]


def _row(row: Sequence[Cell] | Line) -> Node:
    line = row if isinstance(row, Line) else Line(row, None)
    cells, below = [_cell(cell) for cell in line.cells], _cell(line.below)
    return {
        "cells": cells,
        "keep": max(map(_size, cells)) < SHORT,
        "below": below,
        "keep_below": _size(below) < SHORT,
    }


def _size(drawn: Any) -> int:
    """Return about how many letters are in what is drawn; a list's item or a line end counts as many."""
    if isinstance(drawn, str):
        return len(drawn) + 60 * drawn.count("\n")
    if isinstance(drawn, dict):
        return 40 + sum(map(_size, drawn.values()))
    return sum(map(_size, drawn)) if isinstance(drawn, list) else 0


def _block(block: Block) -> Node:
    match block:
        case Heading(text, level, on_new_page, mark):
            return {
                "t": "heading",
                "text": _words(text),
                "level": level,
                "new_page": on_new_page,
                "mark": mark,
            }
        case Facts(rows):
            return {"t": "facts", "rows": _rows(rows)}
        case Grid(heads, rows, total):
            return {
                "t": "grid",
                "heads": [{"text": head.text, "width": head.width, "at_end": head.at_end} for head in heads],
                "rows": [_row(row) for row in rows],
                "total": [_cell(cell) for cell in total] if total is not None else [],
            }
        case Tiles(items):
            return {
                "t": "tiles",
                "items": [
                    {"label": label, "figure": str(figure), "tone": tone.value}
                    for label, figure, tone in items
                ],
            }
        case Note(text, tone):
            return {"t": "note", "text": _words(text), "tone": tone.value}
        case Contents(title, depth):
            return {"t": "contents", "title": title, "depth": depth}
        case SignOff(people, facts, note):
            return {
                "t": "signoff",
                "rows": [[_words(text) for text in person] for person in people],
                "facts": _rows(facts),
                "note": _block(Note(note)) if note else None,
            }
        case Prose(markdown):
            return {"t": "prose", "c": prose_of(markdown)}
        case Plain(text):
            return {"t": "prose", "c": plain_of(text)}
        case Manuscript(markdown, pictures, below):
            return {"t": "prose", "c": manuscript_of(markdown, pictures, below=below)}


def _cell(cell: Cell) -> list[Any]:
    parts = [cell] if isinstance(cell, Part) else cell
    return [_part(part) for part in parts if part is not None and part not in ("", Prose(""), Plain(""))]


def _part(part: Part) -> Any:
    match part:
        case State(word, tone):
            return {"t": "state", "word": word, "tone": tone.value}
        case Prose(markdown):
            return {"t": "prose", "c": prose_of(markdown)}
        case Plain(text):
            return {"t": "prose", "c": plain_of(text)}
        case Strong(text):
            return {"t": "bold", "text": _words(text)}
        case Faint(text):
            return {"t": "faint", "text": _words(text)}
        case Mono(text):
            return {"t": "mono", "exact": text}
        case _:
            return _words(str(part))


def _words(text: str) -> str | Node:
    """Return a text, with the language to set it in where that is another than the document's."""
    language = language_of(text)
    return {"t": "words", "s": text, "lang": language} if language else text
