"""What was changed in a text: which lines two texts share, and within lines word by word."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import pairwise

WORDS = re.compile(r"\s+|\w+|[^\w\s]")
MOST_WORDS = (
    2_000  # of both lines, or lines of both texts; more are shown as a whole, since comparing them takes long
)
MOST_EFFORT = 400_000  # for two texts
MOST_GAP = 40_000  # pairs of the same line, where no line is the only one of its kind


class Fate(StrEnum):
    """What became of a passage."""

    KEPT = "kept"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True)
class Passage:
    """Words in a row that share a fate."""

    fate: Fate
    text: str


class TooMuch(Exception):
    """Comparing two texts takes more than may be taken."""


class Effort:
    """What may be taken for comparing: counted in words that are read, and in pairs of the same word that are looked at."""

    def __init__(self, left: int) -> None:
        self.left = left

    def take(self, cost: int) -> None:
        """Take so much of it; raise TooMuch, and take nothing, where less is left."""
        if cost > self.left:
            raise TooMuch
        self.left -= cost


def passages(old: str, new: str, effort: Effort | None = None) -> list[Passage]:
    """Return the newer text with what is gone from the older one, in reading order; one after the other where they are long.

    Raises TooMuch where more is needed than is left of an effort.
    """
    if old == new:
        return [Passage(Fate.KEPT, new)] if new else []
    if not old or not new:
        return [Passage(Fate.GONE, old) if old else Passage(Fate.NEW, new)]
    try:
        return list(_joined(_compared(old, new, effort or Effort(MOST_EFFORT))))
    except TooMuch:
        if effort is not None:
            raise
        return [Passage(Fate.GONE, old), Passage(Fate.NEW, new)]


def _pairs(before: Sequence[str], after: Sequence[str]) -> int:
    """Return how many pairs of the same word, or line, stand in two texts: comparing them takes about as long."""
    counts = Counter(after)
    return len(before) + len(after) + sum(count * counts[word] for word, count in Counter(before).items())


def _compared(old: str, new: str, effort: Effort) -> Iterator[Passage]:
    """Compare line by line, and word by word only the lines that are not the same: most texts are lists of items."""
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    if len(before) + len(after) > MOST_WORDS:
        yield Passage(Fate.GONE, old)
        yield Passage(Fate.NEW, new)
        return
    effort.take(_pairs(before, after))
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for what, start, end, new_start, new_end in matcher.get_opcodes():
        if what == "equal":
            yield Passage(Fate.KEPT, "".join(after[new_start:new_end]))
        elif end - start == new_end - new_start:
            for gone, came in zip(before[start:end], after[new_start:new_end], strict=True):
                yield from _compared_words(gone, came, effort)
        else:
            yield from _compared_words("".join(before[start:end]), "".join(after[new_start:new_end]), effort)


def _compared_words(old: str, new: str, effort: Effort) -> Iterator[Passage]:
    before, after = WORDS.findall(old), WORDS.findall(new)
    start, end = _shared(before, after)
    yield Passage(Fate.KEPT, "".join(after[:start]))
    yield from _compared_between(before[start : len(before) - end], after[start : len(after) - end], effort)
    yield Passage(Fate.KEPT, "".join(after[len(after) - end :]))


def _shared(before: Sequence[str], after: Sequence[str]) -> tuple[int, int]:
    """Return with how many of the same words two lines begin, and with how many of the others they end."""
    most = min(len(before), len(after))
    start = next((place for place in range(most) if before[place] != after[place]), most)
    # A blank stays with the word that comes behind it, so that "a b" and "a new b" differ by " new".
    start -= bool(start) and before[start - 1].isspace()
    end = next(
        (place for place in range(most - start) if before[-1 - place] != after[-1 - place]), most - start
    )
    return start, end


def _compared_between(before: Sequence[str], after: Sequence[str], effort: Effort) -> Iterator[Passage]:
    if len(before) + len(after) > MOST_WORDS:
        effort.take(len(before) + len(after))
        yield Passage(Fate.GONE, "".join(before))
        yield Passage(Fate.NEW, "".join(after))
        return
    effort.take(_pairs([word for word in before if not word.isspace()], after))
    # Blanks are no words to begin with: a text is half of them, and each would be looked at with each.
    matcher = SequenceMatcher(str.isspace, before, after, autojunk=False)
    for what, start, end, new_start, new_end in matcher.get_opcodes():
        if what == "equal":
            yield Passage(Fate.KEPT, "".join(after[new_start:new_end]))
            continue
        yield Passage(Fate.GONE, "".join(before[start:end]))
        yield Passage(Fate.NEW, "".join(after[new_start:new_end]))


def _joined(found: Iterator[Passage]) -> Iterator[Passage]:
    """Take a blank between two changes for changed, too: words that are replaced one by one read as one passage."""
    gone = new = ""
    for passage in found:
        if not passage.text:
            continue
        if passage.fate == Fate.KEPT and (
            not passage.text.isspace() or "\n" in passage.text or not (gone or new)
        ):
            yield from _changed(gone, new)
            gone = new = ""
            yield passage
        elif passage.fate == Fate.KEPT:
            gone, new = gone + passage.text, new + passage.text
        elif passage.fate == Fate.GONE:
            gone += passage.text
        else:
            new += passage.text
    yield from _changed(gone, new)


def _changed(gone: str, new: str) -> Iterator[Passage]:
    """Yield what is gone and what is new; blanks that both end in are kept."""
    end = ""
    while gone and new and gone[-1] == new[-1] and gone[-1].isspace():
        end, gone, new = new[-1] + end, gone[:-1], new[:-1]
    for fate, text in ((Fate.GONE, gone), (Fate.NEW, new), (Fate.KEPT, end)):
        if text:
            yield Passage(fate, text)


@dataclass(frozen=True)
class Run:
    """Lines in a row that two texts share: where they begin in each, and how many they are."""

    old: int
    new: int
    length: int


def same_runs(before: Sequence[Hashable], after: Sequence[Hashable]) -> list[Run]:
    """Return the lines that two texts share, in order.

    Lines that stand once in each lead (as in a patience diff): that takes little for long texts, and blank or repeated lines
    tear no paragraph apart. Where there are none, lines are compared one by one as long as they are few; of many, only
    what both begin and end with counts.
    """
    found: list[Run] = []
    effort = Effort(20 * (len(before) + len(after)) + MOST_GAP)
    gaps = [(0, len(before), 0, len(after))]
    while gaps:
        start, end, new_start, new_end = gaps.pop()
        first = start
        while start < end and new_start < new_end and before[start] == after[new_start]:
            start, new_start = start + 1, new_start + 1
        if start > first:
            found.append(Run(first, new_start - (start - first), start - first))
        last = end
        while start < end and new_start < new_end and before[end - 1] == after[new_end - 1]:
            end, new_end = end - 1, new_end - 1
        if end < last:
            found.append(Run(end, new_end, last - end))
        if start == end or new_start == new_end:
            continue
        try:
            effort.take(end - start + new_end - new_start)
        except TooMuch:
            continue
        if anchors := _anchors(before, after, (start, end, new_start, new_end)):
            edges = [(start - 1, new_start - 1), *anchors, (end, new_end)]
            found += [Run(old, new, 1) for old, new in anchors]
            gaps += [
                (old + 1, next_old, new + 1, next_new)
                for (old, new), (next_old, next_new) in pairwise(edges)
                if old + 1 < next_old and new + 1 < next_new
            ]
        else:
            found += _one_by_one(before[start:end], after[new_start:new_end], start, new_start)
    return _together(sorted(found, key=lambda run: run.old))


def _anchors(
    before: Sequence[Hashable], after: Sequence[Hashable], gap: tuple[int, int, int, int]
) -> list[tuple[int, int]]:
    """Return the places of lines that stand once in each part: the most of them that stand in the same order."""
    start, end, new_start, new_end = gap
    places = _once(before, start, end)
    new_places = _once(after, new_start, new_end)
    pairs = [(place, new_places[line]) for line, place in places.items() if line in new_places]
    # The longest row of rising places, by the smallest end of a row of each length.
    ends: list[int] = []
    tops: list[int] = []
    behind: list[int] = []
    for index, (_old, new) in enumerate(pairs):
        length = bisect_left(ends, new)
        behind.append(tops[length - 1] if length else -1)
        ends[length : length + 1], tops[length : length + 1] = [new], [index]
    row, index = [], tops[-1] if tops else -1
    while index >= 0:
        row.append(pairs[index])
        index = behind[index]
    return row[::-1]


def _once(lines: Sequence[Hashable], start: int, end: int) -> dict[Hashable, int]:
    """Return the places of lines that stand there once, in order."""
    places: dict[Hashable, int] = {}
    counts = Counter(lines[start:end])
    for place in range(start, end):
        if counts[lines[place]] == 1:
            places[lines[place]] = place
    return places


def _one_by_one(
    before: Sequence[Hashable], after: Sequence[Hashable], start: int, new_start: int
) -> list[Run]:
    counts = Counter(after)
    if sum(count * counts[line] for line, count in Counter(before).items()) > MOST_GAP:
        return []
    blocks = SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
    return [Run(start + block.a, new_start + block.b, block.size) for block in blocks if block.size]


def _together(runs: Sequence[Run]) -> list[Run]:
    """Join runs that follow each other in both texts."""
    joined: list[Run] = []
    for run in runs:
        last = joined[-1] if joined else None
        if last and (last.old + last.length, last.new + last.length) == (run.old, run.new):
            joined[-1] = Run(last.old, last.new, last.length + run.length)
        else:
            joined.append(run)
    return joined
