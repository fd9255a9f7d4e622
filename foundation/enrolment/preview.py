"""What an import of people would do, row by row: read against the people and units that are there."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from foundation.accounts.access import access_of
from foundation.accounts.models import BusinessUnit, RoleGrant, User
from foundation.accounts.organisation import organisation_day
from foundation.accounts.permissions import refusal_to_manage
from foundation.enrolment.columns import BY_KEY, RIGHT
from foundation.records.imports import CellError, cells
from foundation.records.imports.preview import PlannedRow
from foundation.records.imports.rows import Reading
from foundation.records.imports.tables import Cell, plain_name

FIELDS = ("full_name", "job_title", "unit", "manager")
EVERYWHERE = ("everywhere", "all", "wholeorganisation", "thewholeorganisation")


@dataclass(frozen=True)
class Everywhere:
    """Where a role for the whole organisation holds."""

    def __str__(self) -> str:
        return _("everywhere")


@dataclass
class RowPlan(PlannedRow):
    """A row of people, and whom it is about. `manager_email` names a manager who is new in the same file."""

    columns = BY_KEY

    person: User | None = None
    manager_email: str = ""

    @property
    def is_new(self) -> bool:
        """Tell whether the row brings somebody new."""
        return self.person is None

    @property
    def has_changes(self) -> bool:
        """Tell whether the row changes the person."""
        return bool(self.changes or self.manager_email)

    @property
    def role_unit(self) -> BusinessUnit | None:
        """Return the unit that the role is for; None is the whole organisation."""
        unit = self.values.get("role_for")
        return unit if isinstance(unit, BusinessUnit) else None


class PeopleReading(Reading[RowPlan]):
    """The reading of one table of people."""

    row_class = RowPlan

    def __init__(self, actor: User, now: datetime) -> None:
        super().__init__(actor, now)
        self._on = organisation_day(now)
        self._scope = access_of(actor, now).scope(RIGHT)

    def judge(self, rows: list[RowPlan]) -> None:
        """Find the people and managers whom rows are about; refuse what is there twice, and what may not be."""
        self._find_people(rows)
        _refuse_repeated(rows)
        self._find_managers(rows)
        held = self._grants(rows)
        for row in rows:
            self._check_role(row)
            if row.person is None:
                self._check_new(row)
            else:
                self._compare(row, row.person, held)

    def read_unit(self, cell: Cell) -> BusinessUnit:
        unit = self.unit(cell)
        if unit.archived_at:
            raise CellError(_("%(unit)s is archived.") % {"unit": unit.name})
        if not self._scope.covers(unit.pk):
            raise CellError(_("You do not manage the people of %(unit)s.") % {"unit": unit.name})
        return unit

    def read_role_for(self, cell: Cell) -> BusinessUnit | Everywhere:
        if plain_name(cells.text(cell, most=200)) not in EVERYWHERE:
            return self.read_unit(cell)
        if not self._scope.everywhere:
            raise CellError(_("You do not manage the whole organisation."))
        return Everywhere()

    def _find_people(self, rows: Iterable[RowPlan]) -> None:
        named = {row.values["email"] for row in rows if "email" in row.values}
        known = User.objects.filter(email__in=named).select_related("unit", "manager")
        found = {person.email: person for person in known}
        for row in rows:
            row.person = found.get(row.values.get("email", ""))

    def _find_managers(self, rows: list[RowPlan]) -> None:
        new = {row.values["email"] for row in rows if row.person is None and "email" in row.values}
        for row in rows:
            name = row.values.pop("manager", None)
            if name is None:
                continue
            if name.lower() in new:
                row.manager_email = name.lower()
                if row.manager_email == row.values.get("email"):
                    row.complain("manager", _("Nobody reports to themselves."))
                continue
            try:
                row.values["manager"] = self.people.find(name)
            except CellError as error:
                row.complain("manager", str(error))
        _refuse_circles(rows)

    def _grants(self, rows: Iterable[RowPlan]) -> set[tuple[int, str, int | None]]:
        people = [row.person.pk for row in rows if row.person and "role" in row.values]
        grants = RoleGrant.objects.filter(user_id__in=people, ends_on__isnull=True, starts_on__isnull=True)
        return set(grants.values_list("user_id", "role", "unit_id"))

    def _check_role(self, row: RowPlan) -> None:
        has_role, has_place = "role" in row.values, "role_for" in row.values
        if has_role and not has_place and not row.problems:
            row.complain("role_for", _("Say where the role holds: a unit, or “everywhere”."))
        if has_place and not has_role and not row.problems:
            row.complain("role", _("Say which role."))

    def _check_new(self, row: RowPlan) -> None:
        if not self._scope.everywhere and "unit" not in row.values and not row.problems:
            row.complain("unit", _("Say to which of your units the person belongs."))

    def _compare(self, row: RowPlan, person: User, held: set[tuple[int, str, int | None]]) -> None:
        if not person.is_active:
            row.complain("email", _("The account of %(person)s is closed.") % {"person": person})
            return
        if refusal := refusal_to_manage(actor=self.actor, person=person, on=self._on):
            row.complain("email", refusal)
            return
        for name in FIELDS:
            if name in row.values and getattr(person, name) != row.values[name]:
                row.changes[name] = row.values[name]
        role, unit = row.values.get("role"), row.role_unit
        if role and (person.pk, role.value, unit.pk if unit else None) not in held:
            if person.pk == self.actor.pk:
                row.complain("role", _("Nobody gives roles to themselves."))
            row.changes["role"] = role


def _refuse_repeated(rows: Iterable[RowPlan]) -> None:
    first: dict[str, int] = {}
    for row in rows:
        email = row.values.get("email")
        if email is None:
            continue
        if email in first:
            row.complain("email", _("Row %(row)s is about the same person.") % {"row": first[email]})
        first.setdefault(email, row.number)


def _refuse_circles(rows: Iterable[RowPlan]) -> None:
    """Refuse new people who would report to themselves over other new ones."""
    new = {row.values["email"]: row for row in rows if row.person is None and "email" in row.values}
    for email, row in new.items():
        seen, above = {email}, row.manager_email
        while above in new and above not in seen:
            seen.add(above)
            above = new[above].manager_email
        if above and above in seen and not row.problems:
            row.complain("manager", _("These people report to each other in a circle."))
