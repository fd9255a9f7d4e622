"""The form of a person's preferences."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from foundation.notifications.choices import Rhythm
from foundation.notifications.digests import USUAL_DIGEST_HOUR
from foundation.notifications.selectors import Preferences
from foundation.registry import NoticeKind, registry

HOURS = [(hour, f"{hour:02}:00") for hour in range(24)]
PREFIX = "rhythm-"


class PreferencesForm(forms.Form):
    """A choice for each kind of notice that may wait, and the hour of the digest in the person's own zone."""

    digest_hour = forms.TypedChoiceField(
        label=_("Send the daily digest at"), choices=HOURS, coerce=int, initial=USUAL_DIGEST_HOUR
    )

    def __init__(self, *args: Any, preferences: Preferences, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        digest_hour = self.fields.pop("digest_hour")
        for kind in sorted(registry.all(NoticeKind), key=lambda kind: str(kind.label)):
            if kind.may_be_digested:
                self.fields[f"{PREFIX}{kind.key}"] = forms.ChoiceField(
                    label=kind.label,
                    choices=Rhythm.choices,
                    initial=preferences.rhythms.get(kind.key, Rhythm.IMMEDIATE),
                )
        self.fields["digest_hour"] = digest_hour
        digest_hour.initial = preferences.digest_hour
        digest_hour.help_text = _("In your time zone, %(zone)s.") % {
            "zone": timezone.get_current_timezone_name()
        }

    @property
    def rhythms(self) -> dict[str, Rhythm]:
        """Return the choices by kind, once the form is valid."""
        return {
            name.removeprefix(PREFIX): Rhythm(value)
            for name, value in self.cleaned_data.items()
            if name.startswith(PREFIX)
        }
