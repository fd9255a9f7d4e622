"""Making records and changing them."""

from collections.abc import Iterable
from typing import Any, TypeVar

from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from foundation.accounts.models import User
from foundation.records.models import Participant, Record
from foundation.registry import RecordKind, registry
from foundation.trail.services import entry_write

R = TypeVar("R", bound=Record)


class StaleRecord(Exception):
    """The record was changed by another since it was read; both versions are kept for showing."""

    def __init__(self, record: Record) -> None:
        super().__init__(
            _("%(reference)s was changed by someone else meanwhile.") % {"reference": record.reference}
        )
        self.record = record


def reference_take(*, prefix: str) -> str:
    """Return the next reference under a prefix, such as `AUD-0016`.

    The counter's row stays locked until the transaction ends, and a rollback gives the number back:
    no gaps, no races, one writer of a kind at a time. Must be called inside a transaction.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO records_referencecounter (prefix, last) VALUES (%s, 1)"
            " ON CONFLICT (prefix) DO UPDATE SET last = records_referencecounter.last + 1 RETURNING last",
            [prefix],
        )
        (number,) = cursor.fetchone()
    return f"{prefix}-{number:04d}"


@transaction.atomic
def record_create(*, record: R, kind: str, actor: User, state: str) -> R:
    """Save a new record of a kind under its next reference, and write `<app>.<kind>.created` to the trail."""
    entry = registry.get(RecordKind, kind)
    record.kind = kind
    record.state = state
    record.created_by = actor
    record.reference = reference_take(prefix=entry.prefix)
    record.save(force_insert=True)
    entry_write(
        action=f"{record._meta.app_label}.{kind}.created",
        actor=actor,
        record=record,
        after={"title": record.title},
    )
    return record


@transaction.atomic
def record_update(*, record: R, changes: dict[str, Any], actor: User, version: int, comment: str = "") -> R:
    """Change fields of a record that was read at `version`; raise StaleRecord when it has moved on.

    Writes `<app>.<kind>.changed` with the values before and after; a change of nothing writes nothing.
    """
    locked = type(record)._default_manager.select_for_update().get(pk=record.pk)
    if locked.version != version:
        raise StaleRecord(locked)
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for name, value in changes.items():
        old = getattr(locked, name)
        if old != value:
            before[name], after[name] = _plain(old), _plain(value)
            setattr(locked, name, value)
    if not after:
        return locked
    locked.version += 1
    locked.save()
    entry_write(
        action=f"{locked._meta.app_label}.{locked.kind}.changed",
        actor=actor,
        record=locked,
        before=before,
        after=after,
        comment=comment,
    )
    return locked


def record_touch(*, record: Record) -> None:
    """Count a change that was made beside the record's own fields (people, dates), so that stale edits are told."""
    Record.objects.filter(pk=record.pk).update(version=F("version") + 1)
    record.refresh_from_db(fields=["version"])


@transaction.atomic
def participants_set(*, record: Record, role: str, users: Iterable[User], actor: User) -> None:
    """Let exactly these people play a part in a record; who is added and removed goes to the trail."""
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
        before={role: sorted(part.user.full_name for part in kept.values())},
        after={role: sorted(user.full_name for user in wanted.values())},
    )


def _plain(value: Any) -> Any:
    """Return a value as the trail keeps it: numbers, booleans and None as they are, everything else as text."""
    if value is None or isinstance(value, bool | int | float):
        return value
    return str(value)
