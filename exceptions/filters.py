"""The filters of the list of exceptions."""

import django_filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from exceptions.choices import ExceptionState, RiskLevel
from exceptions.querysets import ExceptionQuerySet
from exceptions.selectors import SOON
from foundation import clock
from foundation.accounts.filters import PersonFilter, UnitFilter
from foundation.accounts.organisation import organisation_day
from foundation.records.filters import ReferenceFilter
from foundation.ui.filters import ANY, ChoiceFilter, FilterSet, StateFilter, TickFilter, day_filter


class ExceptionFilters(FilterSet):
    """What the list of exceptions is narrowed by; states are those of today, whatever is written."""

    q = django_filters.CharFilter(method="by_text", label=_("Search"), max_length=100)
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

    def by_text(self, rows: ExceptionQuerySet, name: str, value: str) -> ExceptionQuerySet:
        """Keep those whose title, reference or systems contain the text."""
        text = value.strip()
        return rows.filter(
            Q(title__icontains=text) | Q(reference__icontains=text) | Q(systems__icontains=text)
        )

    def by_state(self, rows: ExceptionQuerySet, name: str, value: str) -> ExceptionQuerySet:
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

    def by_mine(self, rows: ExceptionQuerySet, name: str, value: bool) -> ExceptionQuerySet:
        """Keep what the reader owns or asked for."""
        reader = self.request.user
        return rows.filter(Q(owner=reader) | Q(created_by=reader)) if value else rows
