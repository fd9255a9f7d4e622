"""One step for many records: what others changed of them meanwhile is told from the trail."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from foundation.lists.bulk import BulkPage
from foundation.records.selectors import changing_entries
from foundation.records.words import actor_of, changes_of
from foundation.trail.models import Entry


class RecordBulkPage(BulkPage):
    """A form for many records of one kind."""

    def changes_since(self, seen: Mapping[int, int]) -> Mapping[int, str]:
        """Return who changed which fields of the records since these versions, the latest first."""
        return {
            key: " ".join(_said(entry) for entry in entries)
            for key, entries in changing_entries(seen).items()
        }


def _said(entry: Entry) -> str:
    changes = [
        f"{change.label}: {change.before} → {change.after}"
        if change.before
        else f"{change.label}: {change.after}"
        for change in changes_of(entry)
    ]
    words = {"person": actor_of(entry), "changes": "; ".join(changes)}
    return _("%(person)s changed %(changes)s.") % words
