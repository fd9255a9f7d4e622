"""Writing entries."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

from foundation.trail.context import Origin, current_origin
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


@dataclass(frozen=True, kw_only=True)
class EntryDraft:
    """A fact to be written: `actor` None means the portal itself; `before` and `after` hold plain JSON values."""

    action: str
    actor: Actor | None
    record: Subject | None = None
    subject: str = ""
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    comment: str = ""

    def entry(self, origin: Origin) -> Entry:
        """Return the entry, not saved yet, as it comes from where the current code acts."""
        record = self.record
        return Entry(
            action=self.action,
            actor_id=self.actor.pk if self.actor else None,
            actor_name=self.actor.full_name if self.actor else "",
            record_id=record.pk if record else None,
            record_kind=record.kind if record else "",
            record_reference=record.reference if record else "",
            subject=(self.subject or (record.title if record else ""))[:300],
            before=self.before,
            after=self.after,
            comment=self.comment,
            ip_address=origin.ip_address,
            request_id=origin.request_id,
        )


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
    draft = EntryDraft(
        action=action,
        actor=actor,
        record=record,
        subject=subject,
        before=before or {},
        after=after or {},
        comment=comment,
    )
    entry = draft.entry(current_origin())
    entry.save(force_insert=True)
    return entry


def entries_write(*, drafts: Iterable[EntryDraft]) -> None:
    """Write many entries, in their order, by one statement for each thousand."""
    origin = current_origin()
    Entry.objects.bulk_create((draft.entry(origin) for draft in drafts), batch_size=1_000)
