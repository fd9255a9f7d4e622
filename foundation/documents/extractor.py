"""Looks into a stranger's document, and says what it says. A program of its own, which foundation/confined.py runs.

    extractor.py docx < policy.docx       prints {"text": "## Scope\\n\\n…", "beside": {"footnotes": "…"}} or {"refused": "linked"}
    extractor.py pdf < policy.pdf

Refused is what does something besides being read, or says more than one thing: scripts, programs, files within, parts from
elsewhere, changes that nobody accepted. Texts keep their headings, items and tables, in Markdown.
"""

import io
import json
import re
import sys
import zipfile
from collections.abc import Callable, Iterator
from typing import Any
from xml.etree.ElementTree import Element

import pypdfium2
from defusedxml.ElementTree import fromstring
from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import DictionaryObject, IndirectObject

MOST_CHARACTERS = 400_000
MOST_OBJECTS = 500_000
MOST_PART = 64 * 1024 * 1024
SAFE_ADDRESS = re.compile(r"(?i)(https?://|mailto:|#)")
CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


Answer = dict[str, Any]


class Refused(Exception):
    """The document does something besides being read; the reason is a word that the portal puts in a sentence."""


# PDF (ISO 32000-1): actions of §12.6.4, files of §7.11.4, forms of §12.7.8.
ACTIONS = {
    "/JavaScript": "scripts",
    "/Launch": "launches",
    "/ImportData": "launches",
    "/SubmitForm": "launches",
    "/GoToE": "files",
    "/GoToR": "launches",
    "/Rendition": "files",
    "/Movie": "files",
    "/Sound": "files",
    "/RichMediaExecute": "files",
}
KEYS = {
    "/JS": "scripts",
    "/JavaScript": "scripts",
    "/EmbeddedFiles": "files",
    "/EF": "files",
    "/XFA": "forms",
}
SUBTYPES = {
    "/FileAttachment": "files",
    "/RichMedia": "files",
    "/Movie": "files",
    "/Sound": "files",
    "/3D": "files",
}
# What happens without anybody's doing, when a file is opened, or by a trigger (§12.6.3), may lead to another place of it, and do no more.
HARMLESS = "/GoTo"
MOST_IN_A_ROW = 100
# Also in what no table of the file leads to: an older state of it, which another program may show.
RAW = re.compile(rb"/(JavaScript|Launch|EmbeddedFiles?)\b")


def pdf_text(content: bytes) -> Answer:
    """Return what a PDF says, page by page; raise Refused."""
    try:
        reader = PdfReader(io.BytesIO(content), strict=False)
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise Refused("broken") from error
    if reader.is_encrypted:
        raise Refused("encrypted")
    if found := RAW.search(content):
        raise Refused("files" if found[1].startswith(b"Embedded") else ACTIONS["/" + found[1].decode()])
    _look_through(reader)
    document = pypdfium2.PdfDocument(content)
    pages = (_paragraphs(page.get_textpage().get_text_bounded()) for page in document)
    return {"text": _joined(pages, "\n\n"), "beside": {}}


def _look_through(reader: PdfReader) -> None:
    """Raise Refused for an object that does something."""
    numbers = [
        (number, generation) for generation, table in reader.xref.items() for number in table if number
    ]
    numbers += [(number, 0) for number in reader.xref_objStm]
    if len(numbers) > MOST_OBJECTS:
        raise Refused("broken")
    _judge(reader.trailer)
    for number, generation in dict.fromkeys(numbers):
        try:
            found = reader.get_object(IndirectObject(number, generation, reader))
        except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
            raise Refused("broken") from error
        _judge(found)


def _judge(found: Any) -> None:
    waiting = [found]
    while waiting:
        one = waiting.pop()
        if isinstance(one, DictionaryObject):
            for key in one:
                if key in KEYS:
                    raise Refused(KEYS[key])
            _judge_start(one.get("/OpenAction"))
            if isinstance(triggers := one.get("/AA"), DictionaryObject):
                for key in triggers:
                    _judge_start(triggers.get(key))
            _judge_name(one, "/S", ACTIONS)
            _judge_name(one, "/Subtype", SUBTYPES)
            address = one.get("/URI") if "/S" in one else None
            if address is not None and not SAFE_ADDRESS.match(_text(address)):
                raise Refused("linked")
            waiting += [dict.__getitem__(one, key) for key in one]
        elif isinstance(one, list):
            waiting += list(one)


