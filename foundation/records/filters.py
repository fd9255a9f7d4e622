"""The filters of the trail page."""

from __future__ import annotations

from datetime import MAXYEAR, date, datetime, time, timedelta
from itertools import groupby

import django_filters
from django import forms
from django.apps import apps
from django.db.models import QuerySet, Subquery
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from foundation.accounts.models import User
from foundation.records.models import Record
from foundation.records.selectors import entries_with_words
from foundation.registry import TrailVerb, registry
from foundation.trail.models import Entry
from foundation.ui.filters import ChoiceFilter, FilterSet

PEOPLE_FOUND = 200


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
    person = django_filters.CharFilter(label=_("Person"), method="by_person")
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

    def by_person(self, entries: QuerySet[Entry], name: str, value: str) -> QuerySet[Entry]:
        """Keep what people with such a name did."""
        people = User.objects.filter(full_name__icontains=value.strip()).order_by("pk")
        return entries.filter(actor_id__in=list(people.values_list("pk", flat=True)[:PEOPLE_FOUND]))

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
