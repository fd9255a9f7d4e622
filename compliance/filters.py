"""The filters of the list of frameworks."""

import django_filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from compliance.choices import FrameworkState
from compliance.querysets import FrameworkQuerySet
from foundation.accounts.filters import PersonFilter, UnitFilter
from foundation.ui.filters import ANY, FilterSet, StateFilter


class FrameworkFilters(FilterSet):
    """What the list of frameworks is narrowed by."""

    q = django_filters.CharFilter(method="by_text", label=_("Search"), max_length=100)
    state = StateFilter([("open", _("Active")), (FrameworkState.RETIRED.value, FrameworkState.RETIRED.label)])
    unit = UnitFilter()
    owner = PersonFilter("owner", _("Owner"))

    def by_text(self, rows: FrameworkQuerySet, name: str, value: str) -> FrameworkQuerySet:
        """Keep those whose name, reference or publisher contains the text."""
        return rows.filter(
            Q(title__icontains=value) | Q(reference__icontains=value) | Q(publisher__icontains=value)
        )

    def by_state(self, rows: FrameworkQuerySet, name: str, value: str) -> FrameworkQuerySet:
        """Keep one state, those in use, or all."""
        if value == ANY:
            return rows
        return rows.active() if value == "open" else rows.filter(state=value)
