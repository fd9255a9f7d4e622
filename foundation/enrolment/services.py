"""Importing people: every row or none."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from foundation.accounts.models import User
from foundation.accounts.services import (
    AccountsRefused,
    grant_give,
    invitation_send,
    user_change,
    user_create,
)
from foundation.enrolment.columns import COLUMNS, LIMITS, RIGHT
from foundation.enrolment.preview import FIELDS, PeopleReading, RowPlan
from foundation.records.imports.kinds import ImportOutcome, TableImport
from foundation.records.imports.preview import Preview, RowAction


@dataclass(frozen=True)
class PeopleOutcome(ImportOutcome):
    """What an import did: the addresses of who came and who was changed, and how many were invited."""

    invited: int = 0


class PeopleImport(TableImport[RowPlan]):
    """People, by their addresses. Its option `invite` sends new ones the link to choose a password."""

    purpose = "people"
    right = RIGHT
    trail_action = "enrolment.import.done"
    columns = COLUMNS
    limits = LIMITS
    outcome_class = PeopleOutcome
    reading = PeopleReading

    def write(
        self, preview: Preview[RowPlan], *, actor: User, now: datetime, invite: bool = False, **options: Any
    ) -> PeopleOutcome:
        """Create or change the people of the rows."""
        people = _people_make(preview, actor)
        for row in preview.rows:
            with preview.refused_by(row, AccountsRefused):
                _row_follow(row, people, actor, now)
        new = preview.rows_to(RowAction.CREATE)
        for row in new if invite else ():
            with preview.refused_by(row, AccountsRefused):
                invitation_send(user=people[row.values["email"]], actor=actor, now=now)
        return PeopleOutcome(
            created=tuple(row.values["email"] for row in new),
            updated=tuple(row.values["email"] for row in preview.rows_to(RowAction.UPDATE)),
            unchanged=preview.counts[RowAction.UNCHANGED],
            invited=len(new) if invite else 0,
        )


def _people_make(preview: Preview[RowPlan], actor: User) -> dict[str, User]:
    """Create the new people, managers before those who report to them, and return everyone of the file by address."""
    people = {row.values["email"]: row.person for row in preview.rows if row.person}
    waiting = [row for row in preview.rows if row.person is None]
    while waiting:
        row = next(row for row in waiting if not row.manager_email or row.manager_email in people)
        waiting.remove(row)
        values = {name: row.values[name] for name in ("email", *FIELDS) if name in row.values}
        if row.manager_email:
            values["manager"] = people[row.manager_email]
        with preview.refused_by(row, AccountsRefused):
            people[row.values["email"]] = user_create(**values, actor=actor)
    return people


def _row_follow(row: RowPlan, people: dict[str, User], actor: User, now: datetime) -> None:
    """Change a person who is known already, and give the role."""
    person = people[row.values["email"]]
    if row.person is not None:
        changes = {name: value for name, value in row.changes.items() if name in FIELDS}
        if row.manager_email:
            changes["manager"] = people[row.manager_email]
        user_change(user=person, changes=changes, actor=actor, now=now)
    if "role" in row.values and (row.person is None or "role" in row.changes):
        grant_give(user=person, role=row.values["role"], unit=row.role_unit, actor=actor, now=now)


PEOPLE_IMPORT = PeopleImport()
