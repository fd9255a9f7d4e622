"""What versions of a control say, as pages show it: their texts, and what one changed of another."""

from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from compliance.selectors.pages import plain_words
from controls.approvals import cadence_words
from controls.models import ControlVersion
from foundation.conversation.markdown import markdown_html
from foundation.passages import passages
from foundation.ui.passages import Passages

TEXTS = {
    "statement": lazy("Statement"),
    "purpose": lazy("Purpose"),
    "evidence_how": lazy("How evidence is taken"),
}
COMPARED = {
    "title": lazy("Title"),
    "statement": lazy("Statement"),
    "purpose": lazy("Purpose"),
    "type": lazy("Type"),
    "nature": lazy("Nature"),
    "is_key": lazy("Key control"),
    "frequency": lazy("How often"),
    "evidence_months": lazy("Evidence"),
    "evidence_how": lazy("How evidence is taken"),
}


def texts_of(version: ControlVersion) -> list[tuple[Any, SafeString]]:
    """Return what a version says in words, by its headings; nothing of what it leaves empty."""
    return [
        (label, format_html('<div class="prose" dir="auto">{}</div>', markdown_html(getattr(version, name))))
        for name, label in TEXTS.items()
        if getattr(version, name).strip()
    ]


def changes_of(before: ControlVersion, after: ControlVersion) -> list[tuple[Any, Passages]]:
    """Return what two versions do not share, each with what is gone and new in it."""
    return [
        (label, Passages(passages(_words(before, name), _words(after, name))))
        for name, label in COMPARED.items()
        if getattr(before, name) != getattr(after, name)
    ]


def _words(version: ControlVersion, name: str) -> str:
    """Return what a version says under a name, as people read it."""
    if name == "evidence_months":
        return cadence_words(version.evidence_months)
    if name == "is_key":
        return str(_("Yes") if version.is_key else _("No"))
    display = getattr(version, f"get_{name}_display", None)
    return str(display()) if display else plain_words(getattr(version, name))
