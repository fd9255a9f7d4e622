"""The filters of the list of activities."""

from django.utils.translation import gettext_lazy as _

from duties.choices import ActivityState, duty_choices
from foundation.accounts.filters import PersonFilter, UnitFilter
from foundation.records.filters import ListingFilters
from foundation.ui.filters import ChoiceFilter, StateFilter, TickFilter


class ActivityFilters(ListingFilters):
    """What the list of activities is narrowed by."""

    state = StateFilter([("open", _("Open")), *ActivityState.choices])
    duty = ChoiceFilter(choices=duty_choices, label=_("Duty"), empty_label=_("All"))
    unit = UnitFilter()
    owner = PersonFilter("owner", _("Owner"))
    late = TickFilter(method="by_late", label=_("Late only"))
    mine = TickFilter(method="by_mine", label=_("Owned by me"))
