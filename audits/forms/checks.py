"""The forms of a checklist: one check as it is worked on, and what goes into the list or out of it."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from audits.choices import RESULT_KEYS, CheckMethod, CheckResult, CopiedChecks
from audits.models import Audit

KEPT = ("mine", "theirs", "text")  # of two versions of a field: which one stays, or a text made of both


class PlainText(forms.CharField):
    """A text as it was typed, blanks and all, for it is saved while it is typed; lines end in one character."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, strip=False, **kwargs)

    def to_python(self, value: Any) -> str:
        """Return the text."""
        return str(super().to_python(value) or "").replace("\r\n", "\n")


class CheckForm(forms.Form):
    """A check as somebody typed it; `version` is the one that they had read."""

    version = forms.IntegerField(min_value=1, max_value=2_000_000_000)
    result = forms.ChoiceField(
        label=_("Result"), required=False, choices=[(one.value, one.label) for one in RESULT_KEYS]
    )
    reason = PlainText(label=_("Why it does not apply, or was not tested"), max_length=2_000)
    methods = forms.MultipleChoiceField(label=_("Methods"), required=False, choices=CheckMethod.choices)
    sample = PlainText(label=_("Sample"), max_length=2_000)
    notes = PlainText(label=_("Notes"), max_length=10_000)

    def sent(self) -> dict[str, Any]:
        """Return the fields that were there to be filled in: results are not before the fieldwork."""
        values = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        if "result" not in self.data:
            values.pop("result", None)
        if "reason" not in self.data:
            values.pop("reason", None)
        return values


def settled(data: QueryDict) -> QueryDict:
    """Return what is sent once somebody chose between two versions of some fields: `keep-notes` says which one."""
    names = [name for name in CheckForm.base_fields if data.get(f"keep-{name}") in KEPT]
    if not names:
        return data
    chosen = data.copy()
    for name in names:
        value = data.get(f"{data[f'keep-{name}']}-{name}", "")
        chosen.setlist(name, [one for one in value.split(",") if one] if name == "methods" else [value])
    return chosen


class SeveralForm(forms.Form):
    """What is set of several checks at once."""

    result = forms.ChoiceField(
        label=_("Result"),
        required=False,
        choices=[("", _("Set the result …")), *((one.value, one.label) for one in RESULT_KEYS)],
    )
    method = forms.ChoiceField(
        label=_("Method"), required=False, choices=[("", _("Add a method …")), *CheckMethod.choices]
    )
    reason = forms.CharField(
        label=_("Why they do not apply, or were not tested"),
        required=False,
        max_length=2_000,
        widget=forms.TextInput,
    )


def chosen_of(data: Mapping[str, Any]) -> dict[int, int]:
    """Return the checks that were selected, each with the version that the page showed: `row=12:3`, or `rows=12:3,14:1`."""
    values = [*data.getlist("row"), *",".join(data.getlist("rows")).split(",")]  # type: ignore[attr-defined]
    chosen = {}
    for value in values:
        key, _colon, version = value.partition(":")
        if key.isdecimal() and version.isdecimal() and len(key) < 19 and len(version) < 10:
            chosen[int(key)] = int(version)
    return chosen


class CopyForm(forms.Form):
    """Which earlier audit's checks come in, and which of them."""

    source = forms.TypedChoiceField(label=_("Earlier audit"), coerce=int)
    which = forms.ChoiceField(
        label=_("Checks"), choices=CopiedChecks.choices, initial=CopiedChecks.ALL, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, audits: list[Audit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].choices = [  # type: ignore[attr-defined]
            ("", _("Choose …")),
            *((audit.pk, str(audit)) for audit in audits),
        ]
        self.fields["source"].widget.attrs["data-search"] = ""


def is_result(value: str) -> bool:
    """Tell whether a word in an address names a result."""
    return value in CheckResult.values
