"""The form that puts off reminders."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class SnoozeForm(forms.Form):
    """Until when, and why. The browser offers the days from `first` to `last`; the service refuses others."""

    until = forms.DateField(
        label=_("Until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("It stands on the record and in the trail."),
    )

    def __init__(self, *args: Any, first: date, last: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["until"].widget.attrs.update({"min": first.isoformat(), "max": last.isoformat()})
