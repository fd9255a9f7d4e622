"""A text as passages, each with an anchor that stays as long as the text is the same."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Any

import nh3
from django.utils.html import linebreaks
from django.utils.safestring import SafeString
from markdown_it.token import Token

from foundation.approvals.models import LONGEST_QUOTE, passage_key
from foundation.conversation.markdown import SCHEMES
from foundation.markdown import Outline, markdown_parser
from foundation.signs import TURNING, named_signs

TAGS = frozenset(
    "a blockquote br code del em h3 h4 h5 h6 hr li ol p pre s span strong table tbody td th thead tr ul".split()  # noqa: SIM905
)
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
BELOW = 2  # the level of the page's heading that a text stands below
LONGEST_SLUG = 60
PARAGRAPHS = re.compile(r"\n\s*\n")
NO_WORDS = re.compile(r"[^\w]+")
PARSER = markdown_parser().enable("image")


@dataclass(frozen=True)
class Passage:
    """A heading, a paragraph, a list or a table of a text: its anchor, how it is shown, and how it begins."""

    anchor: str
    html: SafeString
    quote: str

    @property
    def key(self) -> str:
        """Return what stands for it in a page, as an id."""
        return passage_key(self.anchor)


@lru_cache(maxsize=64)
def markdown_passages(code: str, text: str) -> tuple[Passage, ...]:
    """Return the passages of a Markdown text, sanitised; kept for what was shown last.

    Signs that turn the writing direction are named, and turn nothing. Of pictures the words in their place are shown.
    """
    found, taken = [], set[str]()
    text = named_signs(text, TURNING)
    outline, level = Outline(BELOW), 0
    for number, tokens in enumerate(_blocks(PARSER.parse(text)), start=1):
        words = " ".join(_words(tokens).split())
        for token in tokens:
            if token.type == "heading_open":
                level = outline.level(int(token.tag[1]))
            if token.type in ("heading_open", "heading_close"):
                token.tag = f"h{level}"
        name = _slug(words, taken) if tokens[0].type == "heading_open" else f"p{number}"
        html = nh3.clean(
            PARSER.renderer.render(tokens, PARSER.options, {}),
            tags=set(TAGS),
            attributes=ATTRIBUTES,
            url_schemes=SCHEMES,
            link_rel="noopener noreferrer nofollow",
        )
        found.append(Passage(f"{code}:{name}", SafeString(html), words[:LONGEST_QUOTE]))
    return tuple(found)


def plain_passages(code: str, text: str) -> tuple[Passage, ...]:
    """Return the paragraphs of a text that is no Markdown; signs that turn the writing direction are named, and turn nothing."""
    text = named_signs(text, TURNING)
    return tuple(
        Passage(
            f"{code}:p{number}",
            SafeString(linebreaks(part, autoescape=True)),
            " ".join(part.split())[:LONGEST_QUOTE],
        )
        for number, part in enumerate(
            (part for part in PARAGRAPHS.split(text.replace("\r\n", "\n")) if part.strip()), start=1
        )
    )


def passages_in(content: Mapping[str, Any], markdown: frozenset[str]) -> dict[str, str]:
    """Return the anchors of a content on which one may remark, each with how it begins; the whole is the empty one."""
    found = {"": ""}
    for code, value in content.items():
        if isinstance(value, str) and (code in markdown or "\n" in value):
            passages = markdown_passages(code, value) if code in markdown else plain_passages(code, value)
            found |= {one.anchor: one.quote for one in passages}
        elif isinstance(value, list) and value and all(isinstance(row, dict) for row in value):
            found[code] = ""
            found |= {row_anchor(code, number): row_words(row) for number, row in enumerate(value, start=1)}
    return found


def row_anchor(code: str, number: int) -> str:
    """Return the anchor of a row."""
    return f"{code}:r{number}"


def row_words(row: Mapping[str, Any]) -> str:
    """Return how a row begins: its first words."""
    return " ".join(str(value) for value in row.values() if isinstance(value, str | int))[:LONGEST_QUOTE]


def _blocks(tokens: Iterable[Token]) -> Iterator[list[Token]]:
    """Yield the tokens of each block that stands in no other."""
    block: list[Token] = []
    depth = 0
    for token in tokens:
        block.append(token)
        depth += token.nesting
        if depth == 0:
            yield block
            block = []


def _words(tokens: Iterable[Token]) -> str:
    return " ".join(
        "".join(child.content or " " for child in token.children) if token.children else token.content
        for token in tokens
        if token.children or token.type in ("fence", "code_block")
    )


def _picture(_renderer: Any, tokens: Sequence[Token], place: int, _options: Any, _environment: Any) -> str:
    """Say what stands for a picture: it is no part of a text that is sanitised, and is enclosed beside it."""
    return f"<em>[{escape(tokens[place].content)}]</em>"


PARSER.add_render_rule("image", _picture)


def _slug(words: str, taken: set[str]) -> str:
    plain = unicodedata.normalize("NFKC", words).casefold()
    stem = f"h-{NO_WORDS.sub('-', plain).strip('-')[:LONGEST_SLUG] or '1'}"
    slug, count = stem, 1
    while slug in taken:
        count += 1
        slug = f"{stem}-{count}"
    taken.add(slug)
    return slug
