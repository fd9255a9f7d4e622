"""Texts with what changed in them marked, as pages show them: never by colour alone, nor for eyes alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from foundation.passages import Fate, Passage
from foundation.ui.components import Part

MARKS = {Fate.GONE: ("del", _("removed:")), Fate.NEW: ("ins", _("added:"))}


@dataclass(frozen=True)
class Passages(Part):
    """A text with what is gone from it and what is new in it marked."""

    passages: Sequence[Passage]

    def __html__(self) -> SafeString:
        return format_html('<div class="prose passages">{}</div>', marked(self.passages))

    def __str__(self) -> str:
        return "".join(one.text for one in self.passages if one.fate != Fate.GONE)


def marked(passages: Iterable[Passage]) -> SafeString:
    """Return passages one after the other; what is gone and what is new says so to who listens, too.

    A page has a thousand of them, so their markup is put together by hand; their words are escaped.
    """
    around = {
        fate: (f'<{tag}><span class="visually-hidden">{escape(word)} </span>', f"</{tag}>")
        for fate, (tag, word) in MARKS.items()
    }
    around[Fate.KEPT] = ("", "")
    return SafeString("".join(f"{escape(one.text)}".join(around[one.fate]) for one in passages))
