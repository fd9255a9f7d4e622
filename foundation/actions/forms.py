"""The form of an action."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.accounts.models import User
from foundation.actions.models import Action
from foundation.records.forms import SubmissionFormMixin, VersionedFormMixin
from foundation.ui.dates import FIRST_DAY, LAST_DAY


class ActionForm(forms.ModelForm):  # type: ignore[type-arg]
    """What is to be done, by whom and until when."""

    class Meta:
        model = Action
        fields = ("title", "owner", "due_on", "description")
        labels = {"title": _("What is to be done"), "description": _("Details")}
        widgets = {
            "due_on": forms.DateInput(
                attrs={"type": "date", "min": FIRST_DAY.isoformat(), "max": LAST_DAY.isoformat()},
                format="%Y-%m-%d",
            ),
            "description": forms.Textarea(attrs={"rows": 4}),
            "owner": forms.Select(attrs={"data-search": ""}),
        }
        help_texts = {"owner": _("Is reminded before it is due, and when it is late.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ModelChoiceField)
        owner.queryset = User.objects.filter(is_active=True)


class ActionCreateForm(SubmissionFormMixin, ActionForm):
    """Agrees on an action."""


class ActionEditForm(VersionedFormMixin, ActionForm):
    """Changes an open action."""
