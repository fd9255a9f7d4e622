"""Parts of pages that speak of records, and of their trail."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from foundation.records.models import Record
from foundation.records.words import changes_of, sentence_of
from foundation.trail.models import Entry
from foundation.ui.components import Badge, Part, Tone
from foundation.ui.structure import Change

SHOWN_CHANGES = 8


def restricted_badge() -> Badge:
    """Return the sign of a restricted record."""
    return Badge(_("Restricted"), Tone.ATTENTION, "lock")


def confidentiality_of(record: Record) -> Any:
    """Return a record's confidentiality as it is shown beside it."""
    return restricted_badge() if record.is_restricted else record.get_confidentiality_display()


def change_words(change: Change) -> str:
    """Return a change on one line: "Title: Old → New"."""
    return (
        f"{change.label}: {change.before} → {change.after}"
        if change.before
        else f"{change.label}: {change.after}"
    )


@dataclass(frozen=True)
class EntryWords(Part):
    """What an entry says: its sentence, and under it the comment and the first changes, but for fields that are kept."""

    entry: Entry
    kept: Collection[str] = ()

    def __html__(self) -> SafeString:
        changes = [change_words(change) for change in changes_of(self.entry, kept=self.kept)]
        more = ["…"] if len(changes) > SHOWN_CHANGES else []
        lines = [f"“{self.entry.comment}”"] if self.entry.comment else []
        lines += [" · ".join([*changes[:SHOWN_CHANGES], *more])] if changes else []
        notes = format_html_join("", '<span class="cell-note">{}</span>', ((line,) for line in lines))
        return format_html("{}{}", sentence_of(self.entry), notes)

    def __str__(self) -> str:
        return sentence_of(self.entry)
