"""Makes any text one that can be typeset: what can't be drawn is named, long words may break, foreign text says its language."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Any

from foundation.documents.fonts import characters_covered
from foundation.signs import TURNING

BREAK, HYPHEN = "\u200b", "\u00ad"  # where a line may end: without a mark, with a hyphen
# Characters that show nothing themselves, and that the fonts need not have.
UNSEEN = frozenset("\n\t\u00a0\u00ad\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u2060")
# Turn the writing direction of what follows, so that a page would show other words than were written.
CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
LINE_ENDS = re.compile("\r\n?|\x0b|\x0c|\x85|\u2028|\u2029")

# Words of Latin, Greek and Cyrillic letters, digits and signs, longer than a narrow column.
LONG = re.compile(r"[!-~\u00a1-\u024f\u0370-\u052f\u1e00-\u1fff\u2010-\u2027]{19,}")
# Other unbroken text, but for scripts whose lines may end between any two words or signs.
OTHER_LONG = re.compile(
    r"[^\s\u0000-\u024f\u0370-\u052f\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u1e00-\u1fff\u2000-\u206f"
    r"\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]{31,}"
)
STEP = 8
SIGNS = re.compile(r"(?<=[/\\.,;:_?&=+@|)\]}-])(?=[^\s/\\.,;:_?&=+@|)\]}-])")

# A script, and the language that tells a typesetter how to set it (Han is told apart below).
LANGUAGES = (
    ("ar", re.compile("[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufefc]")),
    ("he", re.compile("[\u0590-\u05ff\ufb1d-\ufb4f]")),
    ("ja", re.compile("[\u3040-\u30ff\u31f0-\u31ff]")),
    ("ko", re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]")),
    ("zh", re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]")),
    ("th", re.compile("[\u0e00-\u0e7f]")),
    ("hi", re.compile("[\u0900-\u097f]")),
    ("ru", re.compile("[\u0400-\u04ff]")),
    ("el", re.compile("[\u0370-\u03ff\u1f00-\u1fff]")),
)
LATIN = re.compile("[A-Za-z\u00c0-\u024f]")


def legible(text: str) -> str:
    """Return a text that the fonts can draw and a narrow column can break. Nothing is lost silently: see `_stand_in`."""
    text = drawable(text)
    text = LONG.sub(lambda found: _breakable(found[0]), text)
    return OTHER_LONG.sub(lambda found: _between_clusters(found[0]), text)


def drawable(text: str) -> str:
    """Return a text that the fonts can draw."""
    text = CONTROLS.sub("\ufffd", TURNING.sub("", LINE_ENDS.sub("\n", text)))
    covered = characters_covered()
    if not all(ord(character) in covered or character in UNSEEN for character in text):
        text = unicodedata.normalize("NFC", text)
        text = "".join(
            character if ord(character) in covered or character in UNSEEN else _stand_in(character, covered)
            for character in text
        )
    return text


def language_of(text: str) -> str:
    """Return the language to set a text in, judged by its script; empty where Latin comes first, or nothing tells."""
    counts = {language: len(letters.findall(text)) for language, letters in LANGUAGES}
    if counts["ja"]:  # kana are always Japanese, and Han beside them as well
        counts["ja"] += counts.pop("zh")
    most = max(counts, key=lambda language: counts[language])
    return most if counts[most] > len(LATIN.findall(text)) else ""


def all_legible(data: Any) -> Any:
    """Return plain JSON data with each text in it made legible; addresses (“url”) stay as they are, “exact” ones whole."""
    if isinstance(data, str):
        return legible(data)
    if isinstance(data, dict):
        return {key: KEPT.get(key, all_legible)(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [all_legible(value) for value in data]
    return data


# What is not broken: an address leads elsewhere then, a picture is none, and a digest is copied.
KEPT: dict[str, Callable[[Any], Any]] = {
    "url": lambda value: value,
    "svg": lambda value: value,
    "exact": drawable,
}


def _stand_in(character: str, covered: frozenset[int]) -> str:
    """Return what stands for a character that no font has: its plainer form, or its number (“[U+1200A]”)."""
    plainer = unicodedata.normalize("NFKC", character)
    if plainer != character and all(ord(part) in covered for part in plainer):
        return plainer
    if unicodedata.category(character) in {"Cf", "Mn", "Me"}:
        return ""
    return f"[U+{ord(character):04X}]"


def _breakable(word: str) -> str:
    if word.isalpha():
        return HYPHEN.join(word[at : at + STEP] for at in range(0, len(word), STEP))
    return BREAK.join(
        part
        if len(part) <= STEP * 2
        else BREAK.join(part[at : at + STEP] for at in range(0, len(part), STEP))
        for part in SIGNS.split(word)
    )


def _between_clusters(word: str) -> str:
    """Return a word that may break after every sixteenth letter or so, and never within one."""
    out, since = [], 0
    for before, character in zip(f" {word}", word, strict=False):
        is_start = unicodedata.category(character)[0] == "L" and before != "\u200d"
        if since >= 2 * STEP and is_start and not unicodedata.combining(before):
            out.append(BREAK)
            since = 0
        out.append(character)
        since += 1
    return "".join(out)
