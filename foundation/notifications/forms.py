"""The form of a person's preferences."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.accounts.forms.seen import SeenFormMixin
from foundation.notifications.choices import Rhythm
from foundation.notifications.digests import USUAL_DIGEST_HOUR, usual_rhythm
from foundation.notifications.selectors import Preferences
from foundation.registry import NoticeKind, registry
from foundation.ui.conflicts import Conflict

HOURS = [(hour, f"{hour:02}:00") for hour in range(24)]


@dataclass(frozen=True)
class KindRow:
    """A kind of notice with the fields that a person chooses by; None where there is no choice."""

    kind: NoticeKind
    mail: BoundField | None
    shown: BoundField | None


class PreferencesForm(SeenFormMixin, forms.Form):
    """By kind of notice: when it comes by mail, and whether the portal shows it; and the hour of the digest.

    Only what calls for nothing may be turned off, so for other kinds the form has no such choice.
    """

    digest_hour = forms.TypedChoiceField(
        label=_("Send the digest at"),
        choices=HOURS,
        coerce=int,
        initial=USUAL_DIGEST_HOUR,
        widget=forms.Select(attrs={"class": "form-select"}),
    )

    def __init__(self, *args: Any, preferences: Preferences, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kinds = sorted(registry.all(NoticeKind), key=lambda kind: str(kind.label))
        for kind in self.kinds:
            self._add_fields(kind, preferences)
        hour = self.fields["digest_hour"]
        hour.initial = preferences.digest_hour
        self.see(preferences)
        hour.help_text = _("In your time zone, %(zone)s.") % {"zone": timezone.get_current_timezone_name()}

    @property
    def rows(self) -> list[KindRow]:
        """Return the kinds with their fields, for the table of the page."""
        return [
            KindRow(kind, self._bound(_mail_name(kind)), self._bound(_shown_name(kind)))
            for kind in self.kinds
        ]

    @property
    def rhythms(self) -> dict[str, Rhythm]:
        """Return the choices by kind, once the form is valid."""
        return {
            kind.key: Rhythm(self.cleaned_data.get(_mail_name(kind)) or Rhythm.IMMEDIATE)
            for kind in self.kinds
            if _mail_name(kind) in self.fields
        }

    @property
    def unshown(self) -> set[str]:
        """Return the kinds that are not to be shown in the portal, once the form is valid."""
        return {
            kind.key
            for kind in self.kinds
            if _shown_name(kind) in self.fields and not self.cleaned_data[_shown_name(kind)]
        }

    def version_now(self, current: Preferences) -> str:
        """Return the version of the choices."""
        return current.version

    def name_of(self, current: Preferences) -> str:
        """Return what is told to have been changed."""
        return gettext("Your choice")

    def conflict_with(self, current: Preferences) -> Conflict:
        """Return what was chosen beside what is kept now; the form then stands on that."""
        self.kept = PreferencesForm(preferences=current)
        return super().conflict_with(current)

    def current_value(self, current: Preferences, name: str) -> Any:
        """Return what is chosen now, as the form would show it."""
        return self.kept[name].initial

    def _add_fields(self, kind: NoticeKind, preferences: Preferences) -> None:
        rhythms = [Rhythm.IMMEDIATE]
        if kind.may_be_digested:
            rhythms.append(Rhythm.DAILY)
        if kind.may_be_silenced:
            rhythms.append(Rhythm.NEVER)
            self.fields[_shown_name(kind)] = forms.BooleanField(
                label=_("%(kind)s: show in the portal") % {"kind": kind.label},
                required=False,
                initial=kind.key not in preferences.unshown,
                widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
            )
        if len(rhythms) > 1:
            chosen = preferences.rhythms.get(kind.key, usual_rhythm(kind.key))
            self.fields[_mail_name(kind)] = forms.ChoiceField(
                label=_("%(kind)s: by e-mail") % {"kind": kind.label},
                choices=[(rhythm.value, rhythm.label) for rhythm in rhythms],
                initial=chosen.value if chosen in rhythms else Rhythm.IMMEDIATE.value,
                widget=forms.Select(attrs={"class": "form-select"}),
            )

    def _bound(self, name: str) -> BoundField | None:
        return self[name] if name in self.fields else None


def _mail_name(kind: NoticeKind) -> str:
    return f"mail-{kind.key}"


def _shown_name(kind: NoticeKind) -> str:
    return f"shown-{kind.key}"
