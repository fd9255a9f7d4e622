"""What administrators write about business units."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from foundation.accounts.access import Scope
from foundation.accounts.forms.fields import UnitChoice, units_to_choose
from foundation.accounts.forms.seen import SeenFormMixin
from foundation.accounts.models import BusinessUnit
from foundation.accounts.versions import UNIT_FIELDS, UNIT_PLACE


class UnitForm(SeenFormMixin, forms.Form):
    """A unit's name, code and country."""

    seen_fields = UNIT_FIELDS
    changed_by = "accounts.unit.changed"

    name = forms.CharField(label=_("Name"), max_length=200)
    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        help_text=_("Short, and its alone: tables that are imported name the unit by it."),
    )
    country = forms.CharField(
        label=_("Country"),
        max_length=2,
        required=False,
        help_text=_("Two letters, such as PT."),
        validators=[RegexValidator(r"^[A-Za-z]{2}$", _("Write two letters, such as PT."))],
    )

    def __init__(self, *args: Any, unit: BusinessUnit | None = None, **kwargs: Any) -> None:
        if unit is not None:
            kwargs.setdefault("initial", {"name": unit.name, "code": unit.code, "country": unit.country})
        super().__init__(*args, **kwargs)
        if unit is not None:
            self.see(unit)

    def clean_country(self) -> str:
        """Return the country in capitals."""
        return str(self.cleaned_data["country"]).upper()


class UnitCreateForm(UnitForm):
    """A new unit, and the one that it is a part of."""

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"] = UnitChoice(label=_("Part of"), queryset=units_to_choose(scope))


class UnitMoveForm(SeenFormMixin, forms.Form):
    """The unit that another one becomes a part of."""

    seen_fields = UNIT_PLACE
    changed_by = "accounts.unit.moved"

    def __init__(self, *args: Any, scope: Scope, unit: BusinessUnit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = units_to_choose(scope).exclude(path__startswith=unit.path)
        self.fields["parent"] = UnitChoice(label=_("Part of"), queryset=units, initial=unit.parent_id)
        self.see(unit)
