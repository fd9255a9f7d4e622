"""What two contents say differently, field by field and line by line."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from foundation.approvals.content.shown import in_order, value_lines

AROUND = 1  # lines that stay, shown beside what changed
MOST_LINES = 400  # of a field, shown
MOST_COMPARED = 5_000  # of a field; where there are more, all of it is another


@dataclass(frozen=True)
class Line:
    """A line that went (-), came (+) or stays; an empty sign with no text stands for what is left out between."""

    sign: str
    text: str


@dataclass(frozen=True)
class Difference:
    """A field that says something else: what it is called, its lines, and whether there are more than are shown."""

    label: Any
    lines: Sequence[Line]
    has_more: bool = False


def differences(
    before: Mapping[str, Any], after: Mapping[str, Any], labels: Mapping[str, Any]
) -> list[Difference]:
    """Return what is not the same in two contents, in the order in which the kind names its fields."""
    found = []
    for code in in_order({**before, **after}, labels):
        if before.get(code) == after.get(code):
            continue
        lines = list(_lines(value_lines(before.get(code)), value_lines(after.get(code))))
        found.append(Difference(labels.get(code, code), lines[:MOST_LINES], len(lines) > MOST_LINES))
    return found


def _lines(before: Sequence[str], after: Sequence[str]) -> Iterator[Line]:
    if max(len(before), len(after)) > MOST_COMPARED:
        yield from (Line("-", text) for text in before)
        yield from (Line("+", text) for text in after)
        return
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for number, group in enumerate(matcher.get_grouped_opcodes(AROUND)):
        if number:
            yield Line("", "")
        for tag, start, end, new_start, new_end in group:
            if tag == "equal":
                yield from (Line(" ", text) for text in before[start:end])
                continue
            yield from (Line("-", text) for text in before[start:end])
            yield from (Line("+", text) for text in after[new_start:new_end])
