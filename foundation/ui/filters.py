"""Filters of lists whose selects are quick to draw."""

from functools import lru_cache
from typing import Any

import django_filters
from django.forms import Select
from django.forms.renderers import BaseRenderer
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString

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
        chosen = "" if value is None else str(value)
        return format_html("<select{}>{}\n</select>", attributes, _options_html(choices, chosen))


class ChoiceFilter(django_filters.ChoiceFilter):
    """A filter by one of some choices."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("widget", FilterSelect)
        super().__init__(*args, **kwargs)