def _judge_start(action: Any) -> None:
    """Refuse an action that starts by itself and does more than to show a place; a place alone is no action."""
    waiting, count = [action], 0
    while waiting:
        one = waiting.pop()
        one = one.get_object() if isinstance(one, IndirectObject) else one
        if not isinstance(one, DictionaryObject):
            continue
        name, count = str(one.get("/S")), count + 1
        if name != HARMLESS or count > MOST_IN_A_ROW:
            raise Refused(ACTIONS.get(name, "starts"))
        following = one.get("/Next")
        waiting += list(following) if isinstance(following, list) else [following]


def _judge_name(one: DictionaryObject, key: str, known: dict[str, str]) -> None:
    name = dict.get(one, key)
    if isinstance(name, IndirectObject):
        name = name.get_object()
    if isinstance(name, str) and name in known:
        raise Refused(known[name])


def _text(value: Any) -> str:
    if isinstance(value, IndirectObject):
        value = value.get_object()
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _paragraphs(page: str) -> str:
    """Return a page's lines as paragraphs: a line that ends early ends one."""
    lines = [line.strip() for line in page.replace("\r\n", "\n").split("\n")]
    longest = max(map(len, lines), default=0)
    text = ""
    for line in lines:
        text += line + ("\n\n" if len(line) < 0.7 * longest else " ")
    return re.sub(r"\n{3,}", "\n\n", text).strip()


# DOCX (ECMA-376, part 1: §17.3 paragraphs, §17.4 tables, §17.13.5 changes).
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
CHANGES = {f"{W}{name}" for name in ("ins", "del", "moveFrom", "moveTo")}
# The parts that hold text; and the fields (§17.16.5) by which Word runs a program, or takes in what lies elsewhere.
WRITTEN = re.compile(r"(?i)word/(document|header\d*|footer\d*|footnotes|endnotes|comments)\.xml")
FETCHING = re.compile(r"(?i)\b(DDEAUTO|DDE|INCLUDEPICTURE|INCLUDETEXT|IMPORT|LINK|DATABASE|RD|MACROBUTTON)\b")
QUOTED = re.compile(r'"[^"]*"')
HEADING = re.compile(r"(?i)heading ?([1-6])$")


# What stands beside the text, and in which parts of the file.
BESIDE = {
    "headers": re.compile(r"word/header\d*\.xml"),
    "footers": re.compile(r"word/footer\d*\.xml"),
    "footnotes": re.compile(r"word/footnotes\.xml"),
    "endnotes": re.compile(r"word/endnotes\.xml"),
}


