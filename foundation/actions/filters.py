"""What the list of actions is narrowed by."""

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from foundation import clock
from foundation.accounts.filters import UnitFilter
from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_day
from foundation.actions.choices import ActionState
from foundation.actions.querysets import ActionListingQuerySet
from foundation.records.models import Record
from foundation.ui.filters import ANY, FilterSet, StateFilter, day_filter

PEOPLE_FOUND = 200


class ActionFilters(FilterSet):
    """By words, state, unit, owner, what they follow from, and when they are due."""

    q = django_filters.CharFilter(method="by_text", label=_("Search"), max_length=100)
    state = StateFilter(ActionState.choices)
    unit = UnitFilter()
    owner = django_filters.CharFilter(method="by_owner", label=_("Owner"), max_length=100)
    source = django_filters.CharFilter(
        method="by_source",
        label=_("Follows from"),
        max_length=40,
        widget=forms.TextInput(attrs={"placeholder": "AUD-0001"}),
    )
    due_from = day_filter("due_on", _("Due from"))
    due_until = day_filter("due_on", _("Due until"), until=True)
    late = django_filters.BooleanFilter(method="by_late", label=_("Late only"), widget=forms.CheckboxInput)
    mine = django_filters.BooleanFilter(method="by_mine", label=_("Owned by me"), widget=forms.CheckboxInput)

    def by_text(self, rows: ActionListingQuerySet, name: str, value: str) -> ActionListingQuerySet:
        """Keep those whose title or reference contains the text."""
        return rows.containing(value)

    def by_state(self, rows: ActionListingQuerySet, name: str, value: str) -> ActionListingQuerySet:
        """Keep one state, or all."""
        return rows if value == ANY else rows.in_state(value)

    def by_owner(self, rows: ActionListingQuerySet, name: str, value: str) -> ActionListingQuerySet:
        """Keep what people with such a name must do."""
        people = User.objects.filter(full_name__icontains=value.strip()).order_by("pk")
        return rows.filter(owner_id__in=list(people.values_list("pk", flat=True)[:PEOPLE_FOUND]))

    def by_source(self, rows: ActionListingQuerySet, name: str, value: str) -> ActionListingQuerySet:
        """Keep what follows from a record that the reader may know of."""
        visible = Record.objects.visible_to(self.request.user)
        return rows.filter(source__in=visible.filter(reference=value.strip().upper()).values("pk"))

    def by_late(self, rows: ActionListingQuerySet, name: str, value: bool) -> ActionListingQuerySet:
        """Keep what is late."""
        return rows.late(organisation_day(clock.now())) if value else rows

    def by_mine(self, rows: ActionListingQuerySet, name: str, value: bool) -> ActionListingQuerySet:
        """Keep what the reader owns."""
        return rows.filter(owner=self.request.user) if value else rows
