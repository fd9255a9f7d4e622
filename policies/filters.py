"""The filters of the list of documents."""

from datetime import timedelta

import django_filters
from django.utils.translation import gettext_lazy as _

from foundation import clock
from foundation.accounts.filters import PersonFilter, UnitFilter
from foundation.accounts.organisation import organisation_day
from foundation.records.filters import ListingFilters
from foundation.ui.filters import StateFilter, day_filter
from policies.choices import DECIDING, IN_FORCE, WRITING, DocumentState, DocumentType
from policies.querysets import DocumentListingQuerySet

SOON = timedelta(days=30)
GROUPS = {"in_force": IN_FORCE, "writing": WRITING, "deciding": DECIDING}


class DocumentFilters(ListingFilters):
    """What the list of documents is narrowed by."""

    type = django_filters.ChoiceFilter(choices=DocumentType.choices, label=_("Type"))
    state = StateFilter(
        [
            ("open", _("Not retired")),
            ("in_force", _("In force")),
            ("writing", _("Being written")),
            ("deciding", _("Waiting for approval")),
            (DocumentState.RETIRED.value, DocumentState.RETIRED.label),
        ]
    )
    unit = UnitFilter()
    owner = PersonFilter("owner", _("Owner"))
    review = django_filters.ChoiceFilter(
        choices=[("late", _("Overdue")), ("soon", _("Due within 30 days, or overdue"))],
        method="by_review",
        label=_("Review"),
    )
    review_from = day_filter("review_on", _("Review due from"))
    review_until = day_filter("review_on", _("Review due until"), until=True)

    def by_state(self, rows: DocumentListingQuerySet, name: str, value: str) -> DocumentListingQuerySet:
        """Keep those in one state or group of states, those not retired, or all."""
        states = GROUPS.get(value)
        return rows.filter(state__in=states) if states else super().by_state(rows, name, value)

    def by_review(self, rows: DocumentListingQuerySet, name: str, value: str) -> DocumentListingQuerySet:
        """Keep those whose review is late, or due soon, on the organisation's calendar."""
        today = organisation_day(clock.now())
        return rows.review_overdue(today) if value == "late" else rows.review_due(today + SOON)
