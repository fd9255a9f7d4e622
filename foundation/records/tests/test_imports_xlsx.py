"""XLSX files: types, sheets, formulas, merges, and those made to do harm."""

import io
import struct
import tracemalloc
import zipfile
from contextlib import suppress
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from foundation.records.imports import Limits, TableRefused, read_table
from foundation.records.imports.tables import BadCell
from foundation.records.tests.tables import COLUMNS, HEADER, repacked, sheet_xml, workbook_of, xlsx, xlsx_of

SHEET = "xl/worksheets/sheet1.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
NAIVE = datetime(2026, 4, 3)  # noqa: DTZ001 - a spreadsheet's dates have no zone
ROW = ("Annual ISMS audit", date(2026, 4, 3), 5, "x")
GOOD = xlsx_of(HEADER, ROW)


def refusal(content: bytes, **options) -> str:
    with pytest.raises(TableRefused) as caught:
        read_table(content, columns=COLUMNS, **options)
    return str(caught.value)


def test_reads_typed_cells_and_skips_empty_rows():
    table = read_table(
        xlsx_of(HEADER, ROW, (), (None, "  "), ("B", "2026-05-01", 2.5, True)), columns=COLUMNS
    )
    assert [(row.number, row.cells) for row in table.rows] == [
        (2, {"title": "Annual ISMS audit", "starts_on": NAIVE, "days": 5, "notes": "x"}),
        (5, {"title": "B", "starts_on": "2026-05-01", "days": 2.5, "notes": True}),
    ]


def test_reads_dates_of_the_1904_calendar():
    workbook = workbook_of(HEADER, ROW)
    workbook.epoch = CALENDAR_MAC_1904
    assert read_table(xlsx(workbook), columns=COLUMNS).rows[0].cells["starts_on"] == NAIVE


def test_reads_shared_rich_and_inline_text():
    rich = b"""<?xml version="1.0"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">
      <si><t>Title</t></si><si><r><t>Sta</t></r><r><t>rt</t></r><rPh><t>ignored</t></rPh></si></sst>"""
    body = (
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'
        '<row r="2"><c r="A2" t="inlineStr"><is><t>In_x0041_line</t></is></c><c r="B2"><v>7</v></c></row>'
    )
    links = zipfile.ZipFile(io.BytesIO(GOOD)).read(RELATIONS)
    if b"sharedStrings" not in links:
        links = links.replace(
            b"</Relationships>",
            b'<Relationship Id="rId99" Type="x/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        )
    content = repacked(GOOD, {SHEET: sheet_xml(body), "xl/sharedStrings.xml": rich, RELATIONS: links})
    table = read_table(content, columns=COLUMNS)
    assert table.rows[0].cells == {"title": "InAline", "starts_on": 7}


def test_reads_escaped_halves_of_a_character_as_one_and_a_lone_half_as_unreadable():
    body = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>Title</t></is></c>'
        '<c r="B1" t="inlineStr"><is><t>Start</t></is></c></row>'
        '<row r="2"><c r="A2" t="inlineStr"><is><t>_xD83D__xDE00_ _xD800_ _xDE00__xD83D_</t></is></c></row>'
    )
    table = read_table(repacked(GOOD, {SHEET: sheet_xml(body)}), columns=COLUMNS)
    assert table.rows[0].cells["title"] == "\N{GRINNING FACE} \ufffd \ufffd\ufffd"


def test_refuses_a_sheet_whose_name_is_too_long_to_keep():
    workbook = zipfile.ZipFile(io.BytesIO(GOOD)).read("xl/workbook.xml")
    for length, accepted in ((100, True), (101, False)):
        named = workbook.replace(b'name="Audits"', b'name="%s"' % (b"x" * length))
        content = repacked(GOOD, {"xl/workbook.xml": named})
        if accepted:
            assert len(read_table(content, columns=COLUMNS).sheet) == length
        else:
            assert "The name of a sheet has 101 characters" in refusal(content)


