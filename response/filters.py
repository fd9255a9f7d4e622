"""The filters of the list of exercises."""

import django_filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation import clock
from foundation.accounts.filters import PersonFilter, UnitFilter
from foundation.accounts.organisation import organisation_day
from foundation.records.filters import ReferenceFilter
from foundation.ui.filters import ANY, ChoiceFilter, FilterSet, StateFilter, TickFilter
from response.choices import ExerciseState, ExerciseType
from response.querysets import ExerciseQuerySet


class ExerciseFilters(FilterSet):
    """What the list of exercises is narrowed by."""

    q = django_filters.CharFilter(method="by_text", label=_("Search"), max_length=100)
    state = StateFilter([("open", _("Open")), *ExerciseState.choices])
    type = ChoiceFilter(choices=ExerciseType.choices, label=_("Type"), empty_label=_("All"))
    unit = UnitFilter()
    owner = PersonFilter("owner", _("Owner"))
    plan = ReferenceFilter("plan", _("Plan"), example="DOC-0001")
    late = TickFilter(method="by_late", label=_("Late only"))
    mine = TickFilter(method="by_mine", label=_("Owned by me"))

    def by_text(self, rows: ExerciseQuerySet, name: str, value: str) -> ExerciseQuerySet:
        """Keep those whose title or reference contains the text."""
        text = value.strip()
        return rows.filter(Q(title__icontains=text) | Q(reference__icontains=text))

    def by_state(self, rows: ExerciseQuerySet, name: str, value: str) -> ExerciseQuerySet:
        """Keep one state, all that are open, or all."""
        if value == ANY:
            return rows
        return rows.open() if value == "open" else rows.filter(state=value)

    def by_late(self, rows: ExerciseQuerySet, name: str, value: bool) -> ExerciseQuerySet:
        """Keep what was to be held by now."""
        return rows.late(organisation_day(clock.now())) if value else rows

    def by_mine(self, rows: ExerciseQuerySet, name: str, value: bool) -> ExerciseQuerySet:
        """Keep what the reader owns."""
        return rows.filter(owner=self.request.user) if value else rows
