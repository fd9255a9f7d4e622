"""Two texts of a document laid beside each other: which paragraphs, items and rows are the same, changed, gone or new."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from markdown_it.token import Token

from foundation.markdown import markdown_parser
from foundation.passages import Effort, Fate, Passage, Run, TooMuch, passages, same_runs
from foundation.signs import INVISIBLE, TURNING, named_signs

MOST_LINES = 20_000  # of a text; one that has more is compared as it is typed, line by line
MOST_PAIRS = 1_000  # of lines of one gap that are looked at, each with each, for which became which
MOST_LIKENESSES = 15_000  # that are looked at for two texts
ALIKE = 0.35  # how much of their words two lines share, at the least, of which one became the other
CONTEXT = 2  # lines that stay the same and are shown around what changed
SHORTEST_FOLD = 3
WORD = re.compile(r"\w+")
TASK = re.compile(r"\[([ xX])\] ")


class LineKind(StrEnum):
    """What a line of a text is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    HEAD = "head"
    ROW = "row"
    CODE = "code"
    RULE = "rule"


@dataclass(frozen=True)
class Line:
    """A heading, a paragraph, an item of a list, a row of a table or a line of code, as it was typed.

    `depth` is the level of a heading, and how deep an item stands; `marker` stands before an item, and is no part of what is
    compared: items are counted anew when one is put in before. `cells` has one text, and those of a row.
    """

    kind: LineKind
    depth: int
    cells: tuple[str, ...]
    marker: str = ""
    is_quoted: bool = False

    @property
    def key(self) -> tuple[object, ...]:
        """Return what makes it the same as another."""
        return (self.kind, self.depth, self.is_quoted, self.cells)

    @property
    def text(self) -> str:
        """Return what it says, as it was typed."""
        return " ".join(self.cells)


class Turn(StrEnum):
    """What became of a line."""

    SAME = "same"
    CHANGED = "changed"
    FORMAT = "format"  # the same words, drawn otherwise
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True)
class Pair:
    """A line of the older text beside the line of the newer one that it became."""

    old: Line | None
    new: Line | None
    turn: Turn

    @property
    def line(self) -> Line:
        """Return the newer one, or the older one where there is no newer."""
        found = self.new or self.old
        assert found is not None, "a pair has one line at least"
        return found


@dataclass(frozen=True)
class Stretch:
    """Lines in a row: changes with what stands around them (`number` counts them), or what is the same and folded away."""

    pairs: tuple[Pair, ...]
    number: int = 0

    @property
    def is_folded(self) -> bool:
        """Tell whether it is only counted."""
        return not self.number

    @property
    def heading(self) -> str:
        """Return the last heading in it, so that one knows where what follows stands."""
        headings = (pair.line.text for pair in reversed(self.pairs) if pair.line.kind == LineKind.HEADING)
        return next(headings, "")


@lru_cache(maxsize=16)
def lines_of(text: str) -> tuple[Line, ...]:
    """Return the lines of a Markdown text; kept for the pages of what was compared last."""
    if text.count("\n") > MOST_LINES:
        return tuple(Line(LineKind.PARAGRAPH, 0, (line,)) for line in text.splitlines() if line.strip())
    return tuple(_Reader().read(PARSER.parse(text)))


class _Reader:
    """Turns the parser's blocks into lines."""

    def __init__(self) -> None:
        self._lists: list[int | None] = []  # the next number of each list that is open; None: bullets
        self._marker = ""
        self._quotes = 0
        self._heading = 0
        self._row: list[str] | None = None
        self._is_head = False

    def read(self, tokens: Sequence[Token]) -> Iterator[Line]:
        """Yield the lines."""
        for token in tokens:
            match token.type:
                case "inline" if self._row is not None:
                    self._row.append(token.content)
                case "inline":
                    yield self._said(token.content)
                case "tr_close":
                    yield self._row_read()
                case "fence" | "code_block":
                    for line in token.content.splitlines():
                        yield self._line(LineKind.CODE, line)
                case "hr":
                    yield self._line(LineKind.RULE, "")
                case _:
                    self._stand(token)

    def _stand(self, token: Token) -> None:
        """Keep in mind what the lines that follow stand in."""
        match token.type:
            case "heading_open" | "heading_close":
                self._heading = int(token.tag[1]) if token.nesting > 0 else 0
            case "bullet_list_open":
                self._lists.append(None)
            case "ordered_list_open":
                self._lists.append(int(token.attrGet("start") or 1))
            case "bullet_list_close" | "ordered_list_close":
                self._lists.pop()
            case "list_item_open":
                self._begin_item()
            case "blockquote_open" | "blockquote_close":
                self._quotes += token.nesting
            case "thead_open" | "tbody_open":
                self._is_head = token.type == "thead_open"
            case "tr_open":
                self._row = []

    def _line(self, kind: LineKind, *cells: str, depth: int = 0, marker: str = "") -> Line:
        return Line(kind, depth, cells, marker, bool(self._quotes))

    def _begin_item(self) -> None:
        number = self._lists[-1]
        self._marker = "•" if number is None else f"{number}."
        if number is not None:
            self._lists[-1] = number + 1

    def _said(self, content: str) -> Line:
        if self._heading:
            return self._line(LineKind.HEADING, content, depth=self._heading)
        if not self._lists:
            return self._line(LineKind.PARAGRAPH, content)
        marker, self._marker = self._marker, ""
        return self._line(LineKind.ITEM, content, depth=len(self._lists), marker=marker)

    def _row_read(self) -> Line:
        cells, self._row = self._row or [], None
        return self._line(LineKind.HEAD if self._is_head else LineKind.ROW, *cells)


