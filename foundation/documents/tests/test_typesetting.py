"""Documents: nothing that people write is run or left out, and the same data gives the same bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from foundation.confined import Limits
from foundation.documents import typesetting
from foundation.documents.blocks import (
    Block,
    Cell,
    Contents,
    Document,
    Facts,
    Faint,
    Grid,
    Head,
    Heading,
    Line,
    Mono,
    Note,
    Prose,
    SignOff,
    State,
    Strong,
    Tiles,
    Tone,
)
from foundation.documents.typesetting import NotTypeset, document_pdf, typeset

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ATTACKS = (
    '#read("/etc/passwd")',
    '#import "/house.typ": *',
    "#{panic()}",
    "$x^2$ and $ sum $",
    "*not strong* _nor this_ `code`",
    "[brackets] ] [ #[",
    "back\\slash \\u{41} \\#",
    "</text> <label> @cite //comment /* open",
    '"quotes" \\" and ${braces} #let x = 1',
    "= no heading\n- nor a list\n+ 1",
    "~ --- ... -?",
)


def document(
    *blocks: Block, title: str = "Access reviews", cover: Sequence[tuple[str, Cell]] = (), draft: str = ""
) -> Document:
    return Document(
        kind="Audit report",
        title=title,
        reference="AUD-0016",
        organisation="Northwind Example",
        confidentiality="Internal",
        cover=cover,
        blocks=blocks,
        page="Page {page} of {pages}",
        draft=draft,
    )


def made(*blocks: Block, **more: Any) -> bytes:
    return document_pdf(document(*blocks, **more), at=AT)


def pages_of(pdf: bytes) -> list[str]:
    opened = pypdfium2.PdfDocument(pdf)
    try:
        return [page.get_textpage().get_text_range().replace("\r\n", "\n") for page in opened]
    finally:
        opened.close()


def text_of(pdf: bytes) -> str:
    return " ".join("\n".join(pages_of(pdf)).replace("\u200b", "").replace("\ufffe", "").split())


def is_whole(pdf: bytes) -> bool:
    """Tell whether it keeps the promise of PDF/UA-1, which no character without a glyph does."""
    return b"pdfuaid:part" in pdf


@pytest.mark.parametrize("attack", ATTACKS)
def test_text_never_runs(attack: str) -> None:
    pdf = made(
        Heading(attack.replace("\n", " ")),
        Facts(
            [
                ("Evidence", attack),
                ("Strong", Strong(attack)),
                ("Mono", Mono(attack)),
                ("Faint", Faint(attack)),
            ]
        ),
        Grid([Head(attack)], [[attack]]),
        Note(attack),
        SignOff([("Prepared", attack, attack, attack)]),
        title=attack.replace("\n", " "),
        cover=[("Scope", attack)],
    )
    text, plain = text_of(pdf), " ".join(attack.split())
    assert text.count(plain) >= 8
    assert "root:" not in text
    assert is_whole(pdf)


@pytest.mark.parametrize("attack", ATTACKS)
def test_markdown_never_runs(attack: str) -> None:
    quoted = made(Prose(f"```\n{attack}\n```"), Facts([("Evidence", Prose(f"```\n{attack}\n```"))]))
    assert text_of(quoted).count(" ".join(attack.split())) == 2
    loose = text_of(made(Prose(attack), Facts([("Evidence", Prose(attack))])))
    assert "root:" not in loose


def test_a_template_reads_nothing_but_templates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "root").mkdir()
    (tmp_path / "secret.txt").write_text("secret")
    monkeypatch.setattr(typesetting, "TEMPLATES", tmp_path / "root")
    for name in ("/etc/passwd", "../secret.txt", str(tmp_path / "secret.txt")):
        (tmp_path / "root" / "bad.typ").write_text(f'#read("{name}")')
        with pytest.raises(NotTypeset):
            typeset(template="bad.typ", data={}, at=AT)


def test_why_there_is_no_document_is_in_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(typesetting, "TEMPLATES", tmp_path)
    (tmp_path / "bad.typ").write_text('#let x = 1\n\n#panic("no such house")' + "\n// padding" * 400)
    with pytest.raises(NotTypeset, match="no such house") as failed:
        typeset(template="bad.typ", data={}, at=AT)
    assert "bad.typ:3" in str(failed.value), "Typst says where"
    assert "Traceback" not in str(failed.value)
    (tmp_path / "long.typ").write_text('#panic("no such house " * 1000)')
    with pytest.raises(NotTypeset) as failed:
        typeset(template="long.typ", data={}, at=AT)
    assert len(str(failed.value)) < 2_200
    assert "no such house" in caplog.text


def test_why_it_is_not_for_listeners_is_in_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "untitled.typ").write_text("Neither a title nor a language.")
    with monkeypatch.context() as patched:
        patched.setattr(typesetting, "TEMPLATES", tmp_path)
        pdf = typeset(template="untitled.typ", data={}, at=AT)
    assert pdf.startswith(b"%PDF")
    assert not is_whole(pdf)
    (record,) = [one for one in caplog.records if "not_for_listeners" in one.getMessage()]
    assert "PDF/UA-1" in record.getMessage()
    caplog.clear()
    assert is_whole(made(Note("All is well.")))
    assert "not_for_listeners" not in caplog.text


def test_a_template_takes_no_package_from_the_network(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(typesetting, "TEMPLATES", tmp_path)
    (tmp_path / "far.typ").write_text('#import "@preview/cetz:0.4.0"')
    with pytest.raises(NotTypeset):
        typeset(template="far.typ", data={}, at=AT)


def test_what_goes_on_for_ever_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typesetting, "TEMPLATES", tmp_path)
    (tmp_path / "endless.typ").write_text(
        "#let f(n) = { let x = 0; for i in range(100000000) { x += i }; x }\n#f(1)"
    )
    monkeypatch.setattr(typesetting, "LIMITS", Limits(megabytes=2048, seconds=1, patience=20.0))
    with pytest.raises(NotTypeset):
        typeset(template="endless.typ", data={}, at=AT)
    monkeypatch.setattr(typesetting, "LIMITS", Limits(megabytes=64, seconds=5, patience=20.0))
    with pytest.raises(NotTypeset):
        made(Note("No memory for this."))


def test_too_much_is_refused_before_it_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typesetting, "MOST_BYTES", 5_000)
    with pytest.raises(NotTypeset, match="too much"):
        made(Prose("word " * 2_000))


def test_the_same_data_gives_the_same_bytes() -> None:
    blocks = (
        Contents("Contents"),
        Heading("Summary"),
        Prose("日本語 **bold** العربية"),
        Tiles([("Major", 3, Tone.BAD)]),
    )
    first, again = made(*blocks), made(*blocks)
    assert hashlib.sha256(first).digest() == hashlib.sha256(again).digest()
    other = document_pdf(document(*blocks), at=AT + timedelta(days=1))
    assert other != first
    assert made(*blocks, Note("more")) != first


def test_pages_say_which_they_are_and_drafts_say_so_on_each() -> None:
    rows = [[f"AC-{number}", "Account management"] for number in range(120)]
    grid = Grid([Head("Requirement"), Head("Title", 1)], rows)
    pages = pages_of(made(grid, draft="Draft"))
    assert len(pages) > 3
    for number, page in enumerate(pages, start=1):
        assert f"Page {number} of {len(pages)}" in page
        assert "Internal" in page
        assert page.count("Draft") >= 2  # across the page, and at its foot
        if number > 1:
            assert "AUD-0016 · Access reviews" in page
            assert "Requirement" in page  # the head is repeated
    assert "Draft" not in "".join(pages_of(made(grid)))


def test_every_row_of_a_long_table_is_there_once() -> None:
    rows = [[f"AC-{number:03}", Prose("Text " * (number % 40))] for number in range(200)]
    text = text_of(made(Grid([Head("Requirement"), Head("Note", 1)], rows)))
    assert [text.count(f"AC-{number:03}") for number in range(200)] == [1] * 200


def test_what_is_too_long_for_a_column_stands_below_its_row_on_the_same_page() -> None:
    rows = [
        Line([f"Row {number}", "Short", "see below"], f"Words of {number}. " * 12) for number in range(90)
    ]
    pdf = made(Grid([Head("Which", 1), Head("What", 1), Head("More", 1)], rows))
    assert is_whole(pdf)
    pages = [" ".join(page.split()) for page in pages_of(pdf)]
    assert len(pages) > 3
    for number in range(90):
        (page,) = [one for one in pages if f"Row {number} " in one]
        assert page.count(f"Words of {number}.") == 12


def test_a_long_text_below_a_row_breaks_over_pages() -> None:
    pages = pages_of(
        made(Grid([Head("Which", 1), Head("What", 1)], [Line(["Row", "see below"], "On and on. " * 2_000)]))
    )
    assert " ".join(" ".join(pages).split()).count("On and on.") > 1_900
    assert len(pages) > 2


def test_the_title_at_the_head_of_a_page_is_not_cut_off() -> None:
    pdf = pypdfium2.PdfDocument(made(Heading("One"), title="Typography"))
    page = pdf[1]
    text, scale, height = page.get_textpage(), 8, page.get_height()
    drawn = page.render(scale=scale).to_pil().convert("L")
    place = text.get_text_range().index("Typography") + len("Typ") - 1
    left, bottom, right, _top = text.get_charbox(place)
    stem = drawn.crop(
        (
            int(left * scale),
            int((height - bottom - 0.6) * scale),
            int(right * scale),
            int((height - bottom) * scale),
        )
    )
    assert min(stem.tobytes()) < 160, "the part of the p that hangs below the line"
    pdf.close()


def test_tiles_are_equally_high() -> None:
    pdf = pypdfium2.PdfDocument(
        made(Tiles([("Few", 1, Tone.BAD), ("What takes more than a line of a tile to say", 2, Tone.BAD)] * 2))
    )
    page = pdf[1]
    drawn = page.render(scale=2).to_pil().convert("RGB")
    wash = (251, 230, 230)
    # A little inside each tile's edge: four of them with a gap of 8 points between margins of 2.1 cm.
    places = [int(2 * (59.5 + 3 + number * (476.3 + 8) / 4)) for number in range(4)]
    heights = {sum(drawn.getpixel((x, y)) == wash for y in range(drawn.height)) for x in places}
    pdf.close()
    assert len(heights) == 1
    assert heights.pop() > 80


def test_who_signs_stands_on_one_page_with_what_is_signed() -> None:
    rows = [
        ("Prepared", "Odile Brandt", "Lead auditor", "2 March"),
        ("Approved", "Celia Moreau", "CISO", "3 March"),
    ]
    signed = SignOff(rows, facts=[("Digest", Mono("0" * 64))], note="It binds to this digest.")
    parts = ("Sign-off", "Odile Brandt", "Celia Moreau", "0" * 64, "It binds to this digest.")
    for lines in range(36, 48, 2):
        pages = pages_of(made(*[Note("A line.")] * (lines // 2), Heading("Sign-off"), signed))
        places = {place for place, page in enumerate(pages) for part in parts if part in page}
        assert len(places) == 1, lines


def test_a_reader_who_listens_hears_a_title_and_a_language() -> None:
    pdf = made(Heading("Summary"), Facts([("State", State("Conforms", Tone.GOOD))]))
    assert is_whole(pdf)
    for words in (b"/StructTreeRoot", b"/Lang(en", b"/DisplayDocTitle true"):
        assert words in pdf
    opened = pypdfium2.PdfDocument(pdf)
    assert opened.get_metadata_dict()["Title"] == "Access reviews"
    assert opened.is_tagged()
    assert "Conforms" in text_of(pdf)  # the word, beside its colour
    opened.close()


def test_what_is_empty_is_said_to_be() -> None:
    text = text_of(made(Facts([("Nothing", ""), ("None", None), ("No text", Prose("")), ("No lines", [])])))
    assert text.count("–") == 4


def test_markdown_is_drawn_and_leads_only_into_the_web() -> None:
    words = (
        "One **two** *three* ~~four~~ `five` [six](https://example.org/seven) [eight](/audits/) "
        "[nine](javascript:alert(1))\n\n1. first\n2. second\n   - third\n\n> quoted\n\n| a | b |\n|---|---|\n| c | d |\n\n# Top"
    )
    pdf = made(Prose(words))
    text = text_of(pdf)
    for word in (
        "One two three four five six eight",
        "1. first 2. second",
        "third",
        "quoted",
        "a b",
        "c d",
        "Top",
    ):
        assert word in text
    assert b"https://example.org/seven" in pdf
    assert b"/audits/" not in pdf
    assert is_whole(pdf)
