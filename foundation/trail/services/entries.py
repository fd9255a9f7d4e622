"""Writing entries."""

from typing import Any, Protocol

from foundation.trail.context import current_origin
from foundation.trail.models import Entry


class Actor(Protocol):
    """Who did it: any object with a primary key and a full name."""

    pk: Any
    full_name: str


class Subject(Protocol):
    """The record that a fact is about."""

    pk: Any
    kind: str
    reference: str
    title: str


def entry_write(
    *,
    action: str,
    actor: Actor | None,
    record: Subject | None = None,
    subject: str = "",
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    comment: str = "",
) -> Entry:
    """Write one entry, named `app.object.verb`, in the transaction of the fact.

    `actor` None means the portal itself. `before` and `after` hold plain JSON values.
    """
    origin = current_origin()
    return Entry.objects.create(
        action=action,
        actor_id=actor.pk if actor else None,
        actor_name=actor.full_name if actor else "",
        record_id=record.pk if record else None,
        record_kind=record.kind if record else "",
        record_reference=record.reference if record else "",
        subject=(subject or (record.title if record else ""))[:300],
        before=before or {},
        after=after or {},
        comment=comment,
        ip_address=origin.ip_address,
        request_id=origin.request_id,
    )
