"""Naming a stand-in."""

from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.accounts.forms.fields import PersonChoice, day_field, people_to_choose
from foundation.accounts.models import User


class StandInForm(forms.Form):
    """Who stands in, from which day until which day."""

    def __init__(self, *args: Any, person: User, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stand_in"] = PersonChoice(
            label=_("Stand-in"), queryset=people_to_choose().exclude(pk=person.pk)
        )
        self.fields["starts_on"] = day_field(_("From"), required=True, initial=today)
        self.fields["ends_on"] = day_field(_("Until"), _("The last day."), required=True)
        self.helper = FormHelper()
        self.helper.layout = Layout("stand_in", Div("starts_on", "ends_on", css_class="form-grid"))
