"""What administrators write about people."""

from collections.abc import Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Fieldset, Layout
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from foundation.accounts.access import Scope
from foundation.accounts.forms.fields import (
    PersonChoice,
    SearchSelect,
    TimeZoneField,
    UnitChoice,
    people_to_choose,
    person_label,
    time_zone_choices,
    units_to_choose,
)
from foundation.accounts.forms.profile import AS_ORGANISATION
from foundation.accounts.forms.seen import SeenFormMixin
from foundation.accounts.models import User
from foundation.accounts.services import HeldWork
from foundation.accounts.versions import PERSON_FIELDS
from foundation.ui.conflicts import VERSION


class PersonForm(SeenFormMixin, forms.Form):
    """A person: name, address, work, unit and manager. `scope` is where the writer manages people."""

    seen_fields = PERSON_FIELDS
    changed_by = "accounts.user.changed"

    full_name = forms.CharField(label=_("Full name"), max_length=200)
    email = forms.EmailField(label=_("E-mail address"), max_length=254, help_text=_("Used to sign in."))
    job_title = forms.CharField(label=_("Job title"), max_length=200, required=False)
    time_zone = TimeZoneField(help_text=_("Times are shown in it. People may change it themselves."))
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)

    def __init__(
        self, *args: Any, scope: Scope, organisation_zone: str, person: User | None = None, **kwargs: Any
    ) -> None:
        if person is not None:
            kwargs.setdefault("initial", {name: getattr(person, name) for name in PERSON_FIELDS})
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
        if person is not None:
            self.see(person)
            self.helper.layout.append(VERSION)

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


class LeavingForm(forms.Form):
    """Who takes over what a person leaves: one for all, or others for some sorts of work."""

    def __init__(self, *args: Any, person: User, work: Sequence[HeldWork], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.work = work
        active = User.objects.filter(is_active=True).exclude(pk=person.pk) if work else User.objects.none()
        others = {str(one.pk): one for one in active.order_by("full_name", "pk")}
        people = [(key, person_label(one)) for key, one in others.items()]

        def choose(label: Any, *, empty: Any, **options: Any) -> forms.TypedChoiceField:
            return forms.TypedChoiceField(
                label=label,
                choices=[("", empty), *people],
                coerce=others.__getitem__,
                empty_value=None,
                widget=SearchSelect(),
                **options,
            )

        if work:
            self.fields["successor"] = choose(
                _("All of it goes to"),
                empty=_("Choose …"),
                initial=person.manager_id,
                help_text=_("A restricted record whose existence they may not know of goes to a CISO."),
            )
        if len(work) > 1:
            for one in work:
                self.fields[self.name_of(one)] = choose(
                    one.sort.label, empty=_("The same person"), required=False
                )
        self.fields["comment"] = forms.CharField(
            label=_("Comment"),
            required=False,
            max_length=4000,
            widget=forms.Textarea(attrs={"rows": 3}),
        )
        others_too = [self.name_of(one) for one in work] if len(work) > 1 else []
        self.helper = FormHelper()
        self.helper.layout = Layout(
            *(["successor"] if work else []),
            *([Fieldset(_("Some of it to someone else"), *others_too)] if others_too else []),
            "comment",
        )

    @staticmethod
    def name_of(work: HeldWork) -> str:
        """Return the name of a sort's own field."""
        return f"to_{work.sort.key.replace('.', '_')}"

    def successors(self) -> dict[str, User]:
        """Return who takes a sort of work besides the one who takes all, by the sort's key."""
        chosen = ((one.sort.key, self.cleaned_data.get(self.name_of(one))) for one in self.work)
        return {key: person for key, person in chosen if person is not None}
