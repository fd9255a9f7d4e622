"""Who plays a part in a record."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from foundation.accounts.models import User
from foundation.records.models import Participant, Record
from foundation.records.plain import plain
from foundation.trail.services import EntryDraft, entries_write, entry_write


@transaction.atomic
def participants_set(*, record: Record, role: str, users: Iterable[User], actor: User | None) -> None:
    """Let exactly these people play a part in a record; who is added and removed goes to the trail. `actor` None: the portal."""
    wanted = {user.pk: user for user in users}
    kept = {part.user_id: part for part in record.participants.filter(role=role).select_related("user")}
    removed = [part for pk, part in kept.items() if pk not in wanted]
    added = [user for pk, user in wanted.items() if pk not in kept]
    if not removed and not added:
        return
    Participant.objects.filter(pk__in=[part.pk for part in removed]).delete()
    Participant.objects.bulk_create(Participant(record=record, role=role, user=user) for user in added)
    entry_write(
        action="records.participants.changed",
        actor=actor,
        record=record,
        before={role: _people(part.user for part in kept.values())},
        after={role: _people(wanted.values())},
    )


@transaction.atomic
def participants_name(*, record: Record, parts: Mapping[str, Iterable[User]], actor: User) -> None:
    """Name the people of a new record, by role, with one entry in the trail."""
    participants_name_all(named=[(record, parts)], actor=actor)


@transaction.atomic
def participants_name_all(
    *, named: Iterable[tuple[Record, Mapping[str, Iterable[User]]]], actor: User | None
) -> None:
    """Name the people of many new records, which nobody is named in yet; one entry in the trail for each record."""
    rows: list[Participant] = []
    drafts: list[EntryDraft] = []
    for record, parts in named:
        people = {role: list(dict.fromkeys(users)) for role, users in parts.items()}
        rows += [
            Participant(record_id=record.pk, role=role, user=user)
            for role, users in people.items()
            for user in users
        ]
        after = {role: _people(users) for role, users in people.items() if users}
        if after:
            drafts.append(
                EntryDraft(action="records.participants.changed", actor=actor, record=record, after=after)
            )
    Participant.objects.bulk_create(rows, batch_size=1_000)
    entries_write(drafts=drafts)


def _people(users: Iterable[User]) -> list[Any]:
    return [plain(user) for user in sorted(users, key=lambda user: (user.full_name, user.pk))]
