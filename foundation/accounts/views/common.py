"""What the pages of people, units and roles have in common."""

from collections.abc import Callable
from datetime import date
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _

from foundation.accounts.access import Scope, access_of
from foundation.accounts.models import BusinessUnit, RoleGrant, User
from foundation.accounts.organisation import organisation_day
from foundation.accounts.permissions import person_of
from foundation.accounts.services import AccountsRefused
from foundation.ui.pages import Page
from foundation.ui.structure import Crumb

T = TypeVar("T")
MANAGE = "people.manage"


class DirectoryPage(Page):
    """A page of people, units or roles."""

    @property
    def actor(self) -> User:
        """Return who is signed in."""
        return person_of(self.request)

    @property
    def today(self) -> date:
        """Return the organisation's day."""
        return organisation_day(self.now)

    @property
    def managed(self) -> Scope:
        """Return where the reader manages people."""
        return access_of(self.actor).scope(MANAGE)


def heard(do: Callable[[], T]) -> T:
    """Return what a service returns; what it refuses becomes an error of the form."""
    try:
        return do()
    except AccountsRefused as refused:
        raise ValidationError({refused.field: str(refused)} if refused.field else str(refused)) from refused


def where(grant: RoleGrant) -> str:
    """Return where a role holds, in words."""
    if grant.unit:
        return _("%(unit)s and all below it") % {"unit": grant.unit.name}
    return _("the whole organisation")


def person_url(person: User) -> str:
    """Return a person's page."""
    return reverse("accounts:person-detail", args=[person.pk])


def unit_url(unit: BusinessUnit) -> str:
    """Return a unit's page."""
    return reverse("accounts:unit-detail", args=[unit.pk])


def people_crumb() -> Crumb:
    """Return the step of the path to the list of people."""
    return Crumb(_("People"), reverse("accounts:person-list"))


def units_crumb() -> Crumb:
    """Return the step of the path to the tree of units."""
    return Crumb(_("Business units"), reverse("accounts:unit-list"))
