"""The forms by which a draft is written: begin one, and what a line says."""

from collections.abc import Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.translation import gettext_lazy as lazy

from compliance.catalogues.values import KEY_LENGTH, TITLE_LENGTH
from compliance.choices import Method, NodeKind
from compliance.models import RequirementText
from foundation.ui.conflicts import VERSION, Conflict, conflict_between

LONG = 50_000
KINDS = [
    (NodeKind.REQUIREMENT.value, NodeKind.REQUIREMENT.label),
    (NodeKind.GROUP.value, NodeKind.GROUP.label),
]


class DraftForm(forms.Form):
    """What the next version is called."""

    label = forms.CharField(
        label=lazy("Version"), max_length=100, help_text=lazy("What the new version is called, such as 1.1.")
    )


class NamesField(forms.CharField):
    """Identifiers with semicolons between them."""

    def prepare_value(self, value: Any) -> Any:
        """Return them as they are written."""
        return value if isinstance(value, str) or value is None else "; ".join(value)

    def clean(self, value: Any) -> Any:
        """Return each once."""
        text = str(super().clean(value))
        names = (" ".join(name.split())[:KEY_LENGTH] for name in text.replace("\n", ";").split(";"))
        return tuple(dict.fromkeys(name for name in names if name))


def _long(label: Any, help_text: Any = "", rows: int = 4) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=False,
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class LineForm(forms.Form):
    """What a line of a draft says."""

    kind = forms.ChoiceField(label=lazy("Kind"), choices=KINDS, initial=NodeKind.REQUIREMENT.value)
    identifier = forms.CharField(
        label=lazy("Identifier"),
        required=False,
        max_length=KEY_LENGTH,
        help_text=lazy("As it is printed, such as A.5.1. A group may have none."),
    )
    title = forms.CharField(label=lazy("Title"), max_length=TITLE_LENGTH)
    statement = _long(lazy("Text"), lazy("What is required. Markdown is read: lists, bold, links."), 8)
    guidance = _long(lazy("Guidance"), lazy("How it is meant."))
    objectives = _long(lazy("Assessment objectives"), lazy("What an auditor has to find out."))
    methods = forms.MultipleChoiceField(
        label=lazy("Methods"), required=False, choices=Method.choices, widget=forms.CheckboxSelectMultiple
    )
    related = NamesField(
        label=lazy("Related"), required=False, help_text=lazy("Identifiers, with semicolons between.")
    )
    is_withdrawn = forms.BooleanField(
        label=lazy("Withdrawn"),
        required=False,
        help_text=lazy("It stays in the list, and is no longer required."),
    )
    withdrawn_to = NamesField(
        label=lazy("Incorporated into"),
        required=False,
        help_text=lazy("Of what was withdrawn: who took it up."),
    )
    version = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, line: RequirementText | None = None, may_be_group: bool = True, **kwargs: Any
    ) -> None:
        self.line = line
        if line is not None:
            kwargs["initial"] = {**said_of(line), VERSION: line.digest}
        super().__init__(*args, **kwargs)
        if line is not None or not may_be_group:
            del self.fields["kind"]
        names: Sequence[str] = [name for name in ("kind", "identifier") if name in self.fields]
        is_group = line is not None and line.kind == NodeKind.GROUP
        if is_group:
            for name in ("objectives", "methods", "related", "is_withdrawn", "withdrawn_to"):
                del self.fields[name]
        self.helper = FormHelper()
        rest = [name for name in self.fields if name not in (*names, VERSION)]
        self.helper.layout = Layout(Div(*names, css_class="form-grid"), *rest, VERSION)

    def values(self) -> dict[str, Any]:
        """Return what was typed, by the names that the services take."""
        said = {name: value for name, value in self.cleaned_data.items() if name not in ("kind", VERSION)}
        for name in ("statement", "guidance", "objectives"):
            if name in said:
                said[name] = said[name].replace("\r\n", "\n")
        return said

    def conflict_with(self, line: RequirementText) -> Conflict:
        """Return what was typed beside what the line says now; the form then stands on that."""
        said = said_of(line)
        return conflict_between(self, said.get, name=str(line), version=line.digest)


def said_of(line: RequirementText) -> dict[str, Any]:
    """Return what a line says, as the form shows it."""
    return {
        "identifier": line.identifier,
        "title": line.title,
        "statement": line.statement,
        "guidance": line.guidance,
        "objectives": line.objectives,
        "methods": [one["method"] for one in line.methods],
        "related": tuple(one["identifier"] for one in line.related),
        "is_withdrawn": line.is_withdrawn,
        "withdrawn_to": tuple(one["identifier"] for one in line.withdrawn_to),
    }
