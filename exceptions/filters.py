"""The filters of the list of exceptions."""

from django.utils.translation import gettext_lazy as _

from exceptions.choices import ExceptionState, RiskLevel
from exceptions.querysets import ExceptionListingQuerySet
from exceptions.selectors import SOON
from foundation import clock
from foundation.accounts.filters import PersonFilter, UnitFilter
from foundation.accounts.organisation import organisation_day
from foundation.records.filters import ListingFilters, ReferenceFilter
from foundation.ui.filters import ANY, ChoiceFilter, StateFilter, TickFilter, day_filter


class ExceptionFilters(ListingFilters):
    """What the list of exceptions is narrowed by; states are those of today, whatever is written."""

    state = StateFilter(
        [
            ("open", _("Open")),
            ("in_force", _("In force")),
            ("ending", _("In force, and over within 30 days")),
            ("overtaken", _("To decide again")),
            *ExceptionState.choices,
        ]
    )
    risk = ChoiceFilter(choices=RiskLevel.choices, label=_("Risk"), empty_label=_("All"))
    unit = UnitFilter()
    owner = PersonFilter("owner", _("Owner"))
    document = ReferenceFilter("document", _("Document"), example="DOC-0001")
    ends_from = day_filter("expires_on", _("Ends from"))
    ends_until = day_filter("expires_on", _("Ends until"), until=True)
    mine = TickFilter(method="by_mine", label=_("Owned or asked for by me"))

    def by_state(self, rows: ExceptionListingQuerySet, name: str, value: str) -> ExceptionListingQuerySet:
        """Keep one state or group of states as they are today, or all."""
        today = organisation_day(clock.now())
        if value == ANY:
            return rows
        if value == "open":
            return rows.unsettled(today)
        if value == "in_force":
            return rows.in_force(today)
        if value == "ending":
            return rows.ending(today, SOON)
        if value == "overtaken":
            return rows.in_force(today).overtaken()
        return rows.standing_in(value, on=today)

    def by_mine(self, rows: ExceptionListingQuerySet, name: str, value: bool) -> ExceptionListingQuerySet:
        """Keep what the reader owns or asked for."""
        return rows.of_person(self.request.user) if value else rows
