"""What the calendar is narrowed by."""

from django.utils.translation import gettext_lazy as _

from foundation.accounts.filters import PersonFilter, UnitFilter
from foundation.calendar.choices import Outcome
from foundation.calendar.querysets import CalendarDateQuerySet
from foundation.records.kinds import duty_options, kind_options, kinds_of_duty
from foundation.ui.filters import ChoiceFilter, FilterSet, TickFilter

OUTCOMES = [(outcome.name.lower(), outcome.label) for outcome in Outcome]  # by their names in addresses


class CalendarFilters(FilterSet):
    """By duty, by kind of record, by unit with all below it, by who must see to it, and by whether it is done."""

    duty = ChoiceFilter(method="by_duty", choices=duty_options, label=_("Duty"), empty_label=_("All"))
    kind = ChoiceFilter(field_name="kind", choices=kind_options, label=_("Kind"), empty_label=_("All"))
    unit = UnitFilter()
    person = PersonFilter("assignee", _("Assigned to"))
    mine = TickFilter(method="by_mine", label=_("Assigned to me"))
    state = ChoiceFilter(
        method="by_state", choices=OUTCOMES, label=_("State"), empty_label=_("Open and done")
    )

    def filter_queryset(self, queryset: CalendarDateQuerySet) -> CalendarDateQuerySet:
        """Narrow the dates; what was called off is shown to who asks for it alone."""
        rows: CalendarDateQuerySet = super().filter_queryset(queryset)
        return rows if self.form.cleaned_data.get("state") else rows.open_or_done()

    def by_state(self, rows: CalendarDateQuerySet, name: str, value: str) -> CalendarDateQuerySet:
        """Keep what is open, was done, or was called off."""
        return rows.filter(outcome=Outcome[value.upper()])

    def by_duty(self, rows: CalendarDateQuerySet, name: str, value: str) -> CalendarDateQuerySet:
        """Keep dates of a duty's records, and of the actions that follow from these."""
        return rows.filter(root_kind__in=kinds_of_duty(value))

    def by_mine(self, rows: CalendarDateQuerySet, name: str, value: bool) -> CalendarDateQuerySet:
        """Keep what the reader must see to."""
        return rows.filter(assignee=self.request.user) if value else rows
