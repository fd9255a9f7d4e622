"""Texts with what changed in them marked, as pages show them: never by colour alone, nor for eyes alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
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
    """Return passages one after the other; what is gone and what is new says so to who listens, too."""
    return format_html_join("", "{}", ((_marked(one),) for one in passages))


def _marked(passage: Passage) -> SafeString | str:
    if passage.fate == Fate.KEPT:
        return passage.text
    tag, word = MARKS[passage.fate]
    return format_html(
        '<{0}><span class="visually-hidden">{1} </span>{2}</{0}>', SafeString(tag), word, passage.text
    )
