"""What people change about themselves."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from foundation.accounts.forms.fields import TimeZoneField, time_zone_choices
from foundation.accounts.forms.seen import SeenFormMixin
from foundation.accounts.models import User
from foundation.accounts.versions import OWN_FIELDS

AS_ORGANISATION = "organisation"


class ProfileForm(SeenFormMixin, forms.Form):
    """Name, time zone and language: an administrator may change them, too."""

    seen_fields = OWN_FIELDS
    changed_by = "accounts.user.changed"

    full_name = forms.CharField(
        label=_("Full name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    time_zone = TimeZoneField(help_text=_("Times are shown in it, and your digest comes by it."))
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)

    def __init__(self, *args: Any, user: User, organisation_zone: str, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {name: getattr(user, name) for name in self.base_fields})
        super().__init__(*args, **kwargs)
        time_zone = self.fields["time_zone"]
        assert isinstance(time_zone, forms.ChoiceField)
        same = _("As the organisation: %(zone)s") % {"zone": organisation_zone.replace("_", " ")}
        time_zone.choices = [(AS_ORGANISATION, same), *time_zone_choices(kept=user.time_zone)]
        self.initial["time_zone"] = self.initial["time_zone"] or AS_ORGANISATION
        self.see(user)

    def clean_time_zone(self) -> str:
        """Return the zone, or nothing for the organisation's."""
        zone = str(self.cleaned_data["time_zone"])
        return "" if zone == AS_ORGANISATION else zone
