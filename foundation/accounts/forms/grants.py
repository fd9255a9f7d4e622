"""Giving a role, and changing from when until when it holds."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.accounts.access import Scope
from foundation.accounts.choices import Role
from foundation.accounts.forms.fields import UnitChoice, day_field, units_to_choose
from foundation.accounts.forms.seen import SeenFormMixin
from foundation.accounts.models import RoleGrant
from foundation.accounts.versions import GRANT_DATES


class DatesForm(forms.Form):
    """From which day until which day a role holds."""

    starts_on = day_field(_("From"), _("Empty: from now on."))
    ends_on = day_field(_("Until"), _("The last day on which it holds. Empty: until it is ended."))

    def clean(self) -> dict[str, Any]:
        """Refuse dates in the wrong order."""
        data = super().clean() or {}
        starts_on, ends_on = data.get("starts_on"), data.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", _("It can't end before it starts."))
        return data


class GrantDatesForm(SeenFormMixin, DatesForm):
    """Other dates of a role that someone holds."""

    seen_fields = GRANT_DATES
    changed_by = "accounts.grant.changed"

    def __init__(self, *args: Any, grant: RoleGrant, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {name: getattr(grant, name) for name in GRANT_DATES})
        super().__init__(*args, **kwargs)
        self.see(grant)

    def subject_of(self, current: Any) -> str:
        """Return the person: whose roles changed is what the trail says."""
        return str(current.user)


class GrantForm(DatesForm):
    """Which role, where, and when. `scope` is where the writer manages people."""

    role = forms.ChoiceField(label=_("Role"), choices=[("", _("Choose …")), *Role.choices])

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"] = UnitChoice(
            label=_("For"),
            queryset=units_to_choose(scope),
            required=not scope.everywhere,
            empty_label=_("The whole organisation") if scope.everywhere else _("Choose …"),
            help_text=_("A business unit stands for itself and all below it."),
        )
        self.helper = FormHelper()
        self.helper.layout = Layout(Div("role", "unit", "starts_on", "ends_on", css_class="form-grid"))

    def clean_role(self) -> Role:
        """Return the role."""
        return Role(self.cleaned_data["role"])
