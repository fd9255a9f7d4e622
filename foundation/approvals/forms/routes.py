"""The form of an approval route: its stages, one below the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from foundation.accounts.choices import Role
from foundation.accounts.forms.fields import PeopleChoice
from foundation.accounts.forms.seen import SeenFormMixin
from foundation.accounts.models import BusinessUnit, User
from foundation.accounts.rights import RIGHTS
from foundation.approvals.models import LONGEST_DAYS, MOST_STAGES, Route, RouteStage

FIELDS = ("label", "needed", "people", "rights", "roles", "units", "days")
CIRCLE = ("people", "rights", "roles", "units")


class RouteForm(SeenFormMixin, forms.Form):
    """The stages of a route: one that has no name is left out. One more than there are is offered, up to the most."""

    changed_by = "approvals.route.changed"

    def __init__(
        self,
        *args: Any,
        stages: Sequence[RouteStage],
        route: Route | None,
        label: str,
        version: str,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.label_of_kind = label
        self.route_version = version
        named = {key for stage in stages for key in stage.people}
        people = User.objects.filter(is_active=True).order_by("full_name", "pk")
        if named:
            people = people | User.objects.filter(pk__in=named)
        units = BusinessUnit.objects.filter(archived_at__isnull=True).order_by("path")
        for number in range(1, self._shown(stages) + 1):
            stage = stages[number - 1] if number <= len(stages) else None
            for name, field in _stage_fields(people, units, is_first=number == 1).items():
                field.initial = getattr(stage, name) if stage else field.initial
                self.fields[f"stage{number}_{name}"] = field
        self.see(route)
        self.helper = FormHelper()
        self.helper.layout = Layout(
            *(
                Fieldset(
                    _("Stage %(number)d") % {"number": number}, *(f"stage{number}_{name}" for name in FIELDS)
                )
                for number in self._numbers()
            ),
            "version",
        )

    def _shown(self, stages: Sequence[RouteStage]) -> int:
        sent = sum(f"stage{number}_label" in self.data for number in range(1, MOST_STAGES + 1))
        return min(MOST_STAGES, max(sent, len(stages) + 1))

    def _numbers(self) -> list[int]:
        return [number for number in range(1, MOST_STAGES + 1) if f"stage{number}_label" in self.fields]

    def clean(self) -> dict[str, Any]:
        """Refuse a stage that nobody decides, and a route without any."""
        super().clean()
        for number in self._numbers():
            values = {name: self.cleaned_data.get(f"stage{number}_{name}") for name in FIELDS}
            if not values["label"] and any(values[name] for name in CIRCLE):
                self.add_error(f"stage{number}_label", _("Say what this stage is called."))
            elif values["label"] and not any(values[name] for name in CIRCLE):
                self.add_error(f"stage{number}_people", _("Say who decides: people, rights, roles or units."))
            elif values["label"] and not values["needed"]:
                self.add_error(f"stage{number}_needed", _("Say how many of them it needs."))
        if not self.errors and not self.stages():
            raise ValidationError(_("A route has at least one stage."))
        return self.cleaned_data

    def stages(self) -> list[dict[str, Any]]:
        """Return the values of the stages that have a name, in order, once the form is clean."""
        return [
            {
                "label": self.cleaned_data[f"stage{number}_label"],
                "needed": self.cleaned_data[f"stage{number}_needed"],
                "days": self.cleaned_data[f"stage{number}_days"],
                "people": sorted(person.pk for person in self.cleaned_data[f"stage{number}_people"]),
                "rights": sorted(self.cleaned_data[f"stage{number}_rights"]),
                "roles": sorted(self.cleaned_data[f"stage{number}_roles"]),
                "units": sorted(unit.pk for unit in self.cleaned_data[f"stage{number}_units"]),
            }
            for number in self._numbers()
            if self.cleaned_data.get(f"stage{number}_label")
        ]

    def version_now(self, current: Route | None) -> str:
        """Return the number that is raised with each change of the route."""
        return str(current.version) if current else self.route_version

    def name_of(self, current: Any) -> str:
        """Return the name of the kind of record."""
        return self.label_of_kind

    subject_of = name_of

    def current_value(self, current: Route, name: str) -> Any:
        """Return what a field of a stage says now."""
        stage, field = name.removeprefix("stage").split("_", 1)
        found = current.stages.filter(position=int(stage)).first() if current.pk else None
        if found is None:
            return None
        value = getattr(found, field)
        if field == "people":
            return User.objects.filter(pk__in=value)
        return BusinessUnit.objects.filter(pk__in=value) if field == "units" else value


def _stage_fields(people: Any, units: Any, *, is_first: bool) -> dict[str, forms.Field]:
    searchable = {"data-search": ""}
    return {
        "label": forms.CharField(
            label=lazy("Name"),
            max_length=200,
            required=False,
            help_text="" if is_first else lazy("Without a name, this stage is left out."),
        ),
        "needed": forms.IntegerField(
            label=lazy("How many of them decide"), min_value=1, max_value=20, initial=1, required=False
        ),
        "people": PeopleChoice(label=lazy("People by name"), queryset=people, required=False, initial=[]),
        "rights": forms.MultipleChoiceField(
            label=lazy("Whoever has a right for the record’s unit"),
            choices=[(right.code, right.label) for right in RIGHTS.values()],
            widget=forms.SelectMultiple(attrs=searchable),
            required=False,
            initial=[],
        ),
        "roles": forms.MultipleChoiceField(
            label=lazy("Whoever has a role for the record’s unit"),
            choices=[choice for choice in Role.choices if choice[0] != Role.AUDITOR],
            widget=forms.SelectMultiple(attrs=searchable),
            required=False,
            initial=[],
        ),
        "units": forms.ModelMultipleChoiceField(
            label=lazy("The leads of units"),
            queryset=units,
            widget=forms.SelectMultiple(attrs=searchable),
            required=False,
            initial=[],
        ),
        "days": forms.IntegerField(
            label=lazy("Days to decide"),
            min_value=1,
            max_value=LONGEST_DAYS,
            required=False,
            help_text=lazy("Empty: as is usual for this kind of record."),
        ),
    }
