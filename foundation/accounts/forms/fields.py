"""Fields that several forms of accounts share."""

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from foundation.accounts.currencies import CURRENCIES
from foundation.accounts.time_zones import places
from foundation.accounts.validators import validate_base_url

PASSWORD_HELP = _("At least 12 characters; none that many people use, and nothing like your name or address.")

Choices = list[tuple[str, str | Promise]]


def time_zone_choices(*, kept: str = "") -> Choices:
    """Return the time zones of the IANA database by place, UTC first, and the zone that is set now, whatever it is."""
    names = places() if not kept or kept in ("UTC", *places()) else sorted({kept, *places()})
    return [("UTC", "UTC"), *((name, name.replace("_", " ")) for name in names)]


def currency_choices(*, kept: str = "") -> Choices:
    """Return the currencies by code, and the one that is set now, whatever it is."""
    codes = {**CURRENCIES, kept: CURRENCIES.get(kept, kept)} if kept else CURRENCIES
    return [(code, f"{code} – {name}" if name != code else code) for code, name in sorted(codes.items())]


class SearchSelect(forms.Select):
    """A select that can be searched where scripts run."""

    def __init__(self, attrs: dict[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__({"data-search": True, **(attrs or {})}, **kwargs)


class TimeZoneField(forms.ChoiceField):
    """A time zone of the IANA database."""

    widget = SearchSelect

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=time_zone_choices, label=kwargs.pop("label", _("Time zone")), **kwargs)


class CurrencyField(forms.ChoiceField):
    """A currency of ISO 4217."""

    widget = SearchSelect

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=currency_choices, label=_("Currency"), **kwargs)


class BaseUrlField(forms.CharField):
    """The address that links in mails start with, kept without a slash at its end."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_("Base URL"),
            max_length=200,
            validators=[validate_base_url],
            help_text=_("Links in e-mails start with it. Such as https://portal.example.com."),
            widget=forms.URLInput(attrs={"inputmode": "url", "spellcheck": "false"}),
            **kwargs,
        )

    def clean(self, value: Any) -> str:
        """Return the address without its last slash."""
        return str(super().clean(value)).rstrip("/")
