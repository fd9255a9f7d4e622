"""The fixed cast of the tests: one person per role, and a small tree of units to play in."""

from dataclasses import dataclass, fields

from foundation.accounts.choices import Role
from foundation.accounts.models import BusinessUnit, Organisation, RoleGrant, User
from foundation.accounts.tests.factories import OrganisationFactory, password_hash


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


def cast_make() -> Cast:
    """Make the organisation, its units and the cast, in a statement or two a table: most tests begin with it."""
    organisation = OrganisationFactory.create()
    units = _units_make()
    ciso = _person("Celia Moreau", "Chief Information Security Officer", units.root)
    cast = Cast(
        organisation=organisation,
        units=units,
        ciso=ciso,
        analyst=_person("Anders Falk", "Security Analyst", units.root),
        auditor=_person("Odile Brandt", "Internal Auditor", units.root),
        executive=_person("Edmund Castell", "Chief Operating Officer", units.root),
        unit_lead=_person("Ulrike Sommer", "Head of Payments", units.payments),
        personnel=_person("Pavel Dimitrov", "Card Operations Clerk", units.cards),
        administrator=_person("Ada Nyberg", "Portal Administrator", units.root),
        outsider=_person("Oskar Lindqvist", "Contractor", None),
    )
    User.objects.bulk_create(cast.people().values())
    cast.analyst.manager = ciso
    cast.analyst.save(update_fields=["manager"])
    RoleGrant.objects.bulk_create(
        RoleGrant(user=user, role=role, unit=unit)
        for user, role, unit in (
            (cast.ciso, Role.CISO, None),
            (cast.analyst, Role.SECURITY, None),
            (cast.auditor, Role.AUDITOR, None),
            (cast.executive, Role.EXECUTIVE, None),
            (cast.unit_lead, Role.UNIT_LEAD, units.payments),
            (cast.personnel, Role.PERSONNEL, units.cards),
            (cast.administrator, Role.ADMINISTRATOR, None),
        )
    )
    return cast


def _units_make() -> Units:
    root = BusinessUnit(name="Halden & Vale Bank", code="HVB")
    retail = BusinessUnit(name="Retail Banking", code="RET", parent=root)
    payments = BusinessUnit(name="Payments", code="PAY", parent=root)
    cards = BusinessUnit(name="Cards", code="CRD", parent=payments)
    tree = (root, retail, payments, cards)
    for unit in tree:
        unit.path = f"new-{unit.code}/"
    for level in ((root,), (retail, payments), (cards,)):  # a unit needs the key of its parent
        BusinessUnit.objects.bulk_create(level)
    for unit in tree:
        unit.path = f"{unit.parent.path if unit.parent else ''}{unit.pk}/"
    BusinessUnit.objects.bulk_update(tree, ["path"])
    return Units(root=root, retail=retail, payments=payments, cards=cards)


def _person(name: str, job_title: str, unit: BusinessUnit | None) -> User:
    address = f"{name.lower().replace(' ', '.')}@example.com"
    return User(full_name=name, email=address, job_title=job_title, unit=unit, password=password_hash())
