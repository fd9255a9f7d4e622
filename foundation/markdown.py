"""The Markdown that people may write: the same wherever it is shown. No HTML, no pictures; addresses become links."""

from markdown_it import MarkdownIt


def markdown_parser() -> MarkdownIt:
    """Return a parser of its own, to which a caller may add rules."""
    parser = MarkdownIt("commonmark", {"html": False, "linkify": True, "breaks": True})
    parser.enable(["table", "strikethrough", "linkify"]).disable(["image", "html_block", "html_inline"])
    assert parser.linkify is not None
    parser.linkify.set({"fuzzy_link": False, "fuzzy_email": False, "fuzzy_ip": False})
    return parser
