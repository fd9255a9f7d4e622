"""What pages of frameworks draw: texts in Markdown, badges, lines of drafts."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from compliance.catalogues import Change
from compliance.choices import FRAMEWORK_TONES, FrameworkState
from compliance.models import Edition
from foundation.conversation.markdown import markdown_html
from foundation.ui.components import Badge, Icon, Part, Text, Tone

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


@cache
def framework_badge(state: str) -> Badge:
    """Return a state of frameworks as it is shown; the same badge each time."""
    return Badge(FrameworkState(state).label, FRAMEWORK_TONES[state], dot=True)


@cache
def change_badge(change: Change) -> Badge:
    """Return what happens to a line; the same badge each time."""
    label, tone, icon = CHANGES[change]
    return Badge(label, tone, icon)


def counts_words(edition: Edition) -> str:
    """Return what an edition holds, in words; nothing is said of what it has none of, but for its requirements."""
    counted = (
        (edition.group_count, ngettext_lazy("%(count)s group", "%(count)s groups", "count")),
        (
            edition.requirement_count,
            ngettext_lazy("%(count)s requirement", "%(count)s requirements", "count"),
        ),
        (
            edition.enhancement_count,
            ngettext_lazy("%(count)s enhancement", "%(count)s enhancements", "count"),
        ),
        (edition.parameter_count, ngettext_lazy("%(count)s parameter", "%(count)s parameters", "count")),
        (edition.withdrawn_count, ngettext_lazy("%(count)s withdrawn", "%(count)s withdrawn", "count")),
    )
    return ", ".join(
        words % {"count": count} for place, (count, words) in enumerate(counted) if count or place == 1
    )


@cache
def withdrawn_badge() -> Badge:
    """Return the sign of what its standard no longer requires."""
    return Badge(_("Withdrawn"), Tone.ATTENTION, "archive")


ANY_KEY = 1_000_000_001


class DraftLines:
    """The lines of a draft as they are drawn, each with what can be done to it; what all have alike is worked out once for a page."""

    def __init__(self, reference: str, *, may_write: bool) -> None:
        self.may_write = may_write

        def address(name: str, *more: str) -> SafeString:
            found = reverse(f"compliance:{name}", args=[reference, ANY_KEY, *more])
            return SafeString(found.replace(str(ANY_KEY), "{0}"))

        add, remove = reverse("compliance:line-create", args=[reference]), address("line-remove")
        ask = format_html(
            ' hx-get="{}" hx-target="#ask-content" hx-swap="innerHTML" aria-haspopup="dialog"', remove
        )
        self.names = {
            "add": _("Add to"),
            "up": _("Move up"),
            "down": _("Move down"),
            "place": _("Move elsewhere"),
            "remove": _("Remove"),
        }
        self.line = format_html(
            '<a class="draft-name" id="name-{{0}}" href="{}">{{1}}</a>{{2}}<span class="draft-steps">{}</span>',
            address("line-edit"),
            format_html_join(
                "",
                '<{0} class="icon-button" id="{1}-{{0}}" {2} title="{3}" aria-labelledby="say-{1} name-{{0}}">{4}</{0}>',
                (
                    (tag, name, where, self.names[name], Icon(icon).html)
                    for tag, name, where, icon in (
                        ("a", "add", format_html('href="{}?in={{0}}"', add), "plus"),
                        (
                            "button",
                            "up",
                            format_html('formaction="{}"', address("line-move", "up")),
                            "arrow-up",
                        ),
                        (
                            "button",
                            "down",
                            format_html('formaction="{}"', address("line-move", "down")),
                            "arrow-down",
                        ),
                        ("a", "place", format_html('href="{}"', address("line-place")), "arrow-right"),
                        ("a", "remove", format_html('href="{}"{}', remove, ask), "trash"),
                    )
                ),
            ),
        )

    def draw(self, line: Any, *, is_withdrawn: bool = False) -> SafeString:
        """Return a line's name, which leads to its form, and its buttons; the name alone where the draft can't be written."""
        name, note = line_name(line), withdrawn_note() if is_withdrawn else ""
        return (
            format_html(self.line, line.pk, name, note)
            if self.may_write
            else format_html("{} {}", name, note)
        )


def line_name(line: Any) -> SafeString:
    """Return the identifier of a line and its title, as trees show them."""
    identifier = (
        format_html('<span class="outline-id">{}</span> ', line.identifier) if line.identifier else ""
    )
    return format_html('{}<span class="outline-title">{}</span>', identifier, line.title)


def withdrawn_note() -> SafeString:
    """Return the words beside a line that is no longer required."""
    return format_html(
        '<small class="text-secondary">{} {}</small>', Icon("archive", css="icon-sm").html, _("Withdrawn")
    )


@dataclass(frozen=True)
class Clauses(Part):
    """A text of a requirement: its lettered items stand without bullets."""

    text: str

    def __html__(self) -> SafeString:
        return format_html('<div class="prose clauses">{}</div>', markdown_html(self.text))

    def __str__(self) -> str:
        return self.text
