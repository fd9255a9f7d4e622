"""What was changed in a text, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

WORDS = re.compile(r"\s+|\w+|[^\w\s]")
MOST_WORDS = (
    2_000  # of both lines, or lines of both texts; more are shown as a whole, since comparing them takes long
)


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


def passages(old: str, new: str) -> list[Passage]:
    """Return the newer text with what is gone from the older one, in reading order; one after the other where they are long."""
    if old == new:
        return [Passage(Fate.KEPT, new)] if new else []
    if not old or not new:
        return [Passage(Fate.GONE, old) if old else Passage(Fate.NEW, new)]
    return list(_joined(_compared(old, new)))


def _compared(old: str, new: str) -> Iterator[Passage]:
    """Compare line by line, and word by word only the lines that are not the same: most texts are lists of items."""
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    if len(before) + len(after) > MOST_WORDS:
        yield Passage(Fate.GONE, old)
        yield Passage(Fate.NEW, new)
        return
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for what, start, end, new_start, new_end in matcher.get_opcodes():
        if what == "equal":
            yield Passage(Fate.KEPT, "".join(after[new_start:new_end]))
        elif end - start == new_end - new_start:
            for gone, came in zip(before[start:end], after[new_start:new_end], strict=True):
                yield from _compared_words(gone, came)
        else:
            yield from _compared_words("".join(before[start:end]), "".join(after[new_start:new_end]))


def _compared_words(old: str, new: str) -> Iterator[Passage]:
    before, after = WORDS.findall(old), WORDS.findall(new)
    if len(before) + len(after) > MOST_WORDS:
        yield Passage(Fate.GONE, old)
        yield Passage(Fate.NEW, new)
        return
    matcher = SequenceMatcher(None, before, after, autojunk=False)
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
