"""The organisation: setting it up once, and changing its settings."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.choices import Role
from foundation.accounts.models import Organisation, SetupCode, User
from foundation.accounts.organisation import forget_organisation
from foundation.accounts.services.errors import AccountsRefused
from foundation.accounts.services.grants import grant_give
from foundation.accounts.services.locks import Guarded, lock
from foundation.accounts.services.people import user_create
from foundation.accounts.services.setup_code import setup_code_check
from foundation.accounts.services.units import unit_create
from foundation.accounts.versions import SETTINGS, version_check
from foundation.registry import OrganisationChanged, registry
from foundation.trail.services import entry_write

ROOT_UNIT_CODE = "ORG"


class AlreadySetUp(AccountsRefused):
    """The organisation exists: someone else was faster."""

    def __init__(self) -> None:
        super().__init__(_("The organisation was set up meanwhile. Sign in to it."))


@dataclass(frozen=True, kw_only=True)
class FirstPerson:
    """Who sets the organisation up, and will be its CISO and administrator."""

    full_name: str
    email: str
    password: str


def organisation_set_up(
    *,
    code: str,
    name: str,
    time_zone: str,
    currency: str,
    base_url: str,
    first_person: FirstPerson,
    now: datetime,
) -> User:
    """Create the organisation, its root unit and its first CISO, who is its administrator too; return that person.

    All or nothing, and once: of two browsers at the same instant one wins, the other raises AlreadySetUp. Raises
    SetupCodeRefused for a wrong code.
    """
    if Organisation.objects.exists():
        raise AlreadySetUp
    setup_code_check(code=code, now=now)
    with transaction.atomic():
        setup_begin()
        organisation = Organisation.objects.create(
            pk=1, name=name, time_zone=time_zone, currency=currency, base_url=base_url
        )
        forget_organisation()
        root = unit_create(name=name, code=ROOT_UNIT_CODE, parent=None, actor=None)
        person = user_create(
            email=first_person.email,
            full_name=first_person.full_name,
            password=first_person.password,
            unit=root,
            actor=None,
        )
        entry_write(
            action="accounts.organisation.set_up",
            actor=person,
            subject=organisation.name,
            after=_settings_of(organisation),
        )
        for role in (Role.CISO, Role.ADMINISTRATOR):
            grant_give(user=person, role=role, unit=None, actor=person, now=now, founding=True)
    return person


def setup_begin() -> None:
    """Be the only one who sets the organisation up, until the transaction ends; the code is spent with it.

    Raises AlreadySetUp when the organisation exists by now.
    """
    lock(Guarded.SETUP)
    if Organisation.objects.exists():
        raise AlreadySetUp
    SetupCode.objects.all().delete()


def organisation_change(
    *, changes: dict[str, Any], actor: User, now: datetime, seen: str | None = None
) -> Organisation:
    """Change the organisation's settings, and let every app that depends on them follow, in one transaction.

    `seen` is the version that the change was made on (`versions.py`); raises StaleEdit when it is another by now.
    A change of nothing writes nothing. Other processes see the change after ten seconds at the latest.
    """
    try:
        with transaction.atomic():
            organisation = _change(changes, actor, now, seen)
    finally:
        forget_organisation()
    return organisation


def _change(changes: dict[str, Any], actor: User, now: datetime, seen: str | None) -> Organisation:
    before = Organisation.objects.select_for_update().get()
    version_check(before, SETTINGS, seen)
    organisation = Organisation.objects.get()
    for field, value in changes.items():
        setattr(organisation, field, value)
    old, new = _settings_of(before), _settings_of(organisation)
    changed = [field for field in SETTINGS if old[field] != new[field]]
    if not changed:
        return organisation
    organisation.save(update_fields=changed)
    entry_write(
        action="accounts.organisation.changed",
        actor=actor,
        subject=organisation.name,
        before={field: old[field] for field in changed},
        after={field: new[field] for field in changed},
    )
    forget_organisation()
    for reaction in registry.all(OrganisationChanged):
        reaction.react(before=before, after=organisation, now=now)
    return organisation


def _settings_of(organisation: Organisation) -> dict[str, Any]:
    return {field: getattr(organisation, field) for field in SETTINGS}
