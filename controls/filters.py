"""The filters of the list of controls."""

from datetime import timedelta

import django_filters
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from controls.choices import (
    DECIDING,
    IN_FORCE,
    WRITING,
    ControlState,
    ControlType,
    Effectiveness,
    Implementation,
    Nature,
)
from controls.models import ControlRequirement
from controls.querysets import ControlListingQuerySet
from foundation import clock
from foundation.accounts.filters import PersonFilter, UnitFilter
from foundation.accounts.organisation import organisation_day
from foundation.records.filters import ListingFilters
from foundation.ui.filters import StateFilter, TickFilter, day_filter

SOON = timedelta(days=30)
GROUPS = {"in_force": IN_FORCE, "writing": WRITING, "deciding": DECIDING}


class ControlFilters(ListingFilters):
    """What the list of controls is narrowed by."""

    state = StateFilter(
        [
            ("open", _("Not retired")),
            ("in_force", _("In force")),
            ("writing", _("Being written")),
            ("deciding", _("Waiting for approval")),
            (ControlState.RETIRED.value, ControlState.RETIRED.label),
        ]
    )
    implementation = django_filters.ChoiceFilter(choices=Implementation.choices, label=_("Implementation"))
    evidence = django_filters.ChoiceFilter(
        choices=[("late", _("Overdue")), ("soon", _("Due within 30 days, or overdue"))],
        method="by_evidence",
        label=_("Evidence"),
    )
    due_from = day_filter("due_on", _("Evidence due from"))
    due_until = day_filter("due_on", _("Evidence due until"), until=True)
    unit = UnitFilter()
    owner = PersonFilter("owner", _("Owner"))
    type = django_filters.ChoiceFilter(choices=ControlType.choices, label=_("Type"))
    nature = django_filters.ChoiceFilter(choices=Nature.choices, label=_("Nature"))
    effectiveness = django_filters.ChoiceFilter(
        choices=[("none", _("Not rated")), *Effectiveness.choices],
        method="by_effectiveness",
        label=_("Effectiveness"),
    )
    key = TickFilter(method="by_key", label=_("Key controls"))
    withdrawn = TickFilter(method="by_withdrawn", label=_("Maps what was withdrawn"))
    mine = TickFilter(method="by_mine", label=_("Mine"))

    def by_state(self, rows: ControlListingQuerySet, name: str, value: str) -> ControlListingQuerySet:
        """Keep those in one state or group of states, those not retired, or all."""
        states = GROUPS.get(value)
        return rows.filter(state__in=states) if states else super().by_state(rows, name, value)

    def by_evidence(self, rows: ControlListingQuerySet, name: str, value: str) -> ControlListingQuerySet:
        """Keep those whose evidence is late, or due soon, on the organisation's calendar."""
        today = organisation_day(clock.now())
        return rows.evidence_overdue(today) if value == "late" else rows.evidence_due(today + SOON)

    def by_effectiveness(self, rows: ControlListingQuerySet, name: str, value: str) -> ControlListingQuerySet:
        """Keep those of one rating, or those never rated."""
        return rows.filter(effectiveness="" if value == "none" else value)

    def by_key(self, rows: ControlListingQuerySet, name: str, value: bool) -> ControlListingQuerySet:
        """Keep key controls."""
        return rows.filter(is_key=True) if value else rows

    def by_withdrawn(self, rows: ControlListingQuerySet, name: str, value: bool) -> ControlListingQuerySet:
        """Keep those mapped to a requirement that its framework withdrew."""
        links = ControlRequirement.objects.filter(control=OuterRef("pk"), requirement__is_withdrawn=True)
        return rows.filter(Exists(links)) if value else rows
