"""What pages of frameworks draw: texts in Markdown, passages that changed, badges."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from compliance.catalogues import Change
from compliance.catalogues.passages import Fate, Passage
from compliance.choices import FRAMEWORK_TONES, FrameworkState
from foundation.conversation.markdown import markdown_html
from foundation.ui.components import Badge, Part, Text, Tone

CHANGES: dict[Change, tuple[Text, Tone, str]] = {
    Change.ADDED: (_("Added"), Tone.GOOD, "plus"),
    Change.CHANGED: (_("Changed"), Tone.INFO, "pencil"),
    Change.MOVED: (_("Moved"), Tone.NEUTRAL, "arrow-right"),
    Change.WITHDRAWN: (_("Withdrawn"), Tone.ATTENTION, "archive"),
    Change.REINSTATED: (_("Required again"), Tone.GOOD, "arrow-back-up"),
}
FIELDS: dict[str, Text] = {
    "identifier": _("Identifier"),
    "title": _("Title"),
    "statement": _("Text"),
    "guidance": _("Guidance"),
    "objectives": _("Assessment objectives"),
    "methods": _("Methods"),
    "parameters": _("Parameters"),
    "related": _("Related"),
    "references": _("References"),
    "withdrawn_to": _("Where it went"),
}
TAGS = {Fate.GONE: "del", Fate.NEW: "ins"}


@cache
def framework_badge(state: str) -> Badge:
    """Return a state of frameworks as it is shown; the same badge each time."""
    return Badge(FrameworkState(state).label, FRAMEWORK_TONES[state], dot=True)


@cache
def change_badge(change: Change) -> Badge:
    """Return what happens to a line; the same badge each time."""
    label, tone, icon = CHANGES[change]
    return Badge(label, tone, icon)


@cache
def withdrawn_badge() -> Badge:
    """Return the sign of what its standard no longer requires."""
    return Badge(_("Withdrawn"), Tone.ATTENTION, "archive")


@dataclass(frozen=True)
class Clauses(Part):
    """A text of a requirement: its lettered items stand without bullets."""

    text: str

    def __html__(self) -> SafeString:
        return format_html('<div class="prose clauses">{}</div>', markdown_html(self.text))

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Passages(Part):
    """A text with what is gone from it and what is new in it marked."""

    passages: Sequence[Passage]

    def __html__(self) -> SafeString:
        return format_html(
            '<div class="prose passages">{}</div>',
            format_html_join("", "{}", ((_marked(one),) for one in self.passages)),
        )

    def __str__(self) -> str:
        return "".join(one.text for one in self.passages if one.fate != Fate.GONE)


def _marked(passage: Passage) -> SafeString | str:
    tag = TAGS.get(passage.fate)
    return format_html("<{0}>{1}</{0}>", SafeString(tag), passage.text) if tag else passage.text
