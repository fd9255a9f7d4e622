"""Importing people: every row or none."""

from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import connection, transaction

from foundation.accounts.models import User
from foundation.accounts.services import (
    AccountsRefused,
    grant_give,
    invitation_send,
    user_change,
    user_create,
)
from foundation.enrolment.preview import FIELDS, RowPlan, people_preview
from foundation.records.imports.drafts import import_file_done, import_file_lock
from foundation.records.imports.preview import Preview, RowAction, RowsRefused
from foundation.records.models import ImportFile
from foundation.trail.services import entry_write

# One import at a time, so that the same file imported twice at once is imported once.
IMPORT_LOCK = 711_000_102


@dataclass(frozen=True)
class ImportOutcome:
    """What an import did: the addresses of who came and who was changed, how many rows changed nothing, how many were invited."""

    created: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    unchanged: int = 0
    invited: int = 0


@transaction.atomic
def people_import(
    *, content: bytes, file_name: str, actor: User, now: datetime, sheet: str = "", invite: bool = False
) -> ImportOutcome:
    """Create or change the people of a file, all of them or none; `invite` sends new ones the link to choose a password.

    Raises TableRefused when the file can't be read, RowsRefused when a row can't be imported.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [IMPORT_LOCK])
    preview = people_preview(content=content, actor=actor, now=now, sheet=sheet)
    if preview.problems:
        raise RowsRefused(preview)
    people = _people_make(preview, actor)
    for row in preview.rows:
        _or_refuse(row, preview, lambda row=row: _row_follow(row, people, actor, now))
    new = [people[row.values["email"]] for row in preview.rows if row.action == RowAction.CREATE]
    if invite:
        for row in preview.rows:
            if row.action == RowAction.CREATE:
                person = people[row.values["email"]]
                _or_refuse(
                    row, preview, lambda person=person: invitation_send(user=person, actor=actor, now=now)
                )
    outcome = ImportOutcome(
        created=tuple(person.email for person in new),
        updated=tuple(row.values["email"] for row in preview.rows if row.action == RowAction.UPDATE),
        unchanged=preview.counts[RowAction.UNCHANGED],
        invited=len(new) if invite else 0,
    )
    entry_write(
        action="enrolment.import.done",
        actor=actor,
        subject=file_name,
        after={
            "sha256": sha256(content).hexdigest(),
            "rows": len(preview.rows),
            "created": len(outcome.created),
            "updated": len(outcome.updated),
            "unchanged": outcome.unchanged,
            "invited": outcome.invited,
        },
    )
    return outcome


@transaction.atomic
def people_import_file(
    *, file: ImportFile, actor: User, now: datetime, invite: bool = False
) -> ImportOutcome:
    """Import exactly the file that was previewed; asked again, return what came of it the first time.

    Raises TableRefused and RowsRefused as `people_import()`.
    """
    locked = import_file_lock(file=file)
    if locked.imported_at is None:
        outcome = people_import(
            content=bytes(locked.content or b""),
            file_name=locked.file_name,
            actor=actor,
            now=now,
            sheet=locked.sheet,
            invite=invite,
        )
        import_file_done(file=locked, result=asdict(outcome), now=now)
        return outcome
    return outcome_of(locked)


def outcome_of(file: ImportFile) -> ImportOutcome:
    """Return what came of a file that was imported."""
    result: dict[str, Any] = file.result
    return ImportOutcome(
        tuple(result["created"]), tuple(result["updated"]), result["unchanged"], result["invited"]
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
        people[row.values["email"]] = _or_refuse(
            row, preview, lambda values=values: user_create(**values, actor=actor)
        )
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


def _or_refuse(row: RowPlan, preview: Preview[RowPlan], do: Any) -> Any:
    """Return what a service returns; what it refuses (something changed since the rows were read) refuses the file."""
    try:
        return do()
    except AccountsRefused as refused:
        row.complain("", str(refused))
        raise RowsRefused(preview) from refused
