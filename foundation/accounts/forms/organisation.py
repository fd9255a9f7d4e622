"""The organisation's settings."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from foundation.accounts.choices import Role
from foundation.accounts.forms.fields import (
    BaseUrlField,
    CurrencyField,
    TimeZoneField,
    currency_choices,
    time_zone_choices,
)
from foundation.accounts.forms.seen import SeenFormMixin
from foundation.accounts.models import Organisation
from foundation.accounts.versions import SETTINGS


class OrganisationForm(SeenFormMixin, forms.Form):
    """Name, clock, currency and address."""

    seen_fields = SETTINGS
    changed_by = "accounts.organisation.changed"

    name = forms.CharField(label=_("Name"), max_length=200)
    time_zone = TimeZoneField(
        help_text=_("Dates are meant in it. A change moves every reminder that is still to come.")
    )
    reminder_hour = forms.TypedChoiceField(
        label=_("Reminders fall due at"),
        coerce=int,
        choices=[(hour, f"{hour:02}:00") for hour in range(24)],
        help_text=_("By the clock of this time zone."),
    )
    currency = CurrencyField(help_text=_("Amounts are shown in it; what was entered is not converted."))
    base_url = BaseUrlField()
    mfa_roles = forms.MultipleChoiceField(
        label=_("Second factor demanded of"),
        choices=Role.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Whoever holds one of these roles sets one up before anything else. In production it is always demanded of "
            "CISO and administrator."
        ),
    )

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {name: getattr(organisation, name) for name in self.base_fields})
        super().__init__(*args, **kwargs)
        self.see(organisation)
        self._choose("time_zone", time_zone_choices(kept=organisation.time_zone))
        self._choose("currency", currency_choices(kept=organisation.currency))
        if settings.BASE_URL:
            self.fields["base_url"].required = False
            self.fields["base_url"].help_text = _(
                "Links in e-mails start with it. Empty: %(url)s, as the portal was started with."
            ) % {"url": settings.BASE_URL}

    def _choose(self, name: str, choices: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices
