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


class PreferencesForm(forms.Form):
    """Which kinds of notice wait for the daily digest, and its hour in the person's own zone."""

    daily = forms.MultipleChoiceField(
        label=_("In the daily digest"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("What is not ticked comes at once."),
    )
    digest_hour = forms.TypedChoiceField(
        label=_("Send the digest at"), choices=HOURS, coerce=int, initial=USUAL_DIGEST_HOUR
    )

    def __init__(self, *args: Any, preferences: Preferences, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kinds = sorted(
            (kind for kind in registry.all(NoticeKind) if kind.may_be_digested),
            key=lambda kind: str(kind.label),
        )
        daily = self.fields["daily"]
        assert isinstance(daily, forms.MultipleChoiceField)
        daily.choices = [(kind.key, kind.label) for kind in self.kinds]
        daily.initial = [kind for kind, rhythm in preferences.rhythms.items() if rhythm == Rhythm.DAILY]
        hour = self.fields["digest_hour"]
        hour.initial = preferences.digest_hour
        hour.help_text = _("In your time zone, %(zone)s.") % {"zone": timezone.get_current_timezone_name()}

    @property
    def rhythms(self) -> dict[str, Rhythm]:
        """Return the choices by kind, once the form is valid."""
        daily = set(self.cleaned_data["daily"])
        return {kind.key: Rhythm.DAILY if kind.key in daily else Rhythm.IMMEDIATE for kind in self.kinds}
