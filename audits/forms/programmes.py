"""The forms that draft a programme and change one."""

from datetime import datetime
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.translation import gettext_lazy as lazy

from audits.forms.fields import long_text
from audits.models import Programme
from foundation.accounts.access import access_of
from foundation.accounts.forms.fields import PersonChoice, UnitChoice, people_to_choose, units_to_choose
from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_zone
from foundation.records.choices import Confidentiality
from foundation.records.forms import SubmissionFormMixin, VersionedFormMixin

FIELDS = ("title", "year", "unit", "owner", "objectives", "confidentiality")


class ProgrammeForm(forms.Form):
    """What a programme says."""

    title = forms.CharField(label=lazy("Title"), max_length=200)
    year = forms.IntegerField(label=lazy("Year"), min_value=2000, max_value=2100)
    confidentiality = forms.ChoiceField(
        label=lazy("Confidentiality"),
        choices=Confidentiality.choices,
        help_text=lazy("Restricted: only the owner, the people named in it and the CISO know of it."),
    )
    objectives = long_text(lazy("Objectives"), lazy("What the year's audits are to show."))

    def __init__(
        self, *args: Any, user: User, now: datetime, programme: Programme | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"] = UnitChoice(
            label=lazy("Business unit"),
            queryset=units_to_choose(
                access_of(user, now).scope("audits.plan"), programme.unit if programme else None
            ),
        )
        self.fields["owner"] = PersonChoice(
            label=lazy("Owner"), queryset=people_to_choose(programme.owner if programme else None)
        )
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Div("title", "year", "unit", "owner", "confidentiality", css_class="form-grid"), "objectives"
        )

    def clean_owner(self) -> User:
        """Refuse an owner who is no longer here."""
        owner: User = self.cleaned_data["owner"]
        if not owner.is_active:
            raise forms.ValidationError(lazy("%(person)s is no longer active.") % {"person": owner})
        return owner

    def values(self) -> dict[str, Any]:
        """Return what was typed, by the names that the services take."""
        return {name: self.cleaned_data[name] for name in FIELDS}


class ProgrammeDraftForm(SubmissionFormMixin, ProgrammeForm):
    """Drafts a programme."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        this_year = kwargs["now"].astimezone(organisation_zone()).year
        self.initial.setdefault("year", this_year + 1)
        self.initial.setdefault("owner", kwargs["user"].pk)
        self.helper.layout.append("submission")


class ProgrammeChangeForm(VersionedFormMixin, ProgrammeForm):
    """Changes a programme."""

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        initial = {name: getattr(programme, name) for name in FIELDS}
        super().__init__(*args, record=programme, programme=programme, initial=initial, **kwargs)
        self.helper.layout.append("version")
