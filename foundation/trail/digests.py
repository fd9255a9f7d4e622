"""What a seal fixes: the digest of an entry, and the digest that chains it to all before.

An entry's digest is the SHA-256 of a canonical JSON of all its columns: keys sorted, no blanks, text as UTF-8, instants
as ISO 8601 in UTC with microseconds, `before` and `after` as the text that PostgreSQL gives for the stored value (so that
not even `1.0` may become `1.00`). A column that is added later needs a new format number, kept beside the seal.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import TextField
from django.db.models.functions import Cast

from foundation.trail.models import Entry

FORMAT = 1
START = "0" * 64
"""What stands before the first link of the chain."""


@dataclass(frozen=True, kw_only=True)
class SealedEntry:
    """All columns of an entry, as its digest takes them."""

    id: int
    at: datetime
    action: str
    actor_id: int | None
    actor_name: str
    record_id: int | None
    record_kind: str
    record_reference: str
    subject: str
    before: str
    after: str
    comment: str
    ip_address: str | None
    request_id: str

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the canonical JSON, in hexadecimal."""
        columns = {**vars(self), "at": instant(self.at), "format": FORMAT}
        return hashlib.sha256(canonical(columns)).hexdigest()


def sealed_entries(entry_ids: Iterable[int]) -> Iterator[SealedEntry]:
    """Yield the entries with these numbers, in the order of their numbers."""
    rows = (
        Entry.objects.filter(pk__in=list(entry_ids))
        .order_by("pk")
        .values_list(
            "id",
            "at",
            "action",
            "actor_id",
            "actor_name",
            "record_id",
            "record_kind",
            "record_reference",
            "subject",
            Cast("before", TextField()),
            Cast("after", TextField()),
            "comment",
            "ip_address",
            "request_id",
        )
    )
    names = tuple(SealedEntry.__dataclass_fields__)
    for row in rows:
        yield SealedEntry(**dict(zip(names, row, strict=True)))


def chain_digest(*, previous: str, position: int, entry_id: int, entry_digest: str) -> str:
    """Return SHA-256 of the previous chain digest, the position, the entry's number and its digest.

    Digests go in as 32 bytes, numbers as 8 bytes with the highest first, so no two links read the same.
    """
    link = bytes.fromhex(previous) + position.to_bytes(8) + entry_id.to_bytes(8) + bytes.fromhex(entry_digest)
    return hashlib.sha256(link).hexdigest()


def canonical(values: dict[str, object]) -> bytes:
    """Return a JSON object in the one form that digests and signatures are made of."""
    return json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def instant(at: datetime) -> str:
    """Return an instant as ISO 8601 in UTC, always with microseconds."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")
