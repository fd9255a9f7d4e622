"""Signs of a text that nobody sees, or that turn its writing direction: who reads must not read other words than were written."""

import re
from collections import Counter

INVISIBLE = re.compile(r"[\u200b\u2060\ufeff\u00ad]")
# Turn the direction of what follows, so that a page would show other words than were written (Unicode Standard Annex 9).
TURNING = re.compile(r"[\u202a-\u202e\u2066-\u2069]")


def named_signs(text: str, signs: re.Pattern[str]) -> str:
    """Return a text with each of these signs named by its number."""
    return signs.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", text)


def plain_line(text: str) -> str:
    """Return a line, such as a title, without signs that nobody sees or that turn the writing direction."""
    return INVISIBLE.sub("", TURNING.sub("", text)).strip()


def hidden_signs(text: str) -> list[tuple[str, int]]:
    """Return the signs of a text that nobody sees or that turn the writing direction, and how often each stands there."""
    counts = Counter([*INVISIBLE.findall(text), *TURNING.findall(text)])
    return [(f"U+{ord(sign):04X}", count) for sign, count in sorted(counts.items())]
