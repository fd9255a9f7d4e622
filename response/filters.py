"""The filters of the list of exercises."""

from django.utils.translation import gettext_lazy as _

from foundation.accounts.filters import PersonFilter, UnitFilter
from foundation.records.filters import ListingFilters, ReferenceFilter
from foundation.ui.filters import ChoiceFilter, StateFilter, TickFilter
from response.choices import ExerciseState, ExerciseType


class ExerciseFilters(ListingFilters):
    """What the list of exercises is narrowed by."""

    state = StateFilter([("open", _("Open")), *ExerciseState.choices])
    type = ChoiceFilter(choices=ExerciseType.choices, label=_("Type"), empty_label=_("All"))
    unit = UnitFilter()
    owner = PersonFilter("owner", _("Owner"))
    plan = ReferenceFilter("plan", _("Plan"), example="DOC-0001")
    late = TickFilter(method="by_late", label=_("Late only"))
    mine = TickFilter(method="by_mine", label=_("Owned by me"))
