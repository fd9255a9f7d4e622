"""How form fields become HTML: by templates as Django has them, but for selects and the plainest inputs."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

WIDGETS = "django/forms/widgets"
SELECT = f"{WIDGETS}/select.html"
# Of the kinds that lists have many of; each template of these includes two more.
INPUTS = frozenset(
    f"{WIDGETS}/{kind}.html" for kind in ("input", "text", "number", "date", "hidden", "checkbox")
)


class FormRenderer(TemplatesSetting):
    """Draws what `templates/` says, and selects and inputs by itself.

    Django's template includes two more for each option: a select of a thousand people takes 60 ms there, and 2 ms here.
    The filters of a list take a tenth of its page there.
    """

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        """Return the markup of a widget, field or form."""
        if template_name == SELECT:
            return SafeString("".join(_select(context["widget"])))
        if template_name in INPUTS:
            return _input(context["widget"])
        return super().render(template_name, context, request)


def _input(widget: Mapping[str, Any]) -> SafeString:
    value = widget["value"]
    given = {"type": widget["type"], "name": widget["name"], "value": value if value is None else str(value)}
    return SafeString(f"<input{attributes_html({**given, **widget['attrs']})}>")


def _select(widget: Mapping[str, Any]) -> Iterator[str]:
    yield f'<select name="{conditional_escape(widget["name"])}"{attributes_html(widget["attrs"])}>'
    for group, options, _index in widget["optgroups"]:
        if group:
            yield f'<optgroup label="{conditional_escape(group)}">'
        for option in options:
            value = option["value"]
            named = "" if value is None else f' value="{conditional_escape(str(value))}"'
            yield f"\n<option{named}{attributes_html(option['attrs'])}>{conditional_escape(option['label'])}</option>"
        if group:
            yield "\n</optgroup>"
    yield "\n</select>"


def attributes_html(attributes: Mapping[str, Any]) -> SafeString:
    """Return attributes as Django writes them: those that are False are left out, those that are True have no value."""
    return SafeString(
        "".join(
            f" {name}" if value is True else f' {name}="{conditional_escape(str(value))}"'
            for name, value in attributes.items()
            if value is not False and value is not None
        )
    )
