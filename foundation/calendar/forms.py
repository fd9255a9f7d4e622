"""Forms of the calendar."""

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from foundation.calendar.choices import Covers
from foundation.records.forms import VersionField
from foundation.ui.dates import FIRST_DAY, LAST_DAY


class FeedForm(forms.Form):
    """What a feed is called, and what it holds."""

    name = forms.CharField(
        label=_("Name"), max_length=60, help_text=_("Such as the program or device that reads it.")
    )
    covers = forms.ChoiceField(
        label=_("Holds"), choices=Covers.choices, initial=Covers.MINE, widget=forms.RadioSelect
    )


OUT_OF_RANGE = _("Use a date between 1970 and 2999.")


class MoveForm(forms.Form):
    """Another day for a date, and the version of the record that it was looked at in."""

    to = forms.DateField(
        label=_("New day"),
        validators=[MinValueValidator(FIRST_DAY, OUT_OF_RANGE), MaxValueValidator(LAST_DAY, OUT_OF_RANGE)],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    version = VersionField()
