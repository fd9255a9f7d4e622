"""The form of a contact on a plan's sheet."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.accounts.forms.fields import PersonChoice, people_to_choose
from foundation.ui.conflicts import Conflict, conflict_between
from response.models import LONGEST_CADENCE, USUAL_CADENCE, Contact

WRITTEN = (
    "position",
    "role",
    "person",
    "outside",
    "phone",
    "email",
    "after_hours",
    "deputy",
    "cadence_months",
)


class ContactForm(forms.Form):
    """Whom a plan calls: for what, who it is, and how they are reached."""

    role = forms.CharField(
        label=_("Role"), max_length=120, help_text=_("As the plan calls it, such as incident commander.")
    )
    position = forms.IntegerField(
        label=_("Order of calling"), min_value=1, max_value=999, help_text=_("1 is called first.")
    )
    outside = forms.CharField(
        label=_("Somebody outside"),
        max_length=200,
        required=False,
        help_text=_("A name and an organisation, where it is nobody of the portal."),
    )
    phone = forms.RegexField(
        r"^[0-9+()/.\- ]*(x[0-9]+)?$",
        label=_("Phone"),
        max_length=60,
        required=False,
        error_messages={"invalid": _("A phone number has digits, blanks and + ( ) / . - alone.")},
    )
    email = forms.EmailField(label=_("E-mail"), required=False)
    after_hours = forms.CharField(
        label=_("Out of hours"),
        max_length=300,
        required=False,
        help_text=_("How they are reached at night and on holidays."),
    )
    deputy = forms.CharField(
        label=_("Deputy"),
        max_length=300,
        required=False,
        help_text=_("Who is called instead, with the number."),
    )
    cadence_months = forms.IntegerField(
        label=_("Confirmed every (months)"), min_value=1, max_value=LONGEST_CADENCE, initial=USUAL_CADENCE
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, contact: Contact | None = None, next_position: int = 1, **kwargs: Any
    ) -> None:
        initial: dict[str, Any] = {"position": next_position}
        if contact is not None:
            initial = {name: getattr(contact, name) for name in WRITTEN} | {"version": contact.revision}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["person"] = PersonChoice(
            label=_("Person"),
            required=False,
            queryset=people_to_choose(contact.person if contact else None),
            empty_label=_("Nobody of the portal"),
        )
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Div(*(name for name in WRITTEN), css_class="form-grid"),
            "version",
        )

    def clean(self) -> dict[str, Any]:
        """Ask for one who it is, and for a way to reach them."""
        found: dict[str, Any] = super().clean() or {}
        if (
            bool(found.get("person")) == bool(found.get("outside", "").strip())
            and "outside" not in self.errors
        ):
            self.add_error("person", _("Choose a person, or name somebody outside: one of the two."))
        reached = found.get("phone") or found.get("email")
        if not reached and not {"phone", "email"} & self.errors.keys():
            self.add_error("phone", _("Give a phone number or an e-mail address."))
        return found

    def values(self) -> dict[str, Any]:
        """Return what was typed, by the names that the service takes."""
        return {name: self.cleaned_data[name] for name in WRITTEN}

    def conflict_with(self, current: Contact) -> Conflict:
        """Return what was typed beside what stands there now; the form then stands on that."""
        return conflict_between(
            self,
            lambda name: getattr(current, name, None),
            name=current.role,
            version=str(current.revision),
            by=current.confirmed_by.full_name if current.confirmed_by else "",
            at=None,
        )
