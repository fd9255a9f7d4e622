"""The filters of the list of documents."""

from datetime import timedelta

import django_filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation import clock
from foundation.accounts.organisation import organisation_day
from foundation.ui.filters import ANY, FilterSet, StateFilter
from policies.choices import DECIDING, IN_FORCE, WRITING, DocumentState, DocumentType
from policies.querysets import DocumentQuerySet

SOON = timedelta(days=30)
GROUPS = {"open": None, "in_force": IN_FORCE, "writing": WRITING, "deciding": DECIDING}


class DocumentFilters(FilterSet):
    """What the list of documents is narrowed by."""

    q = django_filters.CharFilter(method="by_text", label=_("Search"), max_length=100)
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

    review = django_filters.ChoiceFilter(
        choices=[("late", _("Overdue")), ("soon", _("Due within 30 days, or overdue"))],
        method="by_review",
        label=_("Review"),
    )

    def by_text(self, rows: DocumentQuerySet, name: str, value: str) -> DocumentQuerySet:
        """Keep those whose title or reference contains the text."""
        return rows.filter(Q(title__icontains=value) | Q(reference__icontains=value))

    def by_state(self, rows: DocumentQuerySet, name: str, value: str) -> DocumentQuerySet:
        """Keep those in one state or group of states, those not retired, or all."""
        if value == ANY:
            return rows
        if value == "open":
            return rows.unretired()
        return rows.filter(state__in=GROUPS.get(value) or (value,))

    def by_review(self, rows: DocumentQuerySet, name: str, value: str) -> DocumentQuerySet:
        """Keep those whose review is late, or due soon, on the organisation's calendar."""
        today = organisation_day(clock.now())
        return rows.review_overdue(today) if value == "late" else rows.review_due(today + SOON)
