"""The filters of the list of activities."""

from django.utils.translation import gettext_lazy as _

from duties.choices import ActivityState, duty_choices
from duties.querysets import ActivityListingQuerySet
from foundation.accounts.filters import PersonFilter, UnitFilter
from foundation.records.filters import ListingFilters
from foundation.ui.filters import ChoiceFilter, StateFilter, TickFilter, day_filter


class ActivityFilters(ListingFilters):
    """What the list of activities is narrowed by."""

    state = StateFilter([("open", _("Open")), ("to_do", _("Still to be done")), *ActivityState.choices])
    duty = ChoiceFilter(choices=duty_choices, label=_("Duty"), empty_label=_("All"))
    unit = UnitFilter()
    owner = PersonFilter("owner", _("Owner"))
    due_from = day_filter("due_on", _("Due from"))
    due_until = day_filter("due_on", _("Due until"), until=True)
    done_from = day_filter("done_on", _("Done from"))
    done_until = day_filter("done_on", _("Done until"), until=True)
    late = TickFilter(method="by_late", label=_("Late only"))
    mine = TickFilter(method="by_mine", label=_("Owned by me"))

    def by_state(self, rows: ActivityListingQuerySet, name: str, value: str) -> ActivityListingQuerySet:
        """Keep one state, some, or all."""
        if value == "to_do":
            return rows.to_do()
        found: ActivityListingQuerySet = super().by_state(rows, name, value)
        return found