def compared(old: str, new: str) -> list[Pair]:
    """Return the lines of two texts as pairs, in reading order."""
    before, after = lines_of(old), lines_of(new)
    runs = same_runs([line.key for line in before], [line.key for line in after])
    pairs: list[Pair] = []
    start = new_start = 0
    effort = Effort(MOST_LIKENESSES)
    for run in [*runs, Run(len(before), len(after), 0)]:
        pairs += _became(before[start : run.old], after[new_start : run.new], effort)
        start, new_start = run.old + run.length, run.new + run.length
        pairs += [
            Pair(old_line, new_line, Turn.SAME)
            for old_line, new_line in zip(before[run.old : start], after[run.new : new_start], strict=True)
        ]
    return pairs


def _became(gone: Sequence[Line], came: Sequence[Line], effort: Effort) -> Iterator[Pair]:
    """Yield which lines became which: those that share words, in order; the others are gone or new."""
    if not gone and not came:
        return
    words, new_words = [_words(line) for line in gone], [_words(line) for line in came]
    start = new_start = 0
    for at, new_at in [*_alike(words, new_words, effort), (len(gone), len(came))]:
        yield from (Pair(line, None, Turn.GONE) for line in gone[start:at])
        yield from (Pair(None, line, Turn.NEW) for line in came[new_start:new_at])
        if at < len(gone):
            yield Pair(gone[at], came[new_at], _turn(gone[at], came[new_at], words[at] == new_words[new_at]))
        start, new_start = at + 1, new_at + 1


def _turn(old: Line, new: Line, has_same_words: bool) -> Turn:
    if old.key == new.key:
        return Turn.SAME
    return Turn.FORMAT if has_same_words and _plain_cells(old) == _plain_cells(new) else Turn.CHANGED


def _plain_cells(line: Line) -> list[str]:
    return [plain_of(cell) for cell in line.cells]


def _words(line: Line) -> list[str]:
    return WORD.findall(line.text)


def _alike(
    gone: Sequence[Sequence[str]], came: Sequence[Sequence[str]], effort: Effort
) -> list[tuple[int, int]]:
    """Return the places of lines (their words) of which one became the other, in order.

    Among few, the most alike that there are. Among many, those that begin alike, and between them those in the same place.
    """
    if len(gone) * len(came) > min(MOST_PAIRS, effort.left):
        return _alike_of_many(gone, came)
    effort.take(len(gone) * len(came))
    bags, new_bags = [frozenset(words) for words in gone], [frozenset(words) for words in came]
    scores = [[_likeness(bag, other) for other in new_bags] for bag in bags]
    # The best sum from each place on.
    best = [[0.0] * (len(came) + 1) for _ in range(len(gone) + 1)]
    for at in range(len(gone) - 1, -1, -1):
        for new_at in range(len(came) - 1, -1, -1):
            score = scores[at][new_at]
            paired = score + best[at + 1][new_at + 1] if score else 0.0
            best[at][new_at] = max(best[at + 1][new_at], best[at][new_at + 1], paired)
    found, at, new_at = [], 0, 0
    while at < len(gone) and new_at < len(came):
        score = scores[at][new_at]
        if score and best[at][new_at] == score + best[at + 1][new_at + 1]:
            found.append((at, new_at))
            at, new_at = at + 1, new_at + 1
        elif best[at][new_at] == best[at + 1][new_at]:
            at += 1
        else:
            new_at += 1
    return found


