"""A whole text in people's Markdown as a tree of plain values: with its headings, its tasks, its pictures, and where its links lead.

The nodes are those of `prose.py`; besides, a "head" has a level, an item may be a task, and there is
{"t": "picture", "svg", "alt", "width", "height"}.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from markdown_it.tree import SyntaxTreeNode

from foundation.documents.prose import Inline, Node, ProseReader, text_of
from foundation.markdown import Outline, markdown_parser

DEEPEST = 6
NARROWEST, WIDEST = 5, 60  # letters of a column, by which columns share the page
TO_FILL = 16
KEPT_WHOLE = 700  # letters of a cell: rows of shorter ones stay on one page
TASK = re.compile(r"\[([ xX])\] ")
BOXES = {" ": "\u2610 ", "x": "\u2611 ", "X": "\u2611 "}
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
    '<image width="{width}" height="{height}" href="data:{type};base64,{content}"/></svg>'
)


@dataclass(frozen=True)
class Picture:
    """A picture of our own making (no file as somebody sent it): PNG, JPEG or WebP, and its size in dots."""

    content: bytes
    content_type: str
    width: int
    height: int


def manuscript_of(markdown: str, pictures: Mapping[str, Picture], *, below: int = 0) -> list[Node]:
    """Return the blocks of a text. Of pictures that are not given by what the text calls them, the words in their place are drawn.

    `below` is the level of the heading that the text stands below. No level is left out, whatever the text does.
    """
    return _Reader(pictures, below).blocks_of(SyntaxTreeNode(PARSER.parse(markdown)))


class _Reader(ProseReader):
    def __init__(self, pictures: Mapping[str, Picture], below: int) -> None:
        self.pictures = pictures
        self.outline = Outline(below, DEEPEST)

    def heading(self, node: SyntaxTreeNode) -> Node:
        return {**super().heading(node), "level": self.outline.level(int(node.tag[1]))}

    def list_of(self, node: SyntaxTreeNode) -> Node:
        drawn = super().list_of(node)
        firsts = [item[0]["c"] if item and item[0]["t"] == "par" else [] for item in drawn["items"]]
        tasks = [bool(c) and isinstance(c[0], str) and TASK.match(c[0]) for c in firsts]
        for first, task in zip(firsts, tasks, strict=True):
            if task:
                first[0] = BOXES[task[1]] + first[0][task.end() :]
        return {**drawn, "tasks": bool(tasks) and all(tasks)}

    def table(self, node: SyntaxTreeNode) -> Node:
        drawn = super().table(node)
        sizes = [[len(text_of(cell["c"])) for cell in row] for row in (drawn["head"], *drawn["rows"])]
        # A column that nobody filled in yet is one to write into.
        widest = [max(head, *below) if any(below) else TO_FILL for head, *below in zip(*sizes, strict=True)]
        longest = max((size for row in sizes for size in row), default=0)
        return {
            **drawn,
            "widths": [min(max(size, NARROWEST), WIDEST) for size in widest],
            "keep": longest < KEPT_WHOLE,
        }

    def link(self, url: str, inner: list[Inline]) -> Iterator[Inline]:
        shown = url.removeprefix("mailto:")
        for part in super().link(url, inner):
            is_link = isinstance(part, dict) and part.get("t") == "link"
            yield {**part, "shown": shown} if is_link and inner != [shown] else part  # type: ignore[dict-item]

    def other(self, node: SyntaxTreeNode, inner: list[Inline]) -> Iterator[Inline]:
        if node.type != "image":
            yield from super().other(node, inner)
            return
        words = node.content.strip()
        picture = self.pictures.get(str(node.attrs.get("src", "")))
        if picture is None:
            yield {"t": "em", "c": [f"[{words or '?'}]"]}
            return
        yield {
            "t": "picture",
            "alt": words or "–",
            "width": picture.width,
            "height": picture.height,
            "svg": _svg(picture),
        }


def _svg(picture: Picture) -> str:
    return SVG.format(
        width=picture.width,
        height=picture.height,
        type=picture.content_type,
        content=b64encode(picture.content).decode(),
    )


def _parser() -> Any:
    return markdown_parser().enable("image")


PARSER = _parser()
