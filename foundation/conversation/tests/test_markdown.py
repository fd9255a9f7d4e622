"""Whatever is typed, a comment's HTML can do no harm, and says what was meant."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.conversation.markdown import ATTRIBUTES, TAGS, markdown_html

ATTACKS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "![picture](https://evil.example/beacon.png)",
    '![x](x" onerror="alert(1))',
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt&colon;alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox(1))",
    "<javascript:alert(1)>",
    '[x](https://a.example "t" onclick="alert(1))',
    "<a href='javascript:alert(1)' onclick=x>y</a>",
    "<svg><script>alert(1)</script></svg>",
    "<style>*{display:none}</style>",
    "<iframe src=https://evil.example></iframe>",
    '<form action="https://evil.example"><input name=password></form>',
    "[x]: javascript:alert(1)\n\n[x]",
    "`<script>`\n\n```\n</code></pre><script>alert(1)</script>\n```",
    "<math><mi//xlink:href='data:x,<script>alert(1)</script>'>",
    '<p class="is-invalid" id="main" style="position:fixed">x</p>',
)


class Reader(HTMLParser):
    """Reads HTML as a browser does, and notes each tag with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def assert_harmless(html: str) -> None:
    for tag, attributes in Reader(html).tags:
        assert tag in TAGS
        assert set(attributes) <= ATTRIBUTES.get(tag, set()) | {"rel"}
        if "href" in attributes:
            address = attributes["href"] or ""
            assert address.startswith(("http://", "https://", "mailto:")) or ":" not in address.split("/")[0]
            assert attributes["rel"] == "noopener noreferrer nofollow"
        assert attributes.get("class") in (None, "reference", "mention")


@pytest.mark.parametrize("text", ATTACKS)
def test_attacks_do_no_harm(text: str) -> None:
    assert_harmless(markdown_html(text, ("script", "onerror=alert(1)")))


@given(st.text(alphabet=st.sampled_from("<>[]()!\"'`*_~|#-:/.@ \n&;ascriptjavhef=x01"), max_size=80))
def test_whatever_is_typed_does_no_harm(text: str) -> None:
    assert_harmless(markdown_html(text))


def test_it_says_what_was_meant() -> None:
    html = markdown_html(
        "# Result\n**All** *done*, see AUD-0016\nand https://example.com/x.\n\n- one\n- two\n\n> so"
    )
    for part in (
        "<p><strong>Result</strong></p>",
        "<strong>All</strong> <em>done</em>",
        '<a href="/audits/AUD-0016/" class="reference"',
        '<a href="https://example.com/x"',
        "<br>",
        "<li>two</li>",
        "<blockquote>",
    ):
        assert part in html, part


def test_references_stay_text_in_code_in_links_and_of_no_kind() -> None:
    assert "href" not in markdown_html("`AUD-0016` XYZ-0001 AUD-16 xAUD-0016 AUD-0016-3")
    assert markdown_html("[AUD-0016](https://example.com)").count("<a ") == 1
