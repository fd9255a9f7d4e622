"""The filters that lists of records have in common, and those of the trail page."""

from __future__ import annotations

from datetime import MAXYEAR, date, datetime, time, timedelta
from itertools import groupby
from typing import Any

import django_filters
from django import forms
from django.apps import apps
from django.db.models import QuerySet, Subquery
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from foundation import clock
from foundation.accounts.filters import PersonFilter
from foundation.accounts.organisation import organisation_day
from foundation.records.models import Record
from foundation.records.selectors import entries_with_words
from foundation.registry import TrailVerb, registry
from foundation.trail.models import Entry
from foundation.ui.filters import ANY, ChoiceFilter, FilterSet


class ReferenceFilter(django_filters.CharFilter):
    """A filter of rows that belong to a record by its reference, of those that the reader may know of."""

    def __init__(self, field_name: str, label: Any, *, example: str) -> None:
        widget = forms.TextInput(attrs={"placeholder": example})
        super().__init__(field_name=field_name, label=label, max_length=40, widget=widget)

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Keep those of the record."""
        if not value:
            return qs
        visible = Record.objects.visible_to(self.parent.request.user)
        return qs.filter(
            **{f"{self.field_name}__in": visible.filter(reference=value.strip().upper()).values("pk")}
        )


class ListingFilters(FilterSet):
    """What long lists of records are narrowed by, whatever the kind, on their narrow rows (`querysets.ListingQuerySet`).

    A kind adds its own, and gives the methods below a name: `StateFilter` takes `by_state`, a `TickFilter` one of the others.
    """

    q = django_filters.CharFilter(method="by_text", label=_("Search"), max_length=100)

    def by_text(self, rows: Any, name: str, value: str) -> Any:
        """Keep those whose title or reference contains the text."""
        return rows.containing(value)

    def by_state(self, rows: Any, name: str, value: str) -> Any:
        """Keep one state, all that are open, or all."""
        if value == ANY:
            return rows
        return rows.open() if value == "open" else rows.filter(state=value)

    def by_late(self, rows: Any, name: str, value: bool) -> Any:
        """Keep what was to be done by now, and is not."""
        return rows.late(organisation_day(clock.now())) if value else rows

    def by_mine(self, rows: Any, name: str, value: bool) -> Any:
        """Keep what the reader owns."""
        return rows.filter(owner=self.request.user) if value else rows


def action_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the actions that apps describe, grouped by app, in the words of their sentences."""
    verbs = sorted(registry.all(TrailVerb), key=lambda verb: verb.action)
    return [
        (_app_name(app), [(verb.action, _words(verb)) for verb in group])
        for app, group in groupby(verbs, key=lambda verb: verb.action.partition(".")[0])
    ]


class TrailFilters(FilterSet):
    """By words, person, action, record and day; days are those of the reader's time zone."""

    q = django_filters.CharFilter(label=_("Search"), method="by_words")
    person = PersonFilter("actor_id", _("Person"))
    reference = django_filters.CharFilter(label=_("Record"), method="by_reference")
    action = ChoiceFilter(
        label=_("Action"),
        choices=action_choices,
        empty_label=_("All"),
        widget=forms.Select(attrs={"data-search": ""}),
    )
    day_from = django_filters.DateFilter(
        label=_("From"), method="from_day", widget=forms.DateInput(attrs={"type": "date"})
    )
    day_until = django_filters.DateFilter(
        label=_("Until"), method="until_day", widget=forms.DateInput(attrs={"type": "date"})
    )

    def by_words(self, entries: QuerySet[Entry], name: str, value: str) -> QuerySet[Entry]:
        """Keep entries that have all these words, or words that start so."""
        return entries_with_words(entries, value)

    def by_reference(self, entries: QuerySet[Entry], name: str, value: str) -> QuerySet[Entry]:
        """Keep what was done to the record of this reference."""
        return entries.filter(
            record_id=Subquery(Record.objects.filter(reference=value.strip().upper()).values("pk"))
        )

    def from_day(self, entries: QuerySet[Entry], name: str, value: date) -> QuerySet[Entry]:
        """Keep what was done on the day or later."""
        return entries.filter(at__gte=_start_of(value)) if 1 < value.year < MAXYEAR else entries

    def until_day(self, entries: QuerySet[Entry], name: str, value: date) -> QuerySet[Entry]:
        """Keep what was done on the day or before."""
        if not 1 < value.year < MAXYEAR:
            return entries
        return entries.filter(at__lt=_start_of(value + timedelta(days=1)))


def _start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _app_name(label: str) -> str:
    try:
        return str(apps.get_app_config(label).verbose_name)
    except LookupError:
        return label


def _words(verb: TrailVerb) -> str:
    sentence = str(verb.sentence)
    readable = (
        verb.action.partition(".")[2].replace(".", " ").replace("_", " ") if "{" in sentence else sentence
    )
    return str(capfirst(readable))
