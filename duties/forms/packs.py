"""The form that asks for an evidence pack."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.translation import gettext_lazy as lazy

from duties.choices import Duty, duty_choices
from foundation.accounts.forms.fields import day_field

ALL = ""


class PackForm(forms.Form):
    """Which duty, and from when until when."""

    duty = forms.TypedChoiceField(
        label=lazy("Duty"), required=False, coerce=lambda value: Duty(int(value)), empty_value=None
    )
    starts_on = day_field(lazy("From"), required=True)
    ends_on = day_field(lazy("Until"), required=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["duty"].choices = [(ALL, lazy("All thirteen duties")), *duty_choices()]  # type: ignore[attr-defined]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(Div("duty", "starts_on", "ends_on", css_class="pack-fields"))
