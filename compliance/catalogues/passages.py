"""What was changed in a text, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

WORDS = re.compile(r"\s+|\w+|[^\w\s]")
MOST_WORDS = 4_000  # of both texts; longer ones are shown as a whole, since comparing them takes long


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
    before, after = WORDS.findall(old), WORDS.findall(new)
    if old == new:
        return [Passage(Fate.KEPT, new)] if new else []
    if not before or not after or len(before) + len(after) > MOST_WORDS:
        whole = (Passage(Fate.GONE, old), Passage(Fate.NEW, new))
        return [passage for passage in whole if passage.text]
    return list(_joined(_compared(before, after)))


def _compared(before: list[str], after: list[str]) -> Iterator[Passage]:
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
