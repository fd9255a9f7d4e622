"""The trail in a pack: the entries concerned, and the links of the chain of seals from a checkpoint before to one after.

Of entries that are not concerned, or that the reader may not read, the chain has the number and the digest alone: enough to
compute it again, and nothing of what they say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain, pairwise
from typing import IO, Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from duties.packs.archive import PackArchive
from duties.packs.scope import Scope, entries_concerned
from duties.packs.signing import pem_of, public_key
from foundation.records.selectors import entries_unkept
from foundation.trail.checkpoints import Statement
from foundation.trail.digests import FORMAT, START, SealedEntry, canonical, instant, sealed_entries
from foundation.trail.keys import fingerprint, public_keys
from foundation.trail.models import Checkpoint, Entry, Seal, Waiting
from foundation.trail.services import seal_entries

PAGE = 2_000
MOST_WAITS = 30
Clock = Callable[[], datetime]


class NotSealed(Exception):
    """The trail could not be sealed up to what a pack speaks of; the message is for people."""


@dataclass
class Stretch:
    """The part of the chain that a pack holds: after `start` (nothing: from the first link on) up to `end`."""

    start: Statement | None
    end: Statement
    entries: int = 0
    links: int = 0
    left_out: int = 0

    @property
    def start_position(self) -> int:
        """Return the position after which it begins."""
        return self.start.position if self.start else 0

    @property
    def start_digest(self) -> str:
        """Return the chain's digest there."""
        return self.start.chain_digest if self.start else START

    @property
    def total(self) -> int:
        """Return how many links it has."""
        return self.end.position - self.start_position


def sealed_until(*, clock: Clock, pause: Callable[[float], None]) -> Statement:
    """Seal what waits, and return the checkpoint that vouches for all that was committed by now.

    Where another process is sealing, waits for it, `pause` by `pause`. Raises NotSealed when that takes a minute.
    """
    newest = Waiting.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    for _attempt in range(MOST_WAITS):
        seal_entries(now=clock())
        waiting = Waiting.objects.filter(pk__lte=newest)
        left = Entry.objects.filter(
            pk__in=waiting.values("pk")
        ).exists()  # who removed one is told by verify_trail
        checkpoint = Checkpoint.objects.order_by("-position", "-pk").first()
        last = Seal.objects.order_by("-position").values_list("position", flat=True).first()
        if not left and checkpoint and checkpoint.position >= (last or 0):
            return Statement.of(checkpoint)
        pause(2.0)
    raise NotSealed(
        _("The trail is being sealed by another process, and that takes too long. Try again later.")
    )


def stretch_for(keys: set[int], *, end: Statement) -> Stretch:
    """Return the part of the chain that holds all entries about some records; the end alone where there is none."""
    first = _first_position(keys)
    if first is None or first > end.position:
        return Stretch(end, end)
    known = public_keys()
    before = Checkpoint.objects.filter(
        position__lt=first, key_fingerprint__in={*known, fingerprint(public_key())}
    ).order_by("-position", "-pk")
    checkpoint = before.first()
    return Stretch(Statement.of(checkpoint) if checkpoint else None, end)


FIRST_POSITION = """
    SELECT min(seal.position) FROM trail_seal AS seal JOIN trail_entry AS entry ON entry.id = seal.entry_id
    WHERE entry.record_id = ANY(%s)
"""


def _first_position(keys: set[int]) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(FIRST_POSITION, [sorted(keys)])
        found: int | None = cursor.fetchone()[0]
    return found


def chain_write(
    archive: PackArchive,
    stretch: Stretch,
    *,
    scope: Scope,
    keys: set[int],
    activities: set[int],
    spool: IO[bytes],
    told: Callable[[int], None],
) -> None:
    """Write the links, the entries, the checkpoints and the keys into the archive.

    Of the two long files only one can be written at a time: entries are put into `spool`, a temporary file, meanwhile.
    """
    with archive.member("chain.txt") as member:
        member.write(f"{stretch.start_position} {stretch.start_digest}\n".encode())
        position = stretch.start_position
        while page := list(
            Seal.objects.filter(position__gt=position, position__lte=stretch.end.position).order_by(
                "position"
            )[:PAGE]
        ):
            shown = _shown(scope, page, keys, activities, stretch)
            member.write(b"".join(_link(seal, seal.entry_id in shown) for seal in page))
            _entries_write(spool, {seal.entry_id: seal.position for seal in page if seal.entry_id in shown})
            stretch.links += len(page)
            stretch.entries += len(shown)
            position = page[-1].position
            told(stretch.links)
    spool.seek(0)
    archive.add("trail.jsonl", iter(lambda: spool.read(1024 * 1024), b""))
    archive.add("checkpoints.jsonl", b"".join(_checkpoints(stretch)))
    _keys_write(archive, stretch)


def _link(seal: Seal, is_shown: bool) -> bytes:
    return f"{seal.position} {seal.entry_id} {seal.entry_digest}{' +' if is_shown else ''}\n".encode()


def _shown(
    scope: Scope, page: list[Seal], keys: set[int], activities: set[int], stretch: Stretch
) -> set[int]:
    """Return the entries of a page of links that the pack shows, and count those that it may not."""
    concerned = entries_concerned(scope, keys, activities, [seal.entry_id for seal in page])
    if not concerned:
        return set()
    readable = entries_unkept(Entry.objects.filter(pk__in=concerned), scope.reader)
    shown = set(readable.values_list("pk", flat=True))
    stretch.left_out += len(concerned) - len(shown)
    return shown


def _entries_write(spool: IO[bytes], positions: dict[int, int]) -> None:
    """Write entries as their seals fixed them, in the order of the chain."""
    for entry in sorted(sealed_entries(positions), key=lambda entry: positions[entry.id]):
        spool.write(canonical({"entry": entry_columns(entry), "position": positions[entry.id]}) + b"\n")


def entry_columns(entry: SealedEntry) -> dict[str, Any]:
    """Return what an entry's digest is made of."""
    return {**vars(entry), "at": instant(entry.at), "format": FORMAT}


def _checkpoints(stretch: Stretch) -> Iterator[bytes]:
    """Yield the checkpoint that the stretch begins at, the last of each day, and the one that it ends at."""
    if stretch.start and stretch.start != stretch.end:
        yield stretch.start.line.encode()
    rows = Checkpoint.objects.filter(
        position__gt=stretch.start_position,
        position__lt=stretch.end.position,
        key_fingerprint__in=public_keys(),
    ).order_by("position", "pk")
    between = map(Statement.of, rows.iterator(chunk_size=PAGE))
    for one, following in pairwise(chain(between, (stretch.end,))):
        if _day(one) != _day(following) and one.position != following.position:
            yield one.line.encode()
    yield stretch.end.line.encode()


def _day(checkpoint: Statement) -> date:
    return timezone.localdate(checkpoint.signed_at)


def _keys_write(archive: PackArchive, stretch: Stretch) -> None:
    """Write the key that packs are signed with, and those that signed earlier checkpoints."""
    own = public_key()
    archive.add("public_key.pem", pem_of(own))
    for name, key in public_keys().items():
        if name != fingerprint(own):
            archive.add(f"earlier_keys/{name[:16]}.pem", pem_of(key))
