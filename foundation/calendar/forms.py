"""Forms of the calendar."""

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.calendar.choices import Covers


class FeedForm(forms.Form):
    """What a feed is called, and what it holds."""

    name = forms.CharField(
        label=_("Name"), max_length=60, help_text=_("Such as the program or device that reads it.")
    )
    covers = forms.ChoiceField(
        label=_("Holds"), choices=Covers.choices, initial=Covers.MINE, widget=forms.RadioSelect
    )