def test_reads_the_first_visible_sheet_or_the_named_one():
    workbook = workbook_of(("Hidden",), sheet="Lists")
    workbook["Lists"].sheet_state = "hidden"
    for name, title in (("Plan", "A"), ("Old plan", "B")):
        workbook.create_sheet(name).append(HEADER)
        workbook[name].append((title, date(2026, 4, 3)))
    content = xlsx(workbook)
    table = read_table(content, columns=COLUMNS)
    assert (table.sheet, table.sheets, table.rows[0].cells["title"]) == ("Plan", ("Plan", "Old plan"), "A")
    assert read_table(content, columns=COLUMNS, sheet="old PLAN").rows[0].cells["title"] == "B"
    assert "There is no sheet “Plans”. The workbook has: Plan, Old plan." in refusal(content, sheet="Plans")


def test_marks_formulas_errors_and_impossible_dates_in_their_cell():
    workbook = workbook_of(HEADER, ("=1+1", date(2026, 4, 3), "#N/A", "ok"))
    sheet = workbook["Audits"]
    sheet["C2"].data_type = "e"
    sheet["D2"].value = -5
    sheet["D2"].number_format = "yyyy-mm-dd"
    cells = read_table(xlsx(workbook), columns=COLUMNS).rows[0].cells
    messages = {key: cell.message for key, cell in cells.items() if isinstance(cell, BadCell)}
    assert set(messages) == {"title", "days", "notes"}
    assert "formula" in messages["title"]
    assert "#N/A" in messages["days"]
    assert "no day of the calendar" in messages["notes"]


def test_refuses_merged_cells_and_says_where():
    workbook = workbook_of(HEADER, ROW, ROW)
    workbook["Audits"].merge_cells("A2:A3")
    assert "merged at A2:A3" in refusal(xlsx(workbook))


def test_refuses_macros():
    types = zipfile.ZipFile(io.BytesIO(GOOD)).read("[Content_Types].xml")
    macro = types.replace(b"spreadsheetml.sheet.main", b"sheet.macroEnabled.main")
    assert "macros" in refusal(repacked(GOOD, {"[Content_Types].xml": macro}))
    assert "macros" in refusal(repacked(GOOD, {"xl/vbaProject.bin": b"x"}))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"xl/workbook.xml": None}, "not an XLSX workbook"),
        ({"xl/workbook.xml": None, "xl/workbook.bin": b"x"}, "binary workbook"),
        ({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}, "OpenDocument"),
        ({SHEET: None}, "damaged"),
        ({SHEET: b"<worksheet><sheetData><row>"}, "damaged"),
        ({RELATIONS: b"<Relationships/>"}, "damaged"),
        ({SHEET: sheet_xml('<row r="1"><c r="A1" t="s"><v>999999</v></c></row>')}, "damaged"),
    ],
)
def test_refuses_other_archives_and_damaged_ones(changes, said):
    assert said in refusal(repacked(GOOD, changes))


def test_refuses_a_password():
    content = bytearray(GOOD)
    for signature, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        at = content.find(signature)
        while at >= 0:
            content[at + offset] |= 1
            at = content.find(signature, at + 1)
    assert "password" in refusal(bytes(content))


