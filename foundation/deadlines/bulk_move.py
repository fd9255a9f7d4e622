"""Moving a date of many rows of a list by some days, each as the calendar would move it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from foundation.deadlines.forms import DaysForm
from foundation.lists.bulk import BulkPage, Chosen, StepRefused
from foundation.records.services import StaleRecord
from foundation.registry import DateMover, registry


class BulkDateMove(BulkPage):
    """Moves the date of one kind in many records, by the `DateMover` that its app registered: one way for list and calendar.

    A page puts it before what says how the rows are found and shown.
    """

    form_class: ClassVar[Any] = DaysForm
    submit_label: ClassVar[Any] = lazy("Move")
    date_kind: ClassVar[str]

    def date_kind_of(self, row: Any) -> str:
        """Return the kind of the row's date that is moved."""
        return self.date_kind

    def date_of(self, row: Any) -> date:
        """Return the row's date of that kind."""
        raise NotImplementedError

    def mover_of(self, row: Any) -> DateMover:
        """Return how the row's date is moved."""
        return registry.get(DateMover, self.date_kind_of(row))

    def get_subtitle(self) -> Any:
        """Say what moves along."""
        return registry.get(DateMover, self.date_kind).note

    def refusal_for(self, row: Any) -> str:
        """Return what keeps the date from being moved, whatever the day."""
        try:
            return self.mover_of(row).refusal(record=row, user=self.actor) or ""
        except PermissionDenied as refused:
            return str(refused)

    def take(self, chosen: Chosen, form: DaysForm) -> None:
        """Move the date of one row."""
        try:
            to = self.date_of(chosen.row) + timedelta(days=form.cleaned_data["days"])
        except OverflowError as far:
            raise StepRefused(_("There is no such day.")) from far
        try:
            self.mover_of(chosen.row).move(
                record=chosen.row, to=to, version=chosen.version, actor=self.actor, now=self.now
            )
        except StaleRecord as stale:
            raise StepRefused(str(stale)) from stale
