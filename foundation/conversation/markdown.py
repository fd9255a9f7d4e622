"""Comments' Markdown as HTML that can do no harm: raw HTML and pictures off, and what comes of it sanitised.

Kept as it was typed and rendered whenever it is shown, so a hole that is closed is closed for all that was ever written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

import nh3
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from foundation.markdown import markdown_parser
from foundation.records.words import record_url
from foundation.registry import RecordKind, registry

TAGS = frozenset(
    "a blockquote br code del em hr li ol p pre s span strong table tbody td th thead tr ul".split()  # noqa: SIM905
)
ATTRIBUTES = {"a": {"href", "title", "class"}, "ol": {"start"}, "span": {"class"}}
SCHEMES = {"http", "https", "mailto"}
REFERENCE = r"(?<![\w-])(?P<prefix>[A-Z]{2,10})-\d{4,9}(?![\w-])"
BEFORE_MENTION = r"(?<![\w@./])@"
MENTION = re.compile(BEFORE_MENTION + r"(?=\w)")
LONGEST_MENTION = 254
MENTIONS_READ = 50


def _heading_open(renderer: RendererHTML, tokens: list[Token], index: int, *rest: Any) -> str:
    return "<p><strong>"


def _heading_close(renderer: RendererHTML, tokens: list[Token], index: int, *rest: Any) -> str:
    return "</strong></p>\n"


def texts_after_at(text: str) -> list[str]:
    """Return what follows each @ that may mention somebody; not in code, nor in links. At most fifty."""
    found: list[str] = []
    for block in PARSER.parse(text):
        for token, is_open in _outside_links(block.children or []):
            if is_open:
                ends = (mention.end() for mention in MENTION.finditer(token.content))
                found += [token.content[end : end + LONGEST_MENTION] for end in ends]
    return found[:MENTIONS_READ]


def _mark_words(state: StateCore) -> None:
    """Mark who is mentioned, and make links of records' references; who may not see a record gets 404."""
    mentions = "|".join(
        re.escape(name) for name in sorted(state.env.get("mentions", ()), key=len, reverse=True)
    )
    words = re.compile(f"{BEFORE_MENTION}(?:{mentions})|{REFERENCE}" if mentions else REFERENCE)
    for block in state.tokens:
        if block.type == "inline" and block.children:
            block.children = [
                new
                for token, is_open in _outside_links(block.children)
                for new in (_parts_of(token, words) if is_open else (token,))
            ]


def _outside_links(tokens: Sequence[Token]) -> Iterator[tuple[Token, bool]]:
    """Yield each token, and whether it is text that stands in no link."""
    depth = 0
    for token in tokens:
        depth += {"link_open": 1, "link_close": -1}.get(token.type, 0)
        yield token, depth == 0 and token.type == "text"


def _parts_of(token: Token, words: re.Pattern[str]) -> Iterator[Token]:
    """Yield a text, taken apart where it names a person or a record."""
    start = 0
    for found in words.finditer(token.content):
        if tag := _tag_around(found):
            yield _text(token, token.content[start : found.start()])
            yield Token(f"{tag[0]}_open", tag[0], 1, attrs=tag[1], level=token.level)
            yield _text(token, found[0])
            yield Token(f"{tag[0]}_close", tag[0], -1, level=token.level)
            start = found.end()
    yield _text(token, token.content[start:])


def _tag_around(found: re.Match[str]) -> tuple[str, dict[str, str | int | float]] | None:
    if not found["prefix"]:
        return "span", {"class": "mention"}
    kind = next((kind.key for kind in registry.all(RecordKind) if kind.prefix == found["prefix"]), "")
    url = record_url(kind, found[0])
    return ("a", {"href": url, "class": "reference"}) if url else None


def _text(like: Token, content: str) -> Token:
    return Token("text", "", 0, content=content, level=like.level)


def _parser() -> MarkdownIt:
    parser = markdown_parser()
    parser.core.ruler.push("words", _mark_words)
    # A comment has no place among the page's headings.
    parser.add_render_rule("heading_open", _heading_open)
    parser.add_render_rule("heading_close", _heading_close)
    return parser


PARSER = _parser()


@lru_cache(maxsize=512)
def markdown_html(text: str, mentions: tuple[str, ...] = ()) -> SafeString:
    """Return a comment's text as safe HTML, with those marked who are mentioned; kept for what was shown last."""
    html = nh3.clean(
        PARSER.render(text, {"mentions": mentions}),
        tags=set(TAGS),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer nofollow",
    )
    return SafeString(html)
