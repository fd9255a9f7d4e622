"""What dates are narrowed by."""

from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.accounts.filters import PersonFilter, UnitFilter
from foundation.calendar.choices import Outcome
from foundation.calendar.querysets import CalendarDateQuerySet
from foundation.records.kinds import kind_options, kinds_of_areas, numbered_duties
from foundation.registry import DutyEntry, registry
from foundation.ui.filters import ChoiceFilter, FilterSet, TickFilter

OUTCOMES = [(outcome.name.lower(), outcome.label) for outcome in Outcome]  # by their names in addresses


class DateFilters(FilterSet):
    """By duty, by kind of record, by unit with all below it, and by who must see to it."""

    duty = ChoiceFilter(method="by_duty", choices=numbered_duties, label=_("Duty"), empty_label=_("All"))
    kind = ChoiceFilter(field_name="kind", choices=kind_options, label=_("Kind"), empty_label=_("All"))
    unit = UnitFilter()
    person = PersonFilter("assignee", _("Assigned to"))

    def dress(self) -> None:
        """Give the boxes of the form the classes that they are drawn by."""
        css = {"checkbox": "form-check-input", "select": "form-select"}
        for field in self.form.fields.values():
            field.widget.attrs["class"] = css.get(getattr(field.widget, "input_type", ""), "form-control")

    def notices(self) -> list[str]:
        """Return, of each filter that makes no sense and is left out, that it is, and why."""
        return [
            gettext("Filter “%(label)s” was left out: %(error)s")
            % {"label": self.form.fields[name].label, "error": errors[0]}
            for name, errors in self.form.errors.items()
        ]

    def by_duty(self, rows: CalendarDateQuerySet, name: str, value: str) -> CalendarDateQuerySet:
        """Keep dates of a duty's records, and of the actions that follow from these."""
        duty = registry.get(DutyEntry, value)
        return rows.filter(Q(duty=duty.number) | Q(duty=0, root_kind__in=kinds_of_areas(duty)))


class CalendarFilters(DateFilters):
    """What the calendar is narrowed by: also by whether a date is the reader's, and whether it is done."""

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

    def by_mine(self, rows: CalendarDateQuerySet, name: str, value: bool) -> CalendarDateQuerySet:
        """Keep what the reader must see to."""
        return rows.filter(assignee=self.request.user) if value else rows
