"""The form that rates a control."""

from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.translation import gettext_lazy as lazy

from controls.choices import Effectiveness
from controls.models import Control
from foundation.records.forms import VersionedFormMixin


class RatingForm(VersionedFormMixin, forms.Form):
    """Says how well a control worked on a day, and why."""

    effectiveness = forms.ChoiceField(
        label=lazy("Effectiveness"), choices=[("", lazy("Choose …")), *Effectiveness.choices]
    )
    rated_on = forms.DateField(
        label=lazy("On"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    reason = forms.CharField(
        label=lazy("Why"),
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=lazy("What was looked at, and what was found. It is kept as it is."),
    )

    def __init__(self, *args: Any, control: Control, today: date, **kwargs: Any) -> None:
        super().__init__(*args, record=control, initial={"rated_on": today}, **kwargs)
        self.fields["rated_on"].widget.attrs["max"] = today.isoformat()
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Div("effectiveness", "rated_on", css_class="form-grid"), "reason", "version"
        )

    def current_value(self, record: Any, name: str) -> Any:
        """Return what a field would hold now."""
        return None if name == "reason" else super().current_value(record, name)

    def values(self) -> dict[str, Any]:
        """Return what was typed, by the names that the service takes."""
        return {name: self.cleaned_data[name] for name in ("effectiveness", "rated_on", "reason")}
