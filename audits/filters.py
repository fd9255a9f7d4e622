"""The filters of the lists of audits, programmes, findings and requests for evidence."""

from collections.abc import Iterable
from typing import Any

import django_filters
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audits.choices import AuditState, AuditType, EvidenceState, FindingState, Grade, ProgrammeState
from audits.querysets import AuditListingQuerySet, FindingListingQuerySet, ProgrammeQuerySet
from audits.schedule import EARLIEST, LATEST
from audits.selectors import framework_choices, lead_choices
from audits.selectors.year import Unit
from compliance.models import Framework
from foundation import clock
from foundation.accounts.filters import PersonFilter, UnitFilter
from foundation.accounts.organisation import organisation_day
from foundation.accounts.selectors.units import INDENT
from foundation.records.filters import ListingFilters, ReferenceFilter
from foundation.ui.filters import ChoiceFilter, FilterSet, StateFilter, TickFilter, day_filter


def lead_options() -> list[tuple[str, str]]:
    """Return the lead auditors for a select."""
    return [(str(pk), name) for pk, name in lead_choices()]


class AuditFilters(ListingFilters):
    """What a list of audits is narrowed by."""

    state = StateFilter([("open", _("Open")), *AuditState.choices])
    type = ChoiceFilter(choices=AuditType.choices, label=_("Type"), empty_label=_("All"))
    unit = UnitFilter()
    lead = ChoiceFilter(
        field_name="lead_auditor_id",
        choices=lead_options,
        label=_("Lead auditor"),
        empty_label=_("All"),
    )
    programme = ReferenceFilter("programme", _("Programme"), example="PRG-0001")
    starts_from = day_filter("starts_on", _("Starts from"), first=EARLIEST, last=LATEST)
    starts_until = day_filter("starts_on", _("Starts until"), until=True, first=EARLIEST, last=LATEST)
    owner = PersonFilter("owner", _("Owner"))
    due_from = day_filter("next_due_on", _("Next step due from"), first=EARLIEST, last=LATEST)
    due_until = day_filter("next_due_on", _("Next step due until"), until=True, first=EARLIEST, last=LATEST)
    late = TickFilter(method="by_late", label=_("Late only"))
    on_schedule = TickFilter(method="by_schedule", label=_("On schedule only"))
    mine = TickFilter(method="by_mine", label=_("Led or owned by me"))

    def by_schedule(self, rows: AuditListingQuerySet, name: str, value: bool) -> AuditListingQuerySet:
        """Keep those of which nothing is late."""
        return rows.on_schedule(organisation_day(clock.now())) if value else rows

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


def framework_options() -> list[tuple[str, str]]:
    """Return the frameworks for a select."""
    return [(str(pk), name) for pk, name in framework_choices()]


class FindingFilters(ListingFilters):
    """What a list of findings is narrowed by."""

    state = StateFilter([("open", _("Open")), *FindingState.choices])
    grade = ChoiceFilter(choices=Grade.choices, label=_("Grade"), empty_label=_("All"))
    unit = UnitFilter()
    owner = PersonFilter("owner", _("Owner"))
    audit = ReferenceFilter("audit", _("Audit"), example="AUD-0001")
    framework = ChoiceFilter(
        field_name="framework_id",
        choices=framework_options,
        label=_("Framework"),
        empty_label=_("All"),
    )
    requirement = django_filters.CharFilter(
        field_name="requirement__identifier", lookup_expr="iexact", label=_("Requirement"), max_length=100
    )
    late = TickFilter(method="by_late", label=_("Late only"))
    mine = TickFilter(method="by_mine", label=_("Owned by me"))
    repeat = TickFilter(method="by_repeat", label=_("Repeats only"))

    def by_repeat(self, rows: FindingListingQuerySet, name: str, value: bool) -> FindingListingQuerySet:
        """Keep those that were found before, as far as the reader may know of that."""
        return rows.repeating_for(self.request.user) if value else rows


class EvidenceFilters(ListingFilters):
    """What a list of requests for evidence is narrowed by."""

    state = StateFilter([("open", _("Open")), *EvidenceState.choices])
    owner = PersonFilter("owner", _("Who is asked"))
    audit = ReferenceFilter("audit", _("Audit"), example="AUD-0001")
    unit = UnitFilter()
    due_from = day_filter("due_on", _("Due from"), first=EARLIEST, last=LATEST)
    due_until = day_filter("due_on", _("Due until"), until=True, first=EARLIEST, last=LATEST)
    late = TickFilter(method="by_late", label=_("Late only"))
    mine = TickFilter(method="by_mine", label=_("Asked of me"))


class YearFilters(FilterSet):
    """What a year's page is narrowed by."""

    unit = UnitFilter()
    lead = ChoiceFilter(
        field_name="lead_auditor_id",
        choices=lead_options,
        label=_("Lead auditor"),
        empty_label=_("All"),
    )
    state = ChoiceFilter(
        choices=[("open", _("Open")), *AuditState.choices],
        method="by_state",
        label=_("State"),
        empty_label=_("All"),
    )
    framework = ChoiceFilter(
        field_name="audit__frameworks", choices=(), label=_("Framework"), empty_label=_("All")
    )

    def __init__(self, *args: Any, units: Iterable[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["unit"].extra["choices"] = [
            (str(unit.pk), f"{INDENT * unit.depth}{unit.name}") for unit in units
        ]
        visible = Framework.objects.visible_to(self.request.user).unarchived().order_by("title", "pk")
        self.filters["framework"].extra["choices"] = [
            (str(pk), title) for pk, title in visible.values_list("pk", "title")
        ]
        for field in self.form.fields.values():
            field.widget.attrs.setdefault("class", "form-select")

    def by_state(self, rows: AuditListingQuerySet, name: str, value: str) -> AuditListingQuerySet:
        """Keep one state, or all that are open."""
        return rows.open() if value == "open" else rows.filter(state=value)
