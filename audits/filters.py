"""The filters of the lists of audits and programmes."""

import django_filters
from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audits.choices import AuditState, AuditType, ProgrammeState
from audits.models import Programme
from audits.querysets import AuditListingQuerySet, ProgrammeQuerySet
from audits.schedule import EARLIEST, LATEST
from audits.selectors import lead_choices
from foundation.accounts.filters import UnitFilter
from foundation.accounts.organisation import organisation_zone
from foundation.ui.filters import ANY, ChoiceFilter, FilterSet, StateFilter, day_filter


def lead_options() -> list[tuple[str, str]]:
    """Return the lead auditors for a select."""
    return [(str(pk), name) for pk, name in lead_choices()]


class AuditFilters(FilterSet):
    """What a list of audits is narrowed by."""

    q = django_filters.CharFilter(method="by_text", label=_("Search"), max_length=100)
    state = StateFilter([("open", _("Open")), *AuditState.choices])
    type = ChoiceFilter(choices=AuditType.choices, label=_("Type"), empty_label=_("All"))
    unit = UnitFilter()
    lead = ChoiceFilter(
        field_name="lead_auditor_id",
        choices=lead_options,
        label=_("Lead auditor"),
        empty_label=_("All"),
    )
    programme = django_filters.CharFilter(
        method="by_programme",
        label=_("Programme"),
        max_length=40,
        widget=forms.TextInput(attrs={"placeholder": "PRG-0001"}),
    )
    starts_from = day_filter("starts_on", _("Starts from"), first=EARLIEST, last=LATEST)
    starts_until = day_filter("starts_on", _("Starts until"), until=True, first=EARLIEST, last=LATEST)
    late = django_filters.BooleanFilter(method="by_late", label=_("Late only"), widget=forms.CheckboxInput)
    mine = django_filters.BooleanFilter(
        method="by_mine", label=_("Led or owned by me"), widget=forms.CheckboxInput
    )

    def by_text(self, rows: AuditListingQuerySet, name: str, value: str) -> AuditListingQuerySet:
        """Keep those whose title or reference contains the text."""
        return rows.containing(value)

    def by_state(self, rows: AuditListingQuerySet, name: str, value: str) -> AuditListingQuerySet:
        """Keep one state, all that are open, or all."""
        if value == ANY:
            return rows
        return rows.open() if value == "open" else rows.filter(state=value)

    def by_programme(self, rows: AuditListingQuerySet, name: str, value: str) -> AuditListingQuerySet:
        """Keep those of a programme that the reader may know of."""
        visible = Programme.objects.visible_to(self.request.user)
        return rows.filter(programme__in=visible.filter(reference=value.strip().upper()).values("pk"))

    def by_late(self, rows: AuditListingQuerySet, name: str, value: bool) -> AuditListingQuerySet:
        """Keep those whose next step is late."""
        return rows.late(timezone.localdate(timezone=organisation_zone())) if value else rows

    def by_mine(self, rows: AuditListingQuerySet, name: str, value: bool) -> AuditListingQuerySet:
        """Keep those that the reader leads or owns."""
        return rows.run_by(self.request.user) if value else rows


class ProgrammeFilters(FilterSet):
    """What the list of programmes is narrowed by."""

    q = django_filters.CharFilter(method="by_text", label=_("Search"), max_length=100)
    year = django_filters.NumberFilter(
        label=_("Year"), validators=(MinValueValidator(2000), MaxValueValidator(2100))
    )
    state = ChoiceFilter(choices=ProgrammeState.choices, label=_("State"), empty_label=_("All"))
    unit = UnitFilter()

    def by_text(self, rows: ProgrammeQuerySet, name: str, value: str) -> ProgrammeQuerySet:
        """Keep those whose title or reference contains the text."""
        return rows.filter(Q(title__icontains=value) | Q(reference__icontains=value))
