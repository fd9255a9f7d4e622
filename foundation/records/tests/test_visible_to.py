"""Who may know of a record: role × unit × confidentiality, and being the owner or named in it."""

from dataclasses import dataclass

import pytest
from django.contrib.auth.models import AnonymousUser

from foundation.accounts.choices import Role
from foundation.accounts.tests.factories import RoleGrantFactory, UserFactory
from foundation.records.choices import Confidentiality
from foundation.records.models import Record
from foundation.records.selectors import pairs_that_see
from foundation.records.services import participants_set
from foundation.testing.cast import Cast

UNITS = ("root", "retail", "payments", "cards")
ALL = frozenset(UNITS)
PAYMENTS_DOWN = frozenset({"payments", "cards"})
NONE: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Sight:
    """In which units a role, granted for this unit (None: the whole organisation), sees records of each kind."""

    role: Role | None
    granted: str | None
    internal: frozenset[str]
    restricted: frozenset[str]


TABLE = (
    Sight(Role.CISO, None, ALL, ALL),
    Sight(Role.CISO, "payments", PAYMENTS_DOWN, PAYMENTS_DOWN),
    Sight(Role.CISO, "cards", frozenset({"cards"}), frozenset({"cards"})),
    Sight(Role.SECURITY, None, ALL, NONE),
    Sight(Role.SECURITY, "payments", PAYMENTS_DOWN, NONE),
    Sight(Role.AUDITOR, None, ALL, NONE),
    Sight(Role.AUDITOR, "retail", frozenset({"retail"}), NONE),
    Sight(Role.UNIT_LEAD, None, ALL, NONE),
    Sight(Role.UNIT_LEAD, "root", ALL, NONE),
    Sight(Role.UNIT_LEAD, "payments", PAYMENTS_DOWN, NONE),
    Sight(Role.UNIT_LEAD, "cards", frozenset({"cards"}), NONE),
    Sight(Role.EXECUTIVE, None, NONE, NONE),
    Sight(Role.EXECUTIVE, "payments", NONE, NONE),
    Sight(Role.PERSONNEL, None, NONE, NONE),
    Sight(Role.PERSONNEL, "cards", NONE, NONE),
    Sight(Role.ADMINISTRATOR, None, NONE, NONE),
    Sight(Role.ADMINISTRATOR, "root", NONE, NONE),
    Sight(None, None, NONE, NONE),
)


@pytest.fixture
def records(cast: Cast, case) -> dict[tuple[str, str], Record]:
    """Make one record of each confidentiality in each unit, owned by somebody who does not play."""
    owner = UserFactory.create(unit=cast.units.root)
    return {
        (unit, confidentiality): case(owner, unit=getattr(cast.units, unit), confidentiality=confidentiality)
        for unit in UNITS
        for confidentiality in Confidentiality.values
    }


def test_the_table_names_every_role():
    assert {sight.role for sight in TABLE} >= set(Role)


@pytest.mark.parametrize(
    "sight", TABLE, ids=lambda sight: f"{sight.role or 'nobody'} of {sight.granted or 'all'}"
)
def test_roles(cast, records, sight, django_assert_max_num_queries):
    person = UserFactory.create()
    if sight.role:
        unit = getattr(cast.units, sight.granted) if sight.granted else None
        RoleGrantFactory.create(user=person, role=sight.role, unit=unit)
    expected = {(unit, "internal") for unit in sight.internal} | {
        (unit, "restricted") for unit in sight.restricted
    }
    with django_assert_max_num_queries(4):  # the organisation, the grants, the units below, the records
        visible = set(Record.objects.visible_to(person))
    assert {key for key, record in records.items() if record in visible} == expected
    pairs = {(record.pk, person.pk) for record in records.values()}
    seen = pairs_that_see(pairs, on=person.date_joined.date())
    assert {key for key, record in records.items() if (record.pk, person.pk) in seen} == expected


@pytest.mark.parametrize("confidentiality", Confidentiality.values)
@pytest.mark.parametrize("tie", ["owner", "participant"])
@pytest.mark.parametrize("role", [*Role, None])
def test_whoever_is_tied_to_a_record_sees_it_and_no_other(cast, case, role, tie, confidentiality):
    person = UserFactory.create(unit=cast.units.retail)
    if role:
        RoleGrantFactory.create(user=person, role=role, unit=cast.units.retail)
    other = UserFactory.create(unit=cast.units.cards)
    record = case(person if tie == "owner" else other, unit=cast.units.cards, confidentiality=confidentiality)
    stranger = case(other, unit=cast.units.cards, confidentiality=confidentiality)
    if tie == "participant":
        participants_set(record=record, role="helper", users=[person], actor=cast.ciso)
    assert record in Record.objects.visible_to(person)
    assert stranger not in Record.objects.visible_to(person)


def test_being_named_twice_shows_a_record_once(cast, case):
    record = case(cast.ciso)
    for role in ("helper", "witness"):
        participants_set(record=record, role=role, users=[cast.outsider], actor=cast.ciso)
    assert list(Record.objects.visible_to(cast.outsider)) == [record]


def test_two_grants_add_up(cast, records):
    person = UserFactory.create()
    RoleGrantFactory.create(user=person, role=Role.SECURITY, unit=cast.units.retail)
    RoleGrantFactory.create(user=person, role=Role.CISO, unit=cast.units.cards)
    visible = set(Record.objects.visible_to(person))
    assert {key for key, record in records.items() if record in visible} == {
        ("retail", "internal"),
        ("cards", "internal"),
        ("cards", "restricted"),
    }


def test_the_signed_out_and_the_deactivated_see_nothing_by_right(cast, case):
    record = case(cast.ciso)
    assert not Record.objects.visible_to(AnonymousUser()).exists()
    gone = UserFactory.create(is_active=False)
    RoleGrantFactory.create(user=gone, role=Role.CISO)
    assert record not in Record.objects.visible_to(gone)


def test_archived_records_are_left_out_on_demand(cast, case):
    kept, gone = case(cast.ciso), case(cast.ciso)
    Record.objects.filter(pk=gone.pk).update(archived_at=gone.created_at)
    assert list(Record.objects.visible_to(cast.ciso).unarchived()) == [kept]
