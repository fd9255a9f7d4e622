"""People's Markdown as a tree of plain values, which our typesetting code draws: nothing in it is ever run.

A block is {"t": "par" | "head" | "list" | "quote" | "code" | "rule" | "table", …}; within it stand texts, and
{"t": "em" | "strong" | "strike" | "code" | "link" | "br", …}.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from markdown_it.tree import SyntaxTreeNode

from foundation.documents.characters import language_of
from foundation.markdown import markdown_parser

Node = dict[str, Any]
Inline = str | Node

PARSER = markdown_parser()
EMPTY_LINE = re.compile(r"\n[ \t]*\n")
SCHEMES = ("http://", "https://", "mailto:")
WITHIN = {"em": "em", "strong": "strong", "s": "strike"}


def prose_of(markdown: str) -> list[Node]:
    """Return the blocks of a text."""
    return ProseReader().blocks_of(SyntaxTreeNode(PARSER.parse(markdown)))


def plain_of(text: str) -> list[Node]:
    """Return a text that is no Markdown as blocks: its paragraphs, each with its lines."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return [_paragraph(part.strip("\n")) for part in EMPTY_LINE.split(text.strip()) if part.strip()]


def _paragraph(text: str) -> Node:
    inline: list[Inline] = []
    for line in text.split("\n"):
        inline += [{"t": "br"}, line] if inline else [line]
    language = language_of(text)
    return {"t": "par", "c": inline, **({"lang": language} if language else {})}


class ProseReader:
    """Reads Markdown that stands within a document: its headings are words that stand out, its pictures are not drawn."""

    def blocks_of(self, parent: SyntaxTreeNode) -> list[Node]:
        """Return what stands in a part of the text, block by block."""
        return [block for node in parent.children for block in self._block(node)]

    def heading(self, node: SyntaxTreeNode) -> Node:
        """Return a heading."""
        return {"t": "head", **self._words(node)}

    def list_of(self, node: SyntaxTreeNode) -> Node:
        """Return a list."""
        start = int(node.attrs.get("start", 1)) if node.type == "ordered_list" else None
        return {"t": "list", "start": start, "items": [self.blocks_of(item) for item in node.children]}

    def table(self, node: SyntaxTreeNode) -> Node:
        """Return a table."""
        rows = [
            [self._words(cell) for cell in row.children] for part in node.children for row in part.children
        ]
        return {"t": "table", "head": rows[0], "rows": rows[1:]}

    def link(self, url: str, inner: list[Inline]) -> Iterator[Inline]:
        """Yield a link. What is elsewhere than in the web (a page of this portal, a file) leads nowhere on paper."""
        yield from [{"t": "link", "url": url, "c": inner}] if url.startswith(SCHEMES) else inner

    def other(self, node: SyntaxTreeNode, inner: list[Inline]) -> Iterator[Inline]:
        """Yield what is none of the usual parts, as it was typed."""
        yield node.content

    def _block(self, node: SyntaxTreeNode) -> Iterator[Node]:
        match node.type:
            case "paragraph":
                yield {"t": "par", **self._words(node)}
            case "heading":
                yield self.heading(node)
            case "bullet_list" | "ordered_list":
                yield self.list_of(node)
            case "blockquote":
                yield {"t": "quote", "c": self.blocks_of(node)}
            case "fence" | "code_block":
                yield {"t": "code", "s": node.content.rstrip("\n")}
            case "hr":
                yield {"t": "rule"}
            case "table":
                yield self.table(node)
            case _:
                yield {"t": "par", "c": [node.content]}

    def _words(self, block: SyntaxTreeNode) -> Node:
        """Return what stands in a block, and the language to set it in where that is another than the document's."""
        inline = [part for child in block.children for part in self._inline(child)]
        language = language_of(text_of(inline))
        return {"c": inline, "lang": language} if language else {"c": inline}

    def _inline(self, parent: SyntaxTreeNode) -> Iterator[Inline]:
        for node in parent.children:
            inner = list(self._inline(node))
            if node.type == "text":
                yield node.content
            elif node.type in WITHIN:
                yield {"t": WITHIN[node.type], "c": inner}
            elif node.type == "code_inline":
                yield {"t": "code", "s": node.content}
            elif node.type in ("softbreak", "hardbreak"):
                yield {"t": "br"}
            elif node.type == "link":
                yield from self.link(str(node.attrs.get("href", "")), inner)
            else:
                yield from self.other(node, inner)


def text_of(inline: list[Inline]) -> str:
    """Return the words of what stands in a block."""
    return "".join(
        part if isinstance(part, str) else part.get("s", "") or text_of(part.get("c", [])) for part in inline
    )
