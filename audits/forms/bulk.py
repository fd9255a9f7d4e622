"""The forms of steps for many audits at once."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from audits.forms.fields import leads_to_choose
from foundation.accounts.forms.fields import PersonChoice, people_to_choose
from foundation.accounts.organisation import organisation_day


class AssignForm(forms.Form):
    """Who leads and who answers for the audits from now on; an empty field leaves everyone where they are."""

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        as_it_is = lazy("As it is")
        self.fields["lead_auditor"] = PersonChoice(
            label=lazy("Lead auditor"),
            required=False,
            empty_label=as_it_is,
            queryset=leads_to_choose(organisation_day(now), None),
        )
        self.fields["owner"] = PersonChoice(
            label=lazy("Owner"), required=False, empty_label=as_it_is, queryset=people_to_choose(None)
        )

    def clean(self) -> dict[str, Any]:
        """Ask for one person at least."""
        cleaned = super().clean() or {}
        if not self.errors and not any(cleaned.values()):
            raise ValidationError(_("Choose a lead auditor or an owner."))
        return cleaned
