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
    return list(_blocks(SyntaxTreeNode(PARSER.parse(markdown))))


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


def _blocks(parent: SyntaxTreeNode) -> Iterator[Node]:
    for node in parent.children:
        yield from _block(node)


def _block(node: SyntaxTreeNode) -> Iterator[Node]:
    match node.type:
        case "paragraph":
            yield {"t": "par", **_words(node)}
        case "heading":
            yield {"t": "head", **_words(node)}
        case "bullet_list" | "ordered_list":
            items = [list(_blocks(item)) for item in node.children]
            start = int(node.attrs.get("start", 1)) if node.type == "ordered_list" else None
            yield {"t": "list", "start": start, "items": items}
        case "blockquote":
            yield {"t": "quote", "c": list(_blocks(node))}
        case "fence" | "code_block":
            yield {"t": "code", "s": node.content.rstrip("\n")}
        case "hr":
            yield {"t": "rule"}
        case "table":
            rows = [
                [_words(cell) for cell in row.children] for part in node.children for row in part.children
            ]
            yield {"t": "table", "head": rows[0], "rows": rows[1:]}
        case _:
            yield {"t": "par", "c": [node.content]}


def _words(block: SyntaxTreeNode) -> Node:
    """Return what stands in a block, and the language to set it in where that is another than the document's."""
    inline = [part for child in block.children for part in _inline(child)]
    language = language_of(_text_of(inline))
    return {"c": inline, "lang": language} if language else {"c": inline}


def _text_of(inline: list[Inline]) -> str:
    return "".join(
        part if isinstance(part, str) else part.get("s", "") or _text_of(part.get("c", [])) for part in inline
    )


def _inline(parent: SyntaxTreeNode) -> Iterator[Inline]:
    for node in parent.children:
        inner = list(_inline(node))
        if node.type == "text":
            yield node.content
        elif node.type in WITHIN:
            yield {"t": WITHIN[node.type], "c": inner}
        elif node.type == "code_inline":
            yield {"t": "code", "s": node.content}
        elif node.type in ("softbreak", "hardbreak"):
            yield {"t": "br"}
        elif node.type == "link":
            url = str(node.attrs.get("href", ""))
            # What is elsewhere than in the web (a page of this portal, a file) leads nowhere on paper.
            yield from [{"t": "link", "url": url, "c": inner}] if url.startswith(SCHEMES) else inner
        else:
            yield node.content
