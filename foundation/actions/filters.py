"""What the list of actions is narrowed by."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta
from django.utils.translation import gettext_lazy as _

from foundation import clock
from foundation.accounts.filters import PersonFilter, UnitFilter
from foundation.accounts.organisation import organisation_day
from foundation.actions.choices import JUDGED_STATES, PROPOSALS, UNSETTLED, ActionNature, ActionState
from foundation.actions.querysets import ActionListingQuerySet
from foundation.records.filters import ListingFilters, ReferenceFilter
from foundation.records.kinds import duty_options, kind_options, kinds_of_duty
from foundation.records.querysets import visible_sources
from foundation.ui.filters import ANY, ChoiceFilter, StateFilter, TickFilter, day_filter

# Several states by one word; the words are none of the states.
GROUPS: dict[str, tuple[Sequence[str], Any]] = {
    "unsettled": (UNSETTLED, _("Not settled")),
    "proposals": (PROPOSALS, _("Proposed or returned")),
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


class ActionFilters(ListingFilters):
    """By words, state, nature, unit, people, what they follow from, and when the next step is due."""

    state = StateFilter(STATES)
    nature = ChoiceFilter(choices=ActionNature.choices, label=_("Nature"), empty_label=_("All"))
    unit = UnitFilter()
    owner = PersonFilter("owner", _("Owner"))
    verifier = PersonFilter("verifier", _("Verifier"))
    duty = ChoiceFilter(method="by_duty", choices=duty_options, label=_("Duty"), empty_label=_("All"))
    kind = ChoiceFilter(
        method="by_kind", choices=kind_options, label=_("Kind of source"), empty_label=_("All")
    )
    source = ReferenceFilter("source", _("Follows from"), example="AUD-0001")
    due = ChoiceFilter(
        method="by_due",
        label=_("Due"),
        empty_label=_("Any time"),
        choices=[("week", _("Within 7 days")), ("month", _("This month")), ("next_month", _("Next month"))],
    )
    due_from = day_filter("due_on", _("Due from"))
    due_until = day_filter("due_on", _("Due until"), until=True)
    late = TickFilter(method="by_late", label=_("Late only"))
    mine = TickFilter(method="by_mine", label=_("Owned by me"))
    to_judge = TickFilter(method="by_judge", label=_("Mine to verify or check"))
    nobody = TickFilter(method="by_nobody", label=_("Nobody to verify"))

    def by_state(self, rows: ActionListingQuerySet, name: str, value: str) -> ActionListingQuerySet:
        """Keep one state, some, or all."""
        if value == ANY:
            return rows
        if value == "unsettled":
            return rows.unsettled()
        return rows.in_state(*GROUPS[value][0]) if value in GROUPS else rows.in_state(value)

    def by_duty(self, rows: ActionListingQuerySet, name: str, value: str) -> ActionListingQuerySet:
        """Keep what follows from a duty's records, also over other actions, for those who may know from what."""
        return self._of_known(rows.filter(root_kind__in=kinds_of_duty(value)))

    def by_kind(self, rows: ActionListingQuerySet, name: str, value: str) -> ActionListingQuerySet:
        """Keep what follows from records of a kind, for those who may know from what."""
        return self._of_known(rows.filter(from_kind=value))

    def _of_known(self, rows: ActionListingQuerySet) -> ActionListingQuerySet:
        return rows.filter(visible_sources(self.request.user, "source_id"))

    def by_due(self, rows: ActionListingQuerySet, name: str, value: str) -> ActionListingQuerySet:
        """Keep what is due within a span of time."""
        return rows.filter(due_on__range=_days_of(value, organisation_day(clock.now())))

    def by_judge(self, rows: ActionListingQuerySet, name: str, value: bool) -> ActionListingQuerySet:
        """Keep what the reader is to verify, or whose effect the reader is to check."""
        return rows.in_state(*JUDGED_STATES).filter(verifier=self.request.user) if value else rows

    def by_nobody(self, rows: ActionListingQuerySet, name: str, value: bool) -> ActionListingQuerySet:
        """Keep the corrective actions that nobody can verify until somebody is named."""
        return rows.unverified() if value else rows
