"""What administrators write about people."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from foundation.accounts.access import Scope
from foundation.accounts.forms.fields import (
    PersonChoice,
    TimeZoneField,
    UnitChoice,
    people_to_choose,
    time_zone_choices,
    units_to_choose,
)
from foundation.accounts.forms.profile import AS_ORGANISATION
from foundation.accounts.models import User


class PersonForm(forms.Form):
    """A person: name, address, work, unit and manager. `scope` is where the writer manages people."""

    full_name = forms.CharField(label=_("Full name"), max_length=200)
    email = forms.EmailField(label=_("E-mail address"), max_length=254, help_text=_("Used to sign in."))
    job_title = forms.CharField(label=_("Job title"), max_length=200, required=False)
    time_zone = TimeZoneField(help_text=_("Times are shown in it. People may change it themselves."))
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)

    def __init__(
        self, *args: Any, scope: Scope, organisation_zone: str, person: User | None = None, **kwargs: Any
    ) -> None:
        if person is not None:
            kwargs.setdefault("initial", {name: getattr(person, name) for name in FIELDS})
        super().__init__(*args, **kwargs)
        self.fields["unit"] = UnitChoice(
            label=_("Business unit"),
            queryset=units_to_choose(scope, person.unit if person else None),
            required=not scope.everywhere,
        )
        self.fields["manager"] = PersonChoice(
            label=_("Manager"),
            queryset=people_to_choose(person.manager if person else None).exclude(
                pk=person.pk if person else 0
            ),
            required=False,
            help_text=_("Is told when what this person has to do is very late."),
        )
        zone = self.fields["time_zone"]
        assert isinstance(zone, forms.ChoiceField)
        same = _("As the organisation: %(zone)s") % {"zone": organisation_zone.replace("_", " ")}
        zone.choices = [
            (AS_ORGANISATION, same),
            *time_zone_choices(kept=person.time_zone if person else ""),
        ]
        self.initial["time_zone"] = self.initial.get("time_zone") or AS_ORGANISATION
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Div(
                *("full_name", "email", "job_title", "unit", "manager", "language", "time_zone"),
                css_class="form-grid",
            )
        )

    def clean_time_zone(self) -> str:
        """Return the zone, or nothing for the organisation's."""
        zone = str(self.cleaned_data["time_zone"])
        return "" if zone == AS_ORGANISATION else zone


class PersonCreateForm(PersonForm):
    """A new person, who may be invited at once."""

    invite = forms.BooleanField(
        label=_("Send an invitation now"),
        required=False,
        initial=True,
        help_text=_("A mail with a link to choose a password. It can be sent later, too."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper.layout.append("invite")


FIELDS = ("full_name", "email", "job_title", "unit", "manager", "time_zone", "language")
