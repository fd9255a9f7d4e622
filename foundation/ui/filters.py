"""Filters of lists whose selects are quick to draw."""

from collections.abc import Hashable, Sequence
from copy import copy
from datetime import date
from functools import lru_cache
from typing import Any

import django_filters
from django.core.validators import MaxValueValidator, MinValueValidator
from django.forms import CheckboxInput, DateInput, Select
from django.forms.renderers import BaseRenderer
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from foundation.ui.dates import FIRST_DAY, LAST_DAY
from foundation.ui.form_renderer import attributes_html


@lru_cache(maxsize=256)
def _options_html(choices: tuple[tuple[str, str], ...], chosen: str) -> SafeString:
    """Return the options of a select; the same hundred people are offered page after page."""
    return SafeString(
        "".join(
            f'\n<option value="{escape(value)}"{" selected" if value == chosen else ""}>'
            f"{escape(label)}</option>"
            for value, label in choices
        )
    )


class FilterSelect(Select):
    """A select of plain choices, without groups, whose options are kept as they were drawn."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: BaseRenderer | None = None
    ) -> SafeString:
        """Return the markup."""
        attributes = attributes_html({"name": name, **self.build_attrs(self.attrs, attrs)})
        choices = tuple((str(key), str(label)) for key, label in self.choices)
        # What the address asks for goes no further unless it is offered: anything else would crowd out what is kept.
        asked = "" if value is None else str(value)
        chosen = asked if any(asked == key for key, _label in choices) else ""
        return format_html("<select{}>{}\n</select>", attributes, _options_html(choices, chosen))


ANY = "all"  # the value by which a filter that is on by default is turned off: an empty one falls out of addresses


class _Filters(dict[str, django_filters.Filter]):
    """The filters of a class, which each of its instances gets a copy of."""

    def __deepcopy__(self, memo: dict[int, Any]) -> dict[str, django_filters.Filter]:
        """Return copies that can be set up for one request: not of all below them, since the form copies its fields itself."""
        return {name: _copy(one) for name, one in self.items()}


def _copy(filter_: django_filters.Filter) -> django_filters.Filter:
    copied = copy(filter_)
    copied.extra = dict(filter_.extra)
    if filter_.method is not None:
        copied.method = filter_.method  # bound anew, to the copy
    return copied


def _offer(filter_: django_filters.Filter, declared: django_filters.Filter) -> Hashable:
    """Return what a filter offers at this moment, where it is not what its class declares once and for all."""
    choices = filter_.extra.get("choices")
    if callable(choices):
        return _hashable(list(choices()))
    return () if choices is declared.extra.get("choices") else _hashable(choices)


def _hashable(choices: Any) -> Hashable:
    """Return choices, which may stand in groups, as what a dictionary can be asked for."""
    return tuple(map(_hashable, choices)) if isinstance(choices, list | tuple) else choices


class FilterSet(django_filters.FilterSet):
    """The filters of a list."""

    @classmethod
    def get_filters(cls) -> dict[str, django_filters.Filter]:
        """Return the filters that the class declares."""
        return _Filters(super().get_filters())

    @property
    def look(self) -> Hashable:
        """Return all that its form is drawn from: what is asked for, and what is offered at this moment and to this reader.

        None where that can't be said: for filters by models, whose choices are rows.
        """
        if any("queryset" in one.extra for one in self.filters.values()):
            return None
        asked = tuple((name, *self.data.getlist(name)) for name in self.data)
        offers = ((name, _offer(one, self.base_filters[name])) for name, one in self.filters.items())
        return (type(self).__qualname__, asked, *offers)


class ChoiceFilter(django_filters.ChoiceFilter):
    """A filter by one of some choices."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("widget", FilterSelect)
        super().__init__(*args, **kwargs)


class StateFilter(ChoiceFilter):
    """A filter by state for a list that opens with what is open: `ANY` shows all. Its method is `by_state`."""

    def __init__(self, states: Sequence[tuple[str, Any]], **kwargs: Any) -> None:
        choices = [*states, (ANY, _("All"))]
        super().__init__(choices=choices, label=_("State"), empty_label=None, method="by_state", **kwargs)


class TickFilter(django_filters.BooleanFilter):
    """A filter that is on or off."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, widget=CheckboxInput, **kwargs)


def day_filter(
    field: str, label: Any, *, until: bool = False, first: date = FIRST_DAY, last: date = LAST_DAY
) -> Any:
    """Return a filter of rows whose day is the one asked for or later, or with `until` that or earlier."""
    return django_filters.DateFilter(
        field_name=field,
        lookup_expr="lte" if until else "gte",
        label=label,
        widget=DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        validators=(MinValueValidator(first), MaxValueValidator(last)),
    )
