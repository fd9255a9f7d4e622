"""The fixed cast of the tests: one person per role, and a small tree of units to play in."""

from dataclasses import dataclass, fields

from foundation.accounts.choices import Role
from foundation.accounts.models import BusinessUnit, Organisation, User
from foundation.accounts.tests.factories import (
    BusinessUnitFactory,
    OrganisationFactory,
    RoleGrantFactory,
    UserFactory,
)


@dataclass(frozen=True)
class Units:
    """The tree: root over retail and payments, cards below payments."""

    root: BusinessUnit
    retail: BusinessUnit
    payments: BusinessUnit
    cards: BusinessUnit


@dataclass(frozen=True)
class Cast:
    """Who plays: each holds one role for the whole organisation, but for three.

    `unit_lead` leads payments (and so cards below it), `personnel` works in cards, and `outsider` is signed in
    without any grant.
    """

    organisation: Organisation
    units: Units
    ciso: User
    analyst: User
    auditor: User
    executive: User
    unit_lead: User
    personnel: User
    administrator: User
    outsider: User

    def people(self) -> dict[str, User]:
        """Return everyone by the name of the part."""
        parts = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: part for name, part in parts.items() if isinstance(part, User)}


def units_make() -> Units:
    """Make the tree of units."""
    root = BusinessUnitFactory.create(name="Halden & Vale Bank", code="HVB")
    payments = BusinessUnitFactory.create(name="Payments", code="PAY", parent=root)
    return Units(
        root=root,
        retail=BusinessUnitFactory.create(name="Retail Banking", code="RET", parent=root),
        payments=payments,
        cards=BusinessUnitFactory.create(name="Cards", code="CRD", parent=payments),
    )


def cast_make() -> Cast:
    """Make the organisation, its units and the cast."""
    organisation = OrganisationFactory.create()
    units = units_make()
    ciso = _person("Celia Moreau", "Chief Information Security Officer", units.root)
    cast = Cast(
        organisation=organisation,
        units=units,
        ciso=ciso,
        analyst=_person("Anders Falk", "Security Analyst", units.root, ciso),
        auditor=_person("Odile Brandt", "Internal Auditor", units.root),
        executive=_person("Edmund Castell", "Chief Operating Officer", units.root),
        unit_lead=_person("Ulrike Sommer", "Head of Payments", units.payments),
        personnel=_person("Pavel Dimitrov", "Card Operations Clerk", units.cards),
        administrator=_person("Ada Nyberg", "Portal Administrator", units.root),
        outsider=_person("Oskar Lindqvist", "Contractor", None),
    )
    RoleGrantFactory.create(user=cast.ciso, role=Role.CISO)
    RoleGrantFactory.create(user=cast.analyst, role=Role.SECURITY)
    RoleGrantFactory.create(user=cast.auditor, role=Role.AUDITOR)
    RoleGrantFactory.create(user=cast.executive, role=Role.EXECUTIVE)
    RoleGrantFactory.create(user=cast.unit_lead, role=Role.UNIT_LEAD, unit=units.payments)
    RoleGrantFactory.create(user=cast.personnel, role=Role.PERSONNEL, unit=units.cards)
    RoleGrantFactory.create(user=cast.administrator, role=Role.ADMINISTRATOR)
    return cast


def _person(name: str, job_title: str, unit: BusinessUnit | None, manager: User | None = None) -> User:
    address = f"{name.lower().replace(' ', '.')}@example.com"
    return UserFactory.create(full_name=name, email=address, job_title=job_title, unit=unit, manager=manager)
