"""The sample organisation: an invented bank, its people, and whatever each app adds to it.

Everything follows from the seed and from `now`: loaded twice at the same instant, it is the same. Only the password is
random, made anew for each installation.
"""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.choices import Role
from foundation.accounts.models import BusinessUnit, Delegation, Organisation, User
from foundation.accounts.organisation import forget_organisation, organisation_day
from foundation.accounts.sample_people import BANK, BANK_TIME_ZONE, PEOPLE, STAND_INS, UNITS
from foundation.accounts.services.grants import grant_give
from foundation.accounts.services.people import user_create
from foundation.accounts.services.units import unit_create
from foundation.registry import registry
from foundation.trail.services import entry_write

SEED = 20_240_229
SIGN_IN_FILE: Path = settings.VAR_DIR / "sample-sign-in.txt"
FOUNDED_BEFORE = timedelta(days=1_200)


class OrganisationExists(Exception):
    """There is an organisation already; the sample is loaded into an empty portal only."""


@dataclass(frozen=True)
class SampleContext:
    """What an app's sample loader works with: the moment, a seeded die, and the people and units by name and code."""

    now: datetime
    random: Random
    organisation: Organisation
    units: dict[str, BusinessUnit] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)

    def person(self, key: str) -> User:
        """Return a person by the first part of the e-mail address."""
        return self.people[key]


@dataclass(frozen=True)
class SampleSignIn:
    """One account per role to begin with, and the password that all sample people share in this installation."""

    password: str
    accounts: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        width = max(len(email) for email, _role in self.accounts)
        lines = [f"  {email.ljust(width)}  {role}" for email, role in self.accounts]
        return "\n".join(
            [
                _("Sign in as one of these people of the sample organisation:"),
                *lines,
                _("Password of all of them: %(password)s") % {"password": self.password},
            ]
        )


@transaction.atomic
def sample_load(*, now: datetime, base_url: str = "", seed: int = SEED, password: str = "") -> SampleSignIn:
    """Make the sample organisation, all or nothing, and return how to sign in.

    Raises OrganisationExists when there is one. Without a password, a random one is made.
    """
    organisation, made = Organisation.objects.get_or_create(
        pk=1, defaults={"name": BANK, "time_zone": BANK_TIME_ZONE, "base_url": base_url}
    )
    if not made:
        raise OrganisationExists(
            _("%(name)s is set up here already. The sample organisation is for an empty portal.")
            % {"name": organisation}
        )
    forget_organisation()
    password = password or secrets.token_urlsafe(12)
    context = SampleContext(now=now, random=Random(seed), organisation=organisation)  # noqa: S311 - a die, not a key
    _units_make(context)
    _people_make(context, password)
    _stand_ins_make(context)
    for sample in registry.sample_sets():
        sample.load(context)
    entry_write(
        action="accounts.sample.loaded",
        actor=None,
        subject=organisation.name,
        after={"people": len(context.people), "units": len(context.units)},
    )
    return SampleSignIn(password, sample_accounts())


def sample_accounts() -> tuple[tuple[str, str], ...]:
    """Return the e-mail address of the first person of each role, with the role's name; the CISO first."""
    return tuple(
        (f"{next(person.key for person in PEOPLE if person.role == role)}@example.com", str(role.label))
        for role in Role
    )


def sample_is_loaded() -> bool:
    """Tell whether the organisation here is the sample one, by its CISO."""
    return User.objects.filter(email=sample_accounts()[0][0]).exists()


def sign_in_keep(*, sign_in: SampleSignIn, path: Path = SIGN_IN_FILE) -> None:
    """Write how to sign in to a file that only its owner can read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_text(f"{sign_in}\n", encoding="utf-8")


def _units_make(context: SampleContext) -> None:
    for row in UNITS:
        context.units[row.code] = unit_create(
            name=row.name,
            code=row.code,
            parent=context.units.get(row.parent),
            country=row.country,
            actor=None,
        )


def _people_make(context: SampleContext, password: str) -> None:
    """Make the people, managers before those who report to them. One hash serves all: Argon2 is slow by design."""
    waiting = list(PEOPLE)
    while waiting:
        row = next(row for row in waiting if not row.manager or row.manager in context.people)
        waiting.remove(row)
        context.people[row.key] = user_create(
            email=f"{row.key}@example.com",
            full_name=row.name,
            job_title=row.job,
            unit=context.units[row.unit],
            manager=context.people.get(row.manager),
            time_zone=row.time_zone,
            actor=None,
        )
    User.objects.filter(pk__in=[user.pk for user in context.people.values()]).update(
        password=make_password(password)
    )
    for number, person in enumerate(list(context.people.values())[:-1]):  # the last one has not come yet
        came_at = context.now - timedelta(hours=3 + 11 * number % 130)
        User.objects.filter(pk=person.pk).update(last_login=came_at)
    starts_on = (context.now - FOUNDED_BEFORE).date()
    for row in PEOPLE:
        grant_give(
            user=context.people[row.key],
            role=row.role,
            unit=context.units[row.of] if row.of else None,
            starts_on=starts_on,
            actor=None,
            now=context.now,
        )


def _stand_ins_make(context: SampleContext) -> None:
    """Let the CISO be away for a week from now on, and the head of payments in a fortnight."""
    today = organisation_day(context.now)
    for key, stand_in, begins, days in STAND_INS:
        person = context.people[key]
        Delegation.objects.create(
            person=person,
            stand_in=context.people[stand_in],
            starts_on=today + timedelta(days=begins),
            ends_on=today + timedelta(days=begins + days),
            created_by=person,
            created_at=context.now,
        )