def docx_text(content: bytes) -> Answer:
    """Return what a DOCX says, and what stands beside its text; raise Refused."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _document_text(archive)
    except (
        zipfile.BadZipFile,
        KeyError,
        ValueError,
        SyntaxError,
        NotImplementedError,
        RuntimeError,
    ) as error:
        raise Refused("broken") from error


def _document_text(archive: zipfile.ZipFile) -> Answer:
    names = archive.namelist()
    if any(re.search(r"(?i)vba|macro|activex", name) for name in names):
        raise Refused("scripts")
    if any(re.search(r"(?i)/(embeddings|afchunk)", name) for name in names):
        raise Refused("files")
    for name in names:
        if name.endswith(".rels"):
            _judge_relations(_part(archive, name))
    for name in names:
        if WRITTEN.fullmatch(name):
            _judge_written(_part(archive, name))
    document = _part(archive, "word/document.xml")
    levels = _levels(archive) if "word/styles.xml" in names else {}
    body = document.find(f"{W}body")
    blocks = _blocks(body, levels) if body is not None else iter(())
    beside = {
        key: _beside(archive, [name for name in names if it.fullmatch(name)]) for key, it in BESIDE.items()
    }
    return {
        "text": _joined(blocks, "\n\n"),
        "beside": {key: text for key, text in beside.items() if text},
    }


def _beside(archive: zipfile.ZipFile, names: list[str]) -> str:
    """Return the paragraphs of parts; what several of them say, once."""
    lines = [line for name in sorted(names) for line in map(_line, _paragraphs_of(_part(archive, name)))]
    return _joined(dict.fromkeys(lines), "\n\n")


def _paragraphs_of(part: Element) -> Iterator[Element]:
    """Yield the paragraphs of a part, without those within others."""
    waiting = [part]
    while waiting:
        one = waiting.pop()
        if one.tag == f"{W}p":
            yield one
        elif one.tag != FALLBACK:
            waiting += reversed(list(one))


def _judge_written(part: Element) -> None:
    """Refuse changes that nobody accepted, and fields that run a program or fetch something when the document is opened."""
    for element in part.iter():
        if element.tag in CHANGES:
            raise Refused("unaccepted")
        if element.tag == f"{W}p":
            # What a field does may be cut into several runs.
            said = "".join(one.text or "" for one in element.iter(f"{W}instrText"))
            if FETCHING.search(QUOTED.sub("", said)):
                raise Refused("linked")
        if element.tag == f"{W}fldSimple" and FETCHING.search(QUOTED.sub("", element.get(f"{W}instr", ""))):
            raise Refused("linked")


def _part(archive: zipfile.ZipFile, name: str) -> Element:
    with archive.open(name) as part:
        content = part.read(MOST_PART + 1)
    if len(content) > MOST_PART:
        raise Refused("broken")
    found: Element = fromstring(content, forbid_dtd=True)
    return found


def _judge_relations(relations: Element) -> None:
    for relation in relations:
        kind = relation.get("Type", "").rpartition("/")[2].casefold()
        target = relation.get("Target", "")
        if kind in ("oleobject", "package", "afchunk", "control", "vbaproject"):
            raise Refused("scripts" if kind in ("control", "vbaproject") else "files")
        if relation.get("TargetMode") == "External" and not (
            kind == "hyperlink" and SAFE_ADDRESS.match(target)
        ):
            raise Refused("linked")


def _levels(archive: zipfile.ZipFile) -> dict[str, int]:
    """Return how deep the headings of each style stand, from 1."""
    levels = {}
    for style in _part(archive, "word/styles.xml").iter(f"{W}style"):
        level = style.find(f"{W}pPr/{W}outlineLvl")
        name = style.find(f"{W}name")
        known = HEADING.match(name.get(f"{W}val", "") if name is not None else "")
        if level is not None and level.get(f"{W}val", "").isdigit() and int(level.get(f"{W}val", "9")) < 6:
            levels[style.get(f"{W}styleId", "")] = int(level.get(f"{W}val", "0")) + 1
        elif known:
            levels[style.get(f"{W}styleId", "")] = int(known[1])
    return levels


def _blocks(parent: Element, levels: dict[str, int]) -> Iterator[str]:
    items: list[str] = []
    for element in parent:
        found = _paragraph(element, levels) if element.tag == f"{W}p" else ""
        if found.startswith("- "):
            items.append(found)
            continue
        if items:
            yield "\n".join(items)
            items = []
        if element.tag == f"{W}tbl":
            yield _table(element)
        elif element.tag == f"{W}sdt":
            content = element.find(f"{W}sdtContent")
            yield from _blocks(content, levels) if content is not None else ()
        elif found:
            yield found
    if items:
        yield "\n".join(items)


def _paragraph(element: Element, levels: dict[str, int]) -> str:
    text = _line(element)
    if not text:
        return ""
    style = element.find(f"{W}pPr/{W}pStyle")
    level = levels.get(style.get(f"{W}val", "") if style is not None else "")
    if level:
        return f"{'#' * level} {text}"
    return f"- {text}" if element.find(f"{W}pPr/{W}numPr") is not None else text


def _table(table: Element) -> str:
    rows = [
        [
            " ".join(filter(None, map(_line, cell.iter(f"{W}p")))).replace("|", "\\|")
            for cell in row.iter(f"{W}tc")
        ]
        for row in table.iter(f"{W}tr")
    ]
    rows = [row for row in rows if row]
    lines = [f"| {' | '.join(row)} |" for row in rows]
    if rows:
        lines.insert(1, "|" + "---|" * len(rows[0]))
    return "\n".join(lines)


def _line(element: Element) -> str:
    return " ".join("".join(_words(element)).split())


def _words(element: Element) -> Iterator[str]:
    waiting = [element]
    while waiting:
        one = waiting.pop()
        if one.tag == FALLBACK:  # says once more what stands before it
            continue
        if one.tag == f"{W}t":
            yield one.text or ""
        elif one.tag in (f"{W}tab", f"{W}br", f"{W}cr"):
            yield " "
        waiting += reversed(list(one))


def _joined(parts: Any, between: str) -> str:
    """Return parts as one text, no longer than is kept of it."""
    text, length = [], 0
    for part in parts:
        clean = CONTROLS.sub("", part).strip()
        if not clean:
            continue
        text.append(clean)
        length += len(clean) + len(between)
        if length > MOST_CHARACTERS:
            break
    return between.join(text)[:MOST_CHARACTERS]


READERS: dict[str, Callable[[bytes], Answer]] = {"docx": docx_text, "pdf": pdf_text}


def main(kind: str) -> None:
    """Answer what the document on standard input says."""
    try:
        answer = READERS[kind](sys.stdin.buffer.read())
    except Refused as refused:
        answer = {"refused": str(refused)}
    sys.stdout.buffer.write(json.dumps(answer).encode())


if __name__ == "__main__":
    main(sys.argv[1])
