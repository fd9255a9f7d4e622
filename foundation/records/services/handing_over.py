"""Records and parts in them go to someone else when a person leaves."""

from datetime import datetime

from foundation.accounts.models import User
from foundation.records.choices import Confidentiality
from foundation.records.models import Record
from foundation.records.selectors import (
    parts_taken,
    records_owned,
    specific,
    successors_for,
)
from foundation.records.services.participants import participants_set
from foundation.records.services.records import record_update
from foundation.registry import OwnerChange, registry


def owned_hand_over(*, person: User, to: User, actor: User, now: datetime) -> int:
    """Give the records that a person owns another owner, and return how many; see `successors_for` and `OwnerChange`.

    Must be called inside a transaction.
    """
    records = list(records_owned(person))
    successors = successors_for(records, person=person, to=to, now=now)
    for record in records:
        owner = successors[record.pk]
        if change := registry.find(OwnerChange, record.kind):
            change.give(record=specific(record), to=owner, leaving=person, actor=actor, now=now)
        else:
            changes = {"owner": owner}
            record_update(record=specific(record), changes=changes, actor=actor, version=record.version)
    return len(records)


def parts_hand_over(*, person: User, to: User, actor: User, now: datetime) -> int:
    """Let another play a person's parts in records, and return in how many; must be called inside a transaction.

    Nobody is named in a restricted record by this: being named opens it, and that is for who owns it to decide.
    """
    parts = list(parts_taken(person).exclude(record__confidentiality=Confidentiality.RESTRICTED))
    records: dict[int, Record] = {}
    for part in parts:
        record = records.setdefault(part.record_id, part.record)
        playing = [kept.user for kept in record.participants.filter(role=part.role).select_related("user")]
        users = [one for one in playing if one.pk != person.pk]
        participants_set(record=record, role=part.role, users=[*users, to], actor=actor)
    return len(records)
