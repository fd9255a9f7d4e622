"""Makes people, units, grants and the organisation for tests."""

from datetime import timedelta
from functools import cache
from typing import Any

import factory
from django.contrib.auth.hashers import make_password
from factory.django import DjangoModelFactory

from foundation import clock
from foundation.accounts.choices import Role
from foundation.accounts.models import BusinessUnit, Organisation, RoleGrant, Session, User

PASSWORD = "granite-harbour-violet-42"


@cache
def password_hash() -> str:
    """Return the hash of PASSWORD, made once a session."""
    return make_password(PASSWORD)


class OrganisationFactory(DjangoModelFactory[Organisation]):
    """The organisation of the tests; its clock is neither UTC nor that of the machine."""

    class Meta:
        model = Organisation
        django_get_or_create = ("pk",)

    pk = 1
    name = "Halden & Vale Bank"
    time_zone = "Europe/Lisbon"
    currency = "EUR"
    base_url = "https://portal.example.com"


class BusinessUnitFactory(DjangoModelFactory[BusinessUnit]):
    """A unit; `parent` puts it into the tree."""

    class Meta:
        model = BusinessUnit
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Unit {n}")
    code = factory.Sequence(lambda n: f"U{n}")
    parent = None
    path = factory.Sequence(lambda n: f"new-{n}/")

    @factory.post_generation
    def placed(unit: BusinessUnit, create: bool, extracted: Any, **kwargs: Any) -> None:
        """Write the path that follows from the parent."""
        unit.path = f"{unit.parent.path if unit.parent else ''}{unit.pk}/"
        unit.save(update_fields=["path"])


class UserFactory(DjangoModelFactory[User]):
    """A person who can sign in with PASSWORD."""

    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"person{n}@example.com")
    full_name = factory.Sequence(lambda n: f"Person {n}")
    password = factory.LazyFunction(password_hash)


class RoleGrantFactory(DjangoModelFactory[RoleGrant]):
    """A role for the whole organisation, or for `unit`."""

    class Meta:
        model = RoleGrant

    user = factory.SubFactory(UserFactory)
    role = Role.PERSONNEL
    unit = None


class SessionFactory(DjangoModelFactory[Session]):
    """Another browser in which a person is signed in."""

    class Meta:
        model = Session

    session_key = factory.Sequence(lambda n: f"{n:064x}")
    user = factory.SubFactory(UserFactory)
    user_agent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
    opened_at = factory.LazyFunction(lambda: clock.now() - timedelta(hours=3))
    last_seen_at = factory.LazyFunction(lambda: clock.now() - timedelta(minutes=20))
    expires_at = factory.LazyFunction(lambda: clock.now() + timedelta(minutes=40))
