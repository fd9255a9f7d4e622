"""Sealing: entries become links of the hash chain, and the chain's length and digest are signed."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import connection, transaction

from foundation.trail.checkpoints import Statement, checkpoint_file, publish_checkpoints
from foundation.trail.digests import START, chain_digest, sealed_entries
from foundation.trail.keys import fingerprint, signing_key
from foundation.trail.models import Checkpoint, Seal, Waiting
from foundation.trail.selectors import latest_checkpoint

SEAL_LOCK = 7_300_001
"""The number of the advisory lock that lets one process at a time lengthen the chain."""

SIGN_IDLE_EVERY = timedelta(hours=24)
"""How often it is signed that nothing was added, so that nothing can be slipped into a quiet time later."""


@dataclass(frozen=True)
class Batch:
    """What one transaction of the sealing did: how many entries, up to which number, and whether any are left."""

    sealed: int
    up_to: int
    left: bool


def seal_entries(*, now: datetime, batch: int = 2000) -> int:
    """Seal every entry that is visible and not sealed yet, sign the chain, and let the checkpoint leave the database.

    Entries are taken in the order of their numbers, `batch` a transaction; an entry of a transaction that commits
    late is sealed then. Where another process is sealing, does nothing. Returns how many were sealed. `now` must be
    read before the call: the checkpoint vouches for what was committed by then.
    """
    sealed = up_to = 0
    left = True
    while left:
        done = _seal_batch(after=up_to, batch=batch)
        if done is None:
            return sealed
        sealed, up_to, left = sealed + done.sealed, done.up_to, done.left
    checkpoint_sign(now=now)
    publish_checkpoints(checkpoint_file())
    return sealed


@transaction.atomic
def checkpoint_sign(*, now: datetime) -> Checkpoint | None:
    """Sign the chain as it stands, if it has grown since it was signed last, or a day has gone by.

    To be called when nothing waits that was committed before `now`. Raises ImproperlyConfigured for an unreadable key.
    """
    _wait_for_lock()
    end = Seal.objects.order_by("-position").first()
    last = latest_checkpoint()
    if end is None or (last and last.position >= end.position and now - last.signed_at < SIGN_IDLE_EVERY):
        return None
    key = signing_key()
    statement = Statement(
        position=end.position,
        entry_id=end.entry_id,
        chain_digest=end.chain_digest,
        signed_at=now,
        key_fingerprint=fingerprint(key.public_key()),
    )
    statement = replace(statement, signature=statement.signed_by(key))
    return Checkpoint.objects.create(
        position=statement.position,
        entry_id=statement.entry_id,
        chain_digest=statement.chain_digest,
        signed_at=statement.signed_at,
        key_fingerprint=statement.key_fingerprint,
        signature=statement.signature,
    )


@transaction.atomic
def _seal_batch(*, after: int, batch: int) -> Batch | None:
    """Seal the next entries that wait; return None when another process is sealing.

    Asks by number alone, so the cost is that of the batch. What was queued but is gone stays queued, for
    `verify_trail` to tell; what was queued again is not sealed twice.
    """
    if not _try_lock():
        return None
    waiting = list(Waiting.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:batch])
    sealed_before = set(Seal.objects.filter(entry_id__in=waiting).values_list("entry_id", flat=True))
    end = Seal.objects.order_by("-position").values_list("position", "chain_digest").first()
    position, digest = end or (0, START)
    seals = []
    for entry in sealed_entries(set(waiting) - sealed_before):
        position += 1
        entry_digest = entry.digest
        digest = chain_digest(
            previous=digest, position=position, entry_id=entry.id, entry_digest=entry_digest
        )
        seals.append(
            Seal(position=position, entry_id=entry.id, entry_digest=entry_digest, chain_digest=digest)
        )
    Seal.objects.bulk_create(seals)
    Waiting.objects.filter(pk__in=sealed_before.union(seal.entry_id for seal in seals)).delete()
    return Batch(sealed=len(seals), up_to=waiting[-1] if waiting else after, left=len(waiting) == batch)


def _try_lock() -> bool:
    """Take the sealing's lock until the transaction ends, unless another process has it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [SEAL_LOCK])
        return bool(cursor.fetchone()[0])


def _wait_for_lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEAL_LOCK])
