"""The forms of the first visit."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Fieldset, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.accounts.forms.fields import BaseUrlField, CurrencyField, TimeZoneField
from foundation.accounts.forms.passwords import PasswordTwiceForm
from foundation.accounts.models import User
from foundation.accounts.services.organisation import FirstPerson


class CodeField(forms.CharField):
    """The one-time code of the terminal."""

    def __init__(self) -> None:
        super().__init__(
            label=_("One-time code"),
            max_length=60,
            help_text=_("The terminal in which the portal was started shows it."),
            widget=forms.TextInput(
                attrs={
                    "autocomplete": "off",
                    "autocapitalize": "characters",
                    "spellcheck": "false",
                    "placeholder": "XXXX-XXXX-XXXX-XXXX",
                }
            ),
        )


class SampleForm(forms.Form):
    """What loading the sample organisation needs: proof of owning the machine."""

    prefix = "sample"
    code = CodeField()


class SetupForm(PasswordTwiceForm):
    """The organisation and its first CISO."""

    field_order = (
        *("code", "name", "time_zone", "currency", "base_url"),
        *("full_name", "email", "password", "password_again"),
    )

    code = CodeField()
    name = forms.CharField(
        label=_("Name of the organisation"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    time_zone = TimeZoneField(
        initial="UTC", help_text=_("Dates are meant in it, and reminders fall due by its clock.")
    )
    currency = CurrencyField(initial="EUR")
    base_url = BaseUrlField()
    full_name = forms.CharField(
        label=_("Your full name"),
        max_length=200,
        help_text=_("You become the first CISO, and the administrator until you hand that on."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("Your e-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "code",
            Fieldset(
                _("The organisation"),
                "name",
                Div("time_zone", "currency", css_class="form-grid"),
                "base_url",
            ),
            Fieldset(
                _("You"),
                Div("full_name", "email", "password", "password_again", css_class="form-grid"),
            ),
        )
        if not self.is_bound:
            self.fields["time_zone"].widget.attrs["data-guess"] = "time-zone"

    def person(self, data: dict[str, Any]) -> User:
        """Return whoever sets the portal up, as far as is known."""
        return User(email=data.get("email", ""), full_name=data.get("full_name", ""))

    def first_person(self) -> FirstPerson:
        """Return who sets the organisation up."""
        data = self.cleaned_data
        return FirstPerson(full_name=data["full_name"], email=data["email"], password=data["password"])