def bomb(parts: int = 1, megabytes: int = 200) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(parts):
            archive.writestr(f"xl/part{number}.xml", b"0" * (megabytes * 1024 * 1024 // parts))
    return file.getvalue()


def test_refuses_a_bomb_without_unpacking_it():
    content = repacked(GOOD, {})
    large = bomb()
    assert len(large) < 1024 * 1024
    tracemalloc.start()
    said = refusal(large)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "zip bomb" in said
    assert peak < 5 * 1024 * 1024
    assert read_table(content, columns=COLUMNS).rows


def test_refuses_a_bomb_by_its_ratio():
    assert "zip bomb" in refusal(bomb(megabytes=40))


def test_refuses_a_part_that_is_larger_than_its_directory_says():
    """A directory that lies is caught when the part is unpacked: what exceeds the declared size never arrives."""
    big = repacked(GOOD, {SHEET: sheet_xml("<row/>" * 400_000)})
    declared = struct.pack("<I", zipfile.ZipFile(io.BytesIO(big)).getinfo(SHEET).file_size)
    assert "damaged" in refusal(big.replace(declared, struct.pack("<I", 1_000)))


def test_refuses_overlapping_parts():
    with zipfile.ZipFile(io.BytesIO(GOOD)) as archive:
        first, second = sorted(archive.infolist(), key=lambda info: info.header_offset)[:2]
    directory = GOOD.find(b"PK\x01\x02")
    entry = GOOD.find(second.filename.encode(), directory) - 46
    content = bytearray(GOOD)
    content[entry + 42 : entry + 46] = struct.pack("<I", first.header_offset)
    assert "damaged" in refusal(bytes(content))


def test_refuses_thousands_of_parts():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for number in range(2_001):
            archive.writestr(f"p{number}", b"")
    assert "2001 parts" in refusal(file.getvalue())


def test_refuses_entities():
    bomb_xml = (
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
        b'<worksheet><sheetData><row r="1"><c t="str"><v>&b;</v></c></row></sheetData></worksheet>'
    )
    assert "damaged" in refusal(repacked(GOOD, {SHEET: bomb_xml}))


@pytest.mark.parametrize(
    "body",
    [
        '<row r="1">' + "<c/>" * 300_000 + "</row>",
        '<row r="1"><c>' + "<x/>" * 300_000 + "</c></row>",
        "<x>" * 2_000 + "</x>" * 2_000,
    ],
    ids=["cells", "pieces", "depth"],
)
def test_refuses_structures_that_would_fill_the_memory(body):
    content = repacked(GOOD, {SHEET: sheet_xml(body), "docProps/pad": bytes(range(256)) * 40})
    tracemalloc.start()
    said = refusal(content, limits=Limits(archive_ratio=100_000))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "damaged" in said
    assert peak < 60 * 1024 * 1024


def test_a_far_row_number_costs_nothing():
    head = '<row r="1"><c t="str"><v>Title</v></c><c t="str"><v>Start</v></c></row>'
    far = '<row r="999999999"><c t="str"><v>A</v></c><c t="str"><v>2026-04-03</v></c></row>'
    table = read_table(repacked(GOOD, {SHEET: sheet_xml(head + far)}), columns=COLUMNS)
    assert [row.number for row in table.rows] == [999_999_999]


def test_refuses_a_far_column():
    body = '<row r="1"><c r="A1" t="str"><v>Title</v></c><c r="XFD1" t="str"><v>Start</v></c></row>'
    assert "more than 100 columns" in refusal(repacked(GOOD, {SHEET: sheet_xml(body)}))


def test_refuses_a_hundred_thousand_rows_after_the_limit_not_after_the_end():
    row = '<row><c t="str"><v>A{}</v></c><c t="str"><v>2026-04-03</v></c></row>'
    body = row.replace("A{}", "Title").replace("2026-04-03", "Start")
    body += "".join(row.format(number) for number in range(100_000)) + "<broken"
    assert "more than 5,000 rows" in refusal(
        repacked(GOOD, {SHEET: sheet_xml(body)}), limits=Limits(rows=5_000)
    )


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), min_size=1, max_size=12))
def test_any_damage_is_read_or_refused(changes):
    content = bytearray(GOOD)
    for place, value in changes:
        content[place] = value
    with suppress(TableRefused):
        read_table(bytes(content), columns=COLUMNS)


XML = st.recursive(
    st.sampled_from(["", "x", "1e999", "nan", "-1", "99999999999999999999", "2026-13-45"]),
    lambda inner: st.builds(
        "<{0} {1}>{2}</{0}>".format,
        st.sampled_from(["row", "c", "v", "is", "t", "f", "sheetData", "mergeCell"]),
        st.sampled_from(
            ["", 'r="A1"', 'r="0"', 'r="-4"', 't="s"', 't="d"', 't="b"', 's="-1"', 's="x"', 't="e"']
        ),
        st.lists(inner, max_size=4).map("".join),
    ),
    max_leaves=20,
)


@settings(deadline=None)
@given(XML)
def test_any_sheet_is_read_or_refused(body):
    with suppress(TableRefused):
        read_table(repacked(GOOD, {SHEET: sheet_xml(body)}), columns=COLUMNS)
