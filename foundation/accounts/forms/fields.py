"""Fields that several forms of accounts share."""

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from foundation.accounts.access import Scope
from foundation.accounts.currencies import CURRENCIES
from foundation.accounts.models import BusinessUnit, User
from foundation.accounts.selectors import units_in
from foundation.accounts.selectors.units import INDENT
from foundation.accounts.time_zones import places
from foundation.accounts.validators import validate_base_url

PASSWORD_HELP = _("At least 12 characters; none that many people use, and nothing like your name or address.")
FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2199, 12, 31)

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


class PersonChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One person, found by typing part of the name."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=SearchSelect(), **options)

    def label_from_instance(self, obj: Any) -> str:
        """Return the name, and what the person does."""
        return person_label(obj)


class PeopleChoice(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Some people."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=forms.SelectMultiple(attrs={"data-search": ""}), **options)

    def label_from_instance(self, obj: Any) -> str:
        """Return the name, and what the person does."""
        return person_label(obj)


class UnitChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A unit, drawn as a tree."""

    def label_from_instance(self, obj: Any) -> str:
        """Return the name, drawn in below its parent."""
        return INDENT * obj.depth + str(obj.name)


def person_label(person: User) -> str:
    """Return a person's name and work."""
    return f"{person.full_name} · {person.job_title}" if person.job_title else person.full_name


def people_to_choose(*kept: User | None) -> QuerySet[User]:
    """Return the active people, and those who are named already: dropping one is the reader's decision."""
    named = [person.pk for person in kept if person is not None]
    return User.objects.filter(Q(is_active=True) | Q(pk__in=named)).order_by("full_name", "pk")


def units_to_choose(scope: Scope, *kept: BusinessUnit | None) -> QuerySet[BusinessUnit]:
    """Return the units of a scope where something new may be put, and those that are named already."""
    named = [unit.pk for unit in kept if unit is not None]
    return units_in(scope).filter(Q(archived_at__isnull=True) | Q(pk__in=named))


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


def day_field(label: Any, help_text: Any = "", *, required: bool = False, **options: Any) -> forms.DateField:
    """Return a field for a day, which may be left empty unless `required`, of a year that people can mean."""
    return forms.DateField(
        label=label,
        help_text=help_text,
        required=required,
        **options,
        validators=[MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
