"""Comments' Markdown as HTML that can do no harm: raw HTML and pictures off, and what comes of it sanitised.

Kept as it was typed and rendered whenever it is shown, so a hole that is closed is closed for all that was ever written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import nh3
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from foundation.records.words import record_url
from foundation.registry import RecordKind, registry

TAGS = frozenset(
    "a blockquote br code del em hr li ol p pre s strong table tbody td th thead tr ul".split()  # noqa: SIM905
)
ATTRIBUTES = {"a": {"href", "title", "class"}, "ol": {"start"}}
CLASSES = {"a": {"reference"}}
SCHEMES = {"http", "https", "mailto"}
REFERENCE = re.compile(r"(?<![\w-])([A-Z]{2,10})-\d{4,9}(?![\w-])")


def _heading_open(renderer: RendererHTML, tokens: list[Token], index: int, *rest: Any) -> str:
    return "<p><strong>"


def _heading_close(renderer: RendererHTML, tokens: list[Token], index: int, *rest: Any) -> str:
    return "</strong></p>\n"


def _link_references(state: StateCore) -> None:
    """Make links of records' references in the text, wherever no link stands already; who may not see one gets 404."""
    for block in state.tokens:
        if block.type == "inline" and block.children:
            block.children = [new for token in _outside_links(block.children) for new in _parts_of(*token)]


def _outside_links(tokens: list[Token]) -> Iterator[tuple[Token, bool]]:
    depth = 0
    for token in tokens:
        depth += {"link_open": 1, "link_close": -1}.get(token.type, 0)
        yield token, depth == 0 and token.type == "text"


def _parts_of(token: Token, is_open: bool) -> Iterator[Token]:
    """Yield a token, taken apart where it names a record."""
    prefixes = {kind.prefix: kind.key for kind in registry.all(RecordKind)} if is_open else {}
    start = 0
    for found in REFERENCE.finditer(token.content) if is_open else ():
        url = record_url(prefixes.get(found[1], ""), found[0])
        if url:
            yield _text(token, token.content[start : found.start()])
            yield Token("link_open", "a", 1, attrs={"href": url, "class": "reference"}, level=token.level)
            yield _text(token, found[0])
            yield Token("link_close", "a", -1, level=token.level)
            start = found.end()
    if start:
        yield _text(token, token.content[start:])
    else:
        yield token


def _text(like: Token, content: str) -> Token:
    return Token("text", "", 0, content=content, level=like.level)


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "linkify": True, "breaks": True})
    parser.enable(["table", "strikethrough", "linkify"]).disable(["image", "html_block", "html_inline"])
    assert parser.linkify is not None
    parser.linkify.set({"fuzzy_link": False, "fuzzy_email": False, "fuzzy_ip": False})
    parser.core.ruler.push("references", _link_references)
    # A comment has no place among the page's headings.
    parser.add_render_rule("heading_open", _heading_open)
    parser.add_render_rule("heading_close", _heading_close)
    return parser


PARSER = _parser()


@lru_cache(maxsize=512)
def markdown_html(text: str) -> SafeString:
    """Return a comment's text as safe HTML; kept for the comments that were shown last."""
    html = nh3.clean(
        PARSER.render(text),
        tags=set(TAGS),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer nofollow",
    )
    return SafeString(html)
