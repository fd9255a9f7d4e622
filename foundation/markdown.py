"""The Markdown that people may write: the same wherever it is shown. No HTML, no pictures; addresses become links."""

from markdown_it import MarkdownIt


def markdown_parser() -> MarkdownIt:
    """Return a parser of its own, to which a caller may add rules."""
    parser = MarkdownIt("commonmark", {"html": False, "linkify": True, "breaks": True})
    parser.enable(["table", "strikethrough", "linkify"]).disable(["image", "html_block", "html_inline"])
    assert parser.linkify is not None
    parser.linkify.set({"fuzzy_link": False, "fuzzy_email": False, "fuzzy_ip": False})
    return parser


class Outline:
    """The levels of a text's headings, in their order, below a heading of the page. None is left out, whatever the text does."""

    def __init__(self, below: int, deepest: int = 6) -> None:
        self.below, self.deepest = below, deepest
        # The levels, as they were typed, of the headings that the text stands below.
        self.above: list[int] = []

    def level(self, typed: int) -> int:
        """Return the level of the next heading."""
        while self.above and self.above[-1] >= typed:
            self.above.pop()
        self.above.append(typed)
        return min(self.below + self.depth, self.deepest)

    @property
    def depth(self) -> int:
        """Return how deep the last heading stands in the text: 1 below none."""
        return len(self.above)
