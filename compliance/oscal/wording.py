"""A text of a file cut into code and prose: what stands between backquotes is meant letter by letter."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator

BACKQUOTES = re.compile("`+")
# A link within the file: [AC-2](#ac-2).
INNER_LINK = re.compile(r"\[(?P<words>[^\[\]]*)\]\(#(?P<key>[^()\s]*)\)")


def code_and_prose(text: str) -> Iterator[tuple[bool, str]]:
    """Yield the text piece by piece, each with whether it is code; as in CommonMark, as many backquotes end it as began it."""
    runs = [(found.start(), found.end()) for found in BACKQUOTES.finditer(text)]
    starts: dict[int, list[int]] = {}
    for start, end in runs:
        starts.setdefault(end - start, []).append(start)
    done = 0
    for start, end in runs:
        if start < done:
            continue
        alike = starts[end - start]
        later = bisect_right(alike, start)
        if later == len(alike):
            continue
        if start > done:
            yield False, text[done:start]
        closes = alike[later] + end - start
        yield True, text[start:closes]
        done = closes
    if done < len(text):
        yield False, text[done:]


def linked(text: str, resolve: Callable[[str, str], str]) -> str:
    """Return a text with its links within the file resolved; `resolve` takes the words of one and what it points to."""
    if "](#" not in text:
        return text
    return "".join(
        piece if is_code else INNER_LINK.sub(lambda found: resolve(found["words"], found["key"]), piece)
        for is_code, piece in code_and_prose(text)
    )
