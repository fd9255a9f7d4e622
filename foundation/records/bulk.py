"""One step for many records: what others changed of them meanwhile is told from the trail."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import chain
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from foundation.accounts.forms.fields import PersonChoice, people_to_choose
from foundation.accounts.permissions import right_check, right_check_anywhere
from foundation.lists.bulk import BulkPage, Chosen, StepRefused
from foundation.records.cells import RecordCells
from foundation.records.models import Record
from foundation.records.parts import change_words
from foundation.records.selectors import changing_entries, fields_kept, spoken_of
from foundation.records.services import FieldsRefused, StaleRecord
from foundation.records.words import actor_of, changes_of
from foundation.trail.models import Entry


class OwnerForm(forms.Form):
    """Who owns the records from now on."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"] = PersonChoice(label=lazy("Owner"), queryset=people_to_choose(None))


class RecordBulkPage(RecordCells, BulkPage):
    """A form for many records of one kind, for whoever has its `right` somewhere; for which records, their units say."""

    right: ClassVar[str]
    refusals: ClassVar[tuple[type[Exception], ...]] = (
        StaleRecord,
        FieldsRefused,
    )  # of the service: their words say why

    def prepare(self) -> None:
        """Check the right, and find the records."""
        right_check_anywhere(user=self.actor, right=self.right)
        super().prepare()

    def change_refusal(self, row: Any) -> str | None:
        """Return what keeps a record from being changed at all, whoever asks, or None."""
        raise NotImplementedError

    def change_record(self, row: Any, changes: dict[str, Any], **given: Any) -> None:
        """Change one record, as its form would; `given` are who does it, when, and over which version."""
        raise NotImplementedError

    def refusal_for(self, row: Any) -> str:
        """Return why the reader, or nobody, may change a record, or nothing."""
        return self.right_refusal(row) or self.change_refusal(row) or ""

    def take(self, chosen: Chosen, form: Any) -> None:
        """Change what the form names of one record, or say what stands against it."""
        changes = {name: value for name, value in form.cleaned_data.items() if value}
        try:
            self.change_record(chosen.row, changes, actor=self.actor, now=self.now, version=chosen.version)
        except self.refusals as refused:
            raise StepRefused(str(refused)) from refused

    def right_refusal(self, row: Record) -> str:
        """Return why the reader may not take the step for a record, or nothing."""
        try:
            right_check(user=self.actor, right=self.right, unit_id=row.unit_id)
        except PermissionDenied as refused:
            return str(refused)
        return ""

    def changes_since(self, seen: Mapping[int, int]) -> Mapping[int, str]:
        """Return who changed which fields of the records since these versions, the latest first."""
        changing = changing_entries(seen, self.actor)
        kept = fields_kept(self.actor, spoken_of(chain.from_iterable(changing.values())))
        return {
            key: " ".join(_said(entry, kept.get(key, ())) for entry in entries)
            for key, entries in changing.items()
        }


class BulkAssign(RecordBulkPage):
    """Gives records another owner; put it before what says how they are found and shown."""

    form_class: ClassVar[Any] = OwnerForm
    submit_label: ClassVar[Any] = lazy("Assign")


def _said(entry: Entry, kept: Collection[str]) -> str:
    words = {"person": actor_of(entry), "changes": "; ".join(map(change_words, changes_of(entry, kept=kept)))}
    return _("%(person)s changed %(changes)s.") % words
