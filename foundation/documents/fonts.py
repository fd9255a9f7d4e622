"""The fonts that documents are set in: where they lie, and which characters they have.

Noto Sans and its like for some twenty scripts come from packages of requirements.txt, as files; nothing in them is run.
Code is set in DejaVu Sans Mono, which Typst brings.
"""

from __future__ import annotations

import struct
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import BinaryIO

PACKAGES = ("manimgx_fonts", "manimgx_fonts_cjk")
COLLECTION = b"ttcf"
# What Typst's own fonts add: arrows, mathematical signs, shapes, boxes and crosses.
BROUGHT = ((0x2190, 0x22FF), (0x25A0, 0x25FF), (0x2610, 0x2612), (0x2713, 0x2718), (0x27C0, 0x27EF))
UNICODE_TABLES = {(3, 10): 12, (0, 4): 12, (0, 6): 12, (3, 1): 4, (0, 3): 4}  # platform and encoding: format


class FontsMissing(Exception):
    """A package of fonts is not installed."""


@cache
def font_folders() -> tuple[Path, ...]:
    """Return the folders with the fonts; raise FontsMissing."""
    found = []
    for package in PACKAGES:
        spec = find_spec(package)
        if spec is None or not spec.submodule_search_locations:
            raise FontsMissing(f"The package {package} is not installed: run ./portal, or pip install it.")
        found.append(Path(next(iter(spec.submodule_search_locations))))
    return tuple(found)


@cache
def characters_covered() -> frozenset[int]:
    """Return the characters that one of the fonts has. Reads their tables once a process, in about 50 ms."""
    covered = {character for first, last in BROUGHT for character in range(first, last + 1)}
    for folder in font_folders():
        for path in sorted(folder.glob("*.tt[fc]")):
            with path.open("rb") as font:
                covered |= _characters(font)
    return frozenset(covered)


def _numbers(font: BinaryIO, at: int, layout: str) -> tuple[int, ...]:
    font.seek(at)
    return struct.unpack(f">{layout}", font.read(struct.calcsize(f">{layout}")))


def _characters(font: BinaryIO) -> set[int]:
    """Return the characters of a font file (of a collection: of its first font, as the others have the same)."""
    font.seek(0)
    start = _numbers(font, 12, "L")[0] if font.read(4) == COLLECTION else 0
    (tables,) = _numbers(font, start + 4, "H")
    for index in range(tables):
        at = start + 12 + 16 * index
        font.seek(at)
        if font.read(4) == b"cmap":
            return _of_cmap(font, _numbers(font, at + 8, "L")[0])
    return set()


def _of_cmap(font: BinaryIO, at: int) -> set[int]:
    (_version, count) = _numbers(font, at, "HH")
    found: set[int] = set()
    for index in range(count):
        platform, encoding, offset = _numbers(font, at + 4 + 8 * index, "HHL")
        if (platform, encoding) not in UNICODE_TABLES:
            continue
        (form,) = _numbers(font, at + offset, "H")
        if form == 12:
            found |= _segmented_coverage(font, at + offset)
        elif form == 4:
            found |= _segment_mapping(font, at + offset)
    return found


def _segmented_coverage(font: BinaryIO, at: int) -> set[int]:
    (groups,) = _numbers(font, at + 12, "L")
    numbers = _numbers(font, at + 16, f"{3 * groups}L")
    found: set[int] = set()
    for first, last in zip(numbers[::3], numbers[1::3], strict=True):
        found.update(range(first, last + 1))
    return found


def _segment_mapping(font: BinaryIO, at: int) -> set[int]:
    segments = _numbers(font, at + 6, "H")[0] // 2
    ends = _numbers(font, at + 14, f"{segments}H")
    starts = _numbers(font, at + 16 + 2 * segments, f"{segments}H")
    found: set[int] = set()
    for first, last in zip(starts, ends, strict=True):
        found.update(range(first, last + 1))
    return found - {0xFFFF}
