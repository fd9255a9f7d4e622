"""A document's Markdown as HTML that can do no harm, with headings that can be linked to."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Any

import nh3
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from foundation.markdown import Outline, markdown_parser
from foundation.signs import INVISIBLE, TURNING, named_signs

TAGS = set(
    "a blockquote br code del em h2 h3 h4 h5 h6 hr img li ol p pre s span strong table tbody td th thead tr ul".split()  # noqa: SIM905
)
ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "loading"},
    "ol": {"start"},
    "span": {"class"},
    **{f"h{n}": {"id"} for n in range(2, 7)},
}
SCHEMES = {"http", "https", "mailto"}
BELOW = 1  # the level of the page's heading that a text stands below
ANCHOR = "section-"  # so that no heading takes the id of a part of the page
LONGEST_ANCHOR = 60
TASK = re.compile(r"\[([ xX])\] ")
PICTURE = re.compile(r"files/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/[1-9][0-9]{0,5}")


@dataclass(frozen=True)
class Section:
    """A heading of a text: how deep it stands (1 is the highest), and the anchor that leads to it."""

    depth: int
    title: str
    anchor: str


@dataclass(frozen=True)
class Prose:
    """A text as pages show it, and its headings."""

    html: SafeString
    sections: tuple[Section, ...]


@lru_cache(maxsize=64)
def prose_of(text: str, pictures: tuple[tuple[str, str], ...] = ()) -> Prose:
    """Return a document's text as safe HTML with its sections; kept for what was shown last.

    `pictures` are those that may be shown: what the text calls each (`files/…`), and the address that serves it. Of all others,
    from wherever, the words in their place are shown. Signs that turn the writing direction are named, and turn nothing.
    """
    environment: dict[str, Any] = {"sections": [], "pictures": dict(pictures)}
    html = nh3.clean(
        PARSER.render(named_signs(text, TURNING), environment),
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer nofollow",
    )
    return Prose(SafeString(html), tuple(environment["sections"]))


def pictures_named(text: str) -> list[str]:
    """Return what a text gives as the sources of its pictures, each once."""
    if "![" not in text:
        return []
    found = [
        str(child.attrGet("src") or "")
        for token in PARSER.parse(text, {"sections": [], "pictures": None})
        for child in token.children or []
        if child.type == "image"
    ]
    return list(dict.fromkeys(found))


def _pictures(state: StateCore) -> None:
    """Show the pictures that may be shown; of others the words that stand for them."""
    known = state.env["pictures"]
    if known is None:
        return
    for token in state.tokens:
        for child in token.children or []:
            if child.type == "image":
                words = escape(_words(child.children or []))
                address = known.get(str(child.attrGet("src") or ""))
                child.type = "html_inline"
                child.content = (
                    f'<img src="{escape(address)}" alt="{words}" loading="lazy">'
                    if address
                    else f'<span class="picture-missing">{words or "?"}</span>'
                )


def _words(tokens: Sequence[Token]) -> str:
    return "".join(token.content for token in tokens)


def _sections(state: StateCore) -> None:
    """Give each heading an anchor of its own, and a level below the page's title; none is left out, whatever was typed."""
    taken: set[str] = set()
    outline = Outline(BELOW)
    for token, inline, closing in zip(state.tokens, state.tokens[1:], state.tokens[2:], strict=False):
        if token.type != "heading_open":
            continue
        token.tag = closing.tag = f"h{outline.level(int(token.tag[1]))}"
        title = "".join(child.content for child in inline.children or [])
        anchor = _anchor(title, taken)
        token.attrSet("id", anchor)
        state.env["sections"].append(Section(outline.depth, title, anchor))


def _anchor(title: str, taken: set[str]) -> str:
    """Return an anchor after a heading's words, that no other heading of the text has."""
    words = unicodedata.normalize("NFKD", INVISIBLE.sub("", title)).casefold()
    stem = ANCHOR + (re.sub(r"[^\w]+", "-", words).strip("-")[:LONGEST_ANCHOR] or "1")
    anchor, count = stem, 1
    while anchor in taken:
        count += 1
        anchor = f"{stem}-{count}"
    taken.add(anchor)
    return anchor


def _tasks(state: StateCore) -> None:
    """Show items that begin with [ ] or [x] as boxes to tick off."""
    for before, token in zip(state.tokens, state.tokens[2:], strict=False):
        children = token.children or []
        if before.type != "list_item_open" or token.type != "inline" or not children:
            continue
        found = TASK.match(children[0].content) if children[0].type == "text" else None
        if found:
            box = Token("html_inline", "", 0, content=_box(is_done=found[1] != " "))
            children[0].content = children[0].content[found.end() :]
            token.children = [box, *children]


def _box(*, is_done: bool) -> str:
    return f'<span class="task-box">{escape("☑" if is_done else "☐")}</span> '


def _parser() -> MarkdownIt:
    parser = markdown_parser().enable("image")
    parser.core.ruler.push("sections", _sections)
    parser.core.ruler.push("pictures", _pictures)
    parser.core.ruler.push("tasks", _tasks)
    return parser


PARSER = _parser()
