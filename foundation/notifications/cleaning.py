"""Text that people typed, made safe to stand in a mail's header and body."""

import re
import unicodedata

# Marks that turn the direction of the text around them, or are not seen at all: a title could hide what it says.
HIDDEN = frozenset("\u061c\u200b\u200e\u200f\u2028\u2029\u2060\ufeff") | frozenset(
    chr(code)
    for start, end in ((0x202A, 0x202E), (0x2066, 0x2069), (0xE0000, 0xE007F))
    for code in range(start, end + 1)
)
CONTROLS = frozenset({"Cc", "Cs"})
BLANKS = re.compile(r"\s+")


def clean_line(text: str) -> str:
    """Return the text on one line, without control, bidirectional and invisible characters."""
    if text.isascii() and text.isprintable():
        return BLANKS.sub(" ", text).strip()
    kept = "".join(
        " " if character.isspace() else character
        for character in text
        if character.isspace()
        or (character not in HIDDEN and unicodedata.category(character) not in CONTROLS)
    )
    return BLANKS.sub(" ", kept).strip()


def shorten(text: str, length: int) -> str:
    """Return the text, cut to the length with an ellipsis."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"
