"""One step for many records: what others changed of them meanwhile is told from the trail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from foundation.accounts.forms.fields import PersonChoice, people_to_choose
from foundation.accounts.permissions import right_check, right_check_anywhere
from foundation.lists.bulk import BulkPage
from foundation.records.models import Record
from foundation.records.selectors import changing_entries
from foundation.records.words import actor_of, changes_of
from foundation.trail.models import Entry


class OwnerForm(forms.Form):
    """Who owns the records from now on."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"] = PersonChoice(label=lazy("Owner"), queryset=people_to_choose(None))


class RecordBulkPage(BulkPage):
    """A form for many records of one kind, for whoever has its `right` somewhere; for which records, their units say."""

    right: ClassVar[str]

    def prepare(self) -> None:
        """Check the right, and find the records."""
        right_check_anywhere(user=self.actor, right=self.right)
        super().prepare()

    def right_refusal(self, row: Record) -> str:
        """Return why the reader may not take the step for a record, or nothing."""
        try:
            right_check(user=self.actor, right=self.right, unit_id=row.unit_id)
        except PermissionDenied as refused:
            return str(refused)
        return ""

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
