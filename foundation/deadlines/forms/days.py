"""Moving dates by some days."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

FARTHEST = 730


class DaysForm(forms.Form):
    """By how many days the dates of many records move."""

    days = forms.IntegerField(
        label=lazy("Days"),
        min_value=-FARTHEST,
        max_value=FARTHEST,
        help_text=lazy(
            "Later by so many days, or earlier with a minus: 7 is a week later, -14 two weeks earlier."
        ),
    )

    def clean_days(self) -> int:
        """Refuse a move by nothing."""
        days: int = self.cleaned_data["days"]
        if days == 0:
            raise ValidationError(_("Say by how many days they move."))
        return days