def _alike_of_many(gone: Sequence[Sequence[str]], came: Sequence[Sequence[str]]) -> list[tuple[int, int]]:
    runs = same_runs([tuple(words[:4]) for words in gone], [tuple(words[:4]) for words in came])
    found: list[tuple[int, int]] = []
    start = new_start = 0
    for run in [*runs, Run(len(gone), len(came), 0)]:
        both = zip(gone[start : run.old], came[new_start : run.new], strict=False)
        found += [
            (start + at, new_start + at)
            for at, (one, other) in enumerate(both)
            if _likeness(frozenset(one), frozenset(other))
        ]
        found += [(run.old + at, run.new + at) for at in range(run.length)]
        start, new_start = run.old + run.length, run.new + run.length
    return found


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Return how much of their words two lines share, up to 1; 0 where that is too little."""
    total = len(one) + len(other)
    share = 2 * len(one & other) / total if total else 0.0
    return share if share >= ALIKE else 0.0


def stretches(pairs: Sequence[Pair], *, is_folding: bool = True) -> list[Stretch]:
    """Return pairs parted into changes, each with a little around it, and what is the same in between."""
    if not is_folding:
        return [Stretch(tuple(pairs), 1)] if pairs else []
    shown = [False] * len(pairs)
    for at, pair in enumerate(pairs):
        if pair.turn != Turn.SAME:
            for near in range(max(0, at - CONTEXT), min(len(pairs), at + CONTEXT + 1)):
                shown[near] = True
    found: list[Stretch] = []
    number = 0
    for is_shown, start, end in _runs_of(shown):
        if not is_shown and end - start >= SHORTEST_FOLD:
            found.append(Stretch(tuple(pairs[start:end])))
        elif found and found[-1].number:
            found[-1] = Stretch(found[-1].pairs + tuple(pairs[start:end]), number)
        else:
            number += 1
            found.append(Stretch(tuple(pairs[start:end]), number))
    return found


def _runs_of(values: Sequence[bool]) -> Iterator[tuple[bool, int, int]]:
    start = 0
    for at in range(1, len(values) + 1):
        if at == len(values) or values[at] != values[start]:
            yield values[start], start, at
            start = at


def cell_passages(pair: Pair, effort: Effort) -> list[list[Passage]]:
    """Return what is kept, gone and new in each cell of a line; one after the other where comparing them takes too much."""
    old = [plain_of(cell) for cell in pair.old.cells] if pair.old else []
    new = [plain_of(cell) for cell in pair.new.cells] if pair.new else []
    if pair.turn in (Turn.SAME, Turn.FORMAT):
        return [[Passage(Fate.KEPT, cell)] for cell in new]
    if pair.turn == Turn.CHANGED and len(old) == len(new):
        return [_compared(one, other, effort) for one, other in zip(old, new, strict=True)]
    if pair.turn == Turn.CHANGED:
        return [_compared(" | ".join(old), " | ".join(new), effort)]
    return [[Passage(Fate.GONE, cell)] for cell in old] or [[Passage(Fate.NEW, cell)] for cell in new]


def _compared(old: str, new: str, effort: Effort) -> list[Passage]:
    try:
        return passages(old, new, effort)
    except TooMuch:
        return [Passage(Fate.GONE, old), Passage(Fate.NEW, new)]


def plain_of(source: str) -> str:
    """Return a line without the signs of Markdown; where a link leads stands behind it."""
    task = TASK.match(source)
    box = "" if task is None else "☐ " if task[1] == " " else "☑ "
    tokens = PARSER_OF_WORDS.parseInline(source[task.end() :] if task else source)
    return box + named_signs("".join(_plain(tokens[0].children or [])), UNSEEN)


def _plain(tokens: Sequence[Token]) -> Iterator[str]:
    links: list[tuple[str, int]] = []
    said = ""
    for token in tokens:
        words = ""
        match token.type:
            case "softbreak" | "hardbreak":
                words = "\n"
            case "image":
                words = f"[{token.content}] ({token.attrGet('src')})"
            case "link_open":
                links.append((str(token.attrGet("href") or ""), len(said)))
            case "link_close":
                address, start = links.pop()
                words = "" if said[start:] == address else f" ({address})"
            case _:
                words = token.content
        said += words
        yield words


# Blocks alone: words are parsed of the lines that are shown. What [x]: … names is a line like others, so that a change of it shows.
PARSER = markdown_parser().disable(["inline", "linkify", "reference"])
PARSER_OF_WORDS = markdown_parser().enable("image")
# What nobody sees is named, so that no change hides in it.
UNSEEN = re.compile(f"{INVISIBLE.pattern}|{TURNING.pattern}")
