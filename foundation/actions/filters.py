"""What the list of actions is narrowed by."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import django_filters
from dateutil.relativedelta import relativedelta
from django import forms
from django.utils.translation import gettext_lazy as _

from foundation import clock
from foundation.accounts.filters import UnitFilter
from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_day
from foundation.actions.choices import JUDGED_STATES, UNSETTLED, ActionNature, ActionState
from foundation.actions.querysets import ActionListingQuerySet
from foundation.records.kinds import duty_options, kind_options, kinds_of_duty
from foundation.records.models import Record
from foundation.records.querysets import visible_sources
from foundation.ui.filters import ANY, ChoiceFilter, FilterSet, StateFilter, day_filter

PEOPLE_FOUND = 200

# Several states by one word; the words are none of the states.
GROUPS: dict[str, tuple[Sequence[str], Any]] = {
    "unsettled": (UNSETTLED, _("Not settled")),
    "judged": (JUDGED_STATES, _("With the verifier")),
}
STATES = [
    *((name, label) for name, (_states, label) in GROUPS.items()),
    *ActionState.choices,
]


def _days_of(span: str, today: date) -> tuple[date, date]:
    """Return the first and the last day of a span of time."""
    if span == "week":
        return today, today + timedelta(days=6)
    first = today.replace(day=1) + relativedelta(months=1 if span == "next_month" else 0)
    return first, first + relativedelta(months=1, days=-1)


class ActionFilters(FilterSet):
    """By words, state, nature, unit, people, what they follow from, and when the next step is due."""

    q = django_filters.CharFilter(method="by_text", label=_("Search"), max_length=100)
    state = StateFilter(STATES)
    nature = ChoiceFilter(choices=ActionNature.choices, label=_("Nature"), empty_label=_("All"))
    unit = UnitFilter()
    owner = django_filters.CharFilter(method="by_owner", label=_("Owner"), max_length=100)
    verifier = django_filters.CharFilter(method="by_verifier", label=_("Verifier"), max_length=100)
    duty = ChoiceFilter(method="by_duty", choices=duty_options, label=_("Duty"), empty_label=_("All"))
    kind = ChoiceFilter(
        method="by_kind", choices=kind_options, label=_("Kind of source"), empty_label=_("All")
    )
    source = django_filters.CharFilter(
        method="by_source",
        label=_("Follows from"),
        max_length=40,
        widget=forms.TextInput(attrs={"placeholder": "AUD-0001"}),
    )
    due = ChoiceFilter(
        method="by_due",
        label=_("Due"),
        empty_label=_("Any time"),
        choices=[("week", _("Within 7 days")), ("month", _("This month")), ("next_month", _("Next month"))],
    )
    due_from = day_filter("due_on", _("Due from"))
    due_until = day_filter("due_on", _("Due until"), until=True)
    late = django_filters.BooleanFilter(method="by_late", label=_("Late only"), widget=forms.CheckboxInput)
    mine = django_filters.BooleanFilter(method="by_mine", label=_("Owned by me"), widget=forms.CheckboxInput)
    to_judge = django_filters.BooleanFilter(
        method="by_judge", label=_("Mine to verify or check"), widget=forms.CheckboxInput
    )

    nobody = django_filters.BooleanFilter(
        method="by_nobody", label=_("Nobody to verify"), widget=forms.CheckboxInput
    )

    def by_text(self, rows: ActionListingQuerySet, name: str, value: str) -> ActionListingQuerySet:
        """Keep those whose title or reference contains the text."""
        return rows.containing(value)

    def by_state(self, rows: ActionListingQuerySet, name: str, value: str) -> ActionListingQuerySet:
        """Keep one state, some, or all."""
        if value == ANY:
            return rows
        if value == "unsettled":
            return rows.unsettled()
        return rows.in_state(*GROUPS[value][0]) if value in GROUPS else rows.in_state(value)

    def by_owner(self, rows: ActionListingQuerySet, name: str, value: str) -> ActionListingQuerySet:
        """Keep what people with such a name must do."""
        return rows.filter(owner_id__in=_people_named(value))

    def by_verifier(self, rows: ActionListingQuerySet, name: str, value: str) -> ActionListingQuerySet:
        """Keep what people with such a name verify."""
        return rows.filter(verifier_id__in=_people_named(value))

    def by_duty(self, rows: ActionListingQuerySet, name: str, value: str) -> ActionListingQuerySet:
        """Keep what follows from a duty's records, also over other actions, for those who may know from what."""
        return self._of_known(rows.filter(root_kind__in=kinds_of_duty(value)))

    def by_kind(self, rows: ActionListingQuerySet, name: str, value: str) -> ActionListingQuerySet:
        """Keep what follows from records of a kind, for those who may know from what."""
        return self._of_known(rows.filter(from_kind=value))

    def by_source(self, rows: ActionListingQuerySet, name: str, value: str) -> ActionListingQuerySet:
        """Keep what follows from a record that the reader may know of."""
        visible = Record.objects.visible_to(self.request.user)
        return rows.filter(source__in=visible.filter(reference=value.strip().upper()).values("pk"))

    def _of_known(self, rows: ActionListingQuerySet) -> ActionListingQuerySet:
        return rows.filter(visible_sources(self.request.user, "source_id"))

    def by_due(self, rows: ActionListingQuerySet, name: str, value: str) -> ActionListingQuerySet:
        """Keep what is due within a span of time."""
        return rows.filter(due_on__range=_days_of(value, organisation_day(clock.now())))

    def by_late(self, rows: ActionListingQuerySet, name: str, value: bool) -> ActionListingQuerySet:
        """Keep what is late."""
        return rows.late(organisation_day(clock.now())) if value else rows

    def by_mine(self, rows: ActionListingQuerySet, name: str, value: bool) -> ActionListingQuerySet:
        """Keep what the reader owns."""
        return rows.filter(owner=self.request.user) if value else rows

    def by_judge(self, rows: ActionListingQuerySet, name: str, value: bool) -> ActionListingQuerySet:
        """Keep what the reader is to verify, or whose effect the reader is to check."""
        return rows.in_state(*JUDGED_STATES).filter(verifier=self.request.user) if value else rows

    def by_nobody(self, rows: ActionListingQuerySet, name: str, value: bool) -> ActionListingQuerySet:
        """Keep the corrective actions that nobody can verify until somebody is named."""
        return rows.unverified() if value else rows


def _people_named(name: str) -> list[int]:
    people = User.objects.filter(full_name__icontains=name.strip()).order_by("pk")
    return list(people.values_list("pk", flat=True)[:PEOPLE_FOUND])
