"""Making records and changing them."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, transaction
from django.db.models import F, ForeignKey, sql
from django.utils.translation import gettext as _

from foundation.accounts.models import User
from foundation.records.models import Record
from foundation.records.plain import plain
from foundation.registry import RecordKind, registry
from foundation.trail.services import EntryDraft, entries_write, entry_write

R = TypeVar("R", bound=Record)
AT_ONCE = 500
KEPT_AT_CREATION = ("title", "owner", "unit", "confidentiality")


class StaleRecord(Exception):
    """The record was changed by another since it was read; both versions are kept for showing."""

    def __init__(self, record: Record) -> None:
        super().__init__(
            _("%(reference)s was changed by someone else meanwhile.") % {"reference": record.reference}
        )
        self.record = record


class FieldsRefused(Exception):
    """What was to be written can't be so; `errors` maps the fields' names ("" for all of it) to what is wrong with them.

    A reason alone is one for all of it. The one shape of what services refuse: `RecordFormPage` shows it beside the fields.
    """

    def __init__(self, errors: Mapping[str, str] | str) -> None:
        self.errors = dict(errors) if isinstance(errors, Mapping) else {"": errors}
        super().__init__(" ".join(self.errors.values()))


def reference_take(*, prefix: str) -> str:
    """Return the next reference under a prefix, such as `AUD-0016`; see `references_take()`."""
    return references_take(prefix=prefix, count=1)[0]


def references_take(*, prefix: str, count: int) -> list[str]:
    """Return the next references under a prefix.

    The counter's row stays locked until the transaction ends, and a rollback gives the numbers back:
    no gaps, no races, one writer of a kind at a time. Must be called inside a transaction.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO records_referencecounter (prefix, last) VALUES (%(prefix)s, %(count)s)"
            " ON CONFLICT (prefix) DO UPDATE SET last = records_referencecounter.last + %(count)s RETURNING last",
            {"prefix": prefix, "count": count},
        )
        (last,) = cursor.fetchone()
    return [f"{prefix}-{number:04d}" for number in range(last - count + 1, last + 1)]


@transaction.atomic
def record_create(*, record: R, kind: str, actor: User | None, state: str, verb: str = "created") -> R:
    """Save a new record of a kind under its next reference, and write `<app>.<kind>.created` (or another verb) to the trail."""
    records_create(records=[record], kind=kind, actor=actor, state=state, verb=verb)
    return record


@transaction.atomic
def records_create(
    *, records: Sequence[Record], kind: str, actor: User | None, state: str, verb: str = "created"
) -> None:
    """Save new records of one kind under the next references, in their order, and write each to the trail.

    `actor` None: the portal makes them by itself, on behalf of their owners. Five statements for each five hundred
    records.
    """
    for start in range(0, len(records), AT_ONCE):
        part = records[start : start + AT_ONCE]
        references = references_take(prefix=registry.get(RecordKind, kind).prefix, count=len(part))
        for record, reference in zip(part, references, strict=True):
            record.kind, record.state, record.reference = kind, state, reference
            record.created_by = actor or record.owner
        _rows_insert(part)
        entries_write(
            drafts=[
                EntryDraft(
                    action=f"{record._meta.app_label}.{kind}.{verb}",
                    actor=actor,
                    record=record,
                    after={name: plain(getattr(record, name)) for name in KEPT_AT_CREATION},
                )
                for record in part
            ]
        )


def _rows_insert(records: Sequence[Record]) -> None:
    """Insert the rows of records and of their kind's table; Django's `bulk_create` writes no child tables."""
    names = [field.attname for field in Record._meta.concrete_fields if not field.primary_key]
    parents = [Record(**{name: getattr(record, name) for name in names}) for record in records]
    for record, parent in zip(records, parents, strict=True):
        parent.specific_record = record
    Record.objects.bulk_create(parents)
    for record, parent in zip(records, parents, strict=True):
        record.pk = record.id = parent.pk  # the child's own key, and the one that it inherits
        for name in names:
            setattr(record, name, getattr(parent, name))
    model = type(records[0])
    if model is not Record:
        query = sql.InsertQuery(model)
        query.insert_values(model._meta.local_concrete_fields, list(records))
        query.get_compiler(using=DEFAULT_DB_ALIAS).execute_sql()
    for record in records:
        record._state.adding, record._state.db = False, DEFAULT_DB_ALIAS


@transaction.atomic
def record_update(
    *, record: R, changes: dict[str, Any], actor: User | None, version: int, comment: str = ""
) -> R:
    """Change fields of a record that was read at `version`; raise StaleRecord when it has moved on.

    Writes `<app>.<kind>.changed` with the values before and after (see `foundation.records.plain`); a change of nothing
    writes nothing. `actor` None: the portal does it by itself.
    """
    locked = type(record)._default_manager.select_for_update().get(pk=record.pk)
    if locked.version != version:
        raise StaleRecord(locked)
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for name, value in changes.items():
        if not _is_same(locked, name, value):
            before[name], after[name] = plain(getattr(locked, name)), plain(value)
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


def record_hold(record_id: int, *, alone: bool = False) -> None:
    """Keep a record as it is until the transaction ends, beside others who keep it so, or `alone`.

    Whoever writes what belongs to a record holds it first: then it can't move on meanwhile, and all lock in one order.
    """
    strength = "NO KEY UPDATE" if alone else "SHARE"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM records_record WHERE id = %s FOR {strength}", [record_id])  # noqa: S608 - ours


def record_touch(*, record: Record) -> None:
    """Count a change that was made beside the record's own fields (people, dates), so that stale edits are told."""
    Record.objects.filter(pk=record.pk).update(version=F("version") + 1)
    record.refresh_from_db(fields=["version"])


def _is_same(record: Record, name: str, value: Any) -> bool:
    """Compare a field without reading what it points to."""
    field = record._meta.get_field(name)
    if isinstance(field, ForeignKey):
        return bool(getattr(record, field.attname) == (value.pk if value is not None else None))
    return bool(getattr(record, name) == value)
