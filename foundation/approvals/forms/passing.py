"""The form by which a decision is handed on."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from foundation.accounts.forms.fields import PersonChoice


class HandOnForm(forms.Form):
    """To whom, and why. `people` are those who may know of the record."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The colleague reads it, and it stands on the record of the approval."),
    )

    def __init__(self, *args: Any, people: QuerySet[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = {"to": PersonChoice(label=_("Hand on to"), queryset=people), **self.fields}
