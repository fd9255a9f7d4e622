"""What the year planner is narrowed by."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from foundation.accounts.filters import PersonFilter, UnitFilter
from foundation.calendar.filters import DateFilters
from foundation.calendar.querysets import CalendarDateQuerySet
from foundation.ui.filters import TickFilter

NARROWING = ("duty", "kind", "unit", "person")


class PlannerFilters(DateFilters):
    """As the calendar is, and by whether what is done and skipped stands in place, too, or is counted alone."""

    done = TickFilter(method="by_done", label=_("Show done and skipped"))

    def by_done(self, rows: CalendarDateQuerySet, name: str, value: bool) -> CalendarDateQuerySet:
        """Keep all: what is done is always counted."""
        return rows

    def asked(self, name: str) -> Any:
        """Return what a filter asks for, where it makes sense."""
        self.form.is_valid()  # what makes no sense is left out
        return self.form.cleaned_data.get(name)

    def of_records(self, records: QuerySet[Any]) -> QuerySet[Any]:
        """Narrow records by unit, owner and kind, as their dates are."""
        narrowed = UnitFilter().filter(records, self.asked("unit") or "")
        owned = PersonFilter("owner", "").filter(narrowed, self.asked("person") or "")
        kind = self.asked("kind")
        return owned.filter(kind=kind) if kind else owned
