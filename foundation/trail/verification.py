"""Proving the trail: every entry against its seal, every seal against the one before, the chain against what was signed.

Three passes, each reading in pages, so memory stays the same however long the trail: the chain from its first link,
the checkpoints of each source, and the entries without a seal. Nothing is trusted that the others do not bear out; what
was signed, and what is kept outside the database, decides. Nothing is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import islice
from pathlib import Path

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from foundation.trail.checkpoints import Statement, read_statements
from foundation.trail.digests import START, SealedEntry, chain_digest, instant, sealed_entries
from foundation.trail.keys import PublicKeys
from foundation.trail.models import Checkpoint, Entry, Seal, Waiting
from foundation.trail.selectors import latest_checkpoint

PAGE = 2000

LONGEST_TRANSACTION = timedelta(hours=6)
"""How long a transaction may honestly run, and so how much older an entry may be than those sealed before it."""

CLOCK_SLACK = timedelta(minutes=5)
"""How far the machine's clock may be set back."""


class Fault(StrEnum):
    """What is wrong with the trail."""

    EDITED = "edited"
    REMOVED = "removed"
    INSERTED = "inserted"
    UNSEALED = "unsealed"
    SEAL_ALTERED = "seal-altered"
    SEAL_REMOVED = "seal-removed"
    CUT_OFF = "cut-off"
    REWRITTEN = "rewritten"
    CHECKPOINT_REMOVED = "checkpoint-removed"
    BAD_SIGNATURE = "bad-signature"
    UNKNOWN_KEY = "unknown-key"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Problem:
    """Something that an honest trail doesn't have; `entry_id` names the entry where one can be named."""

    fault: Fault
    message: str
    entry_id: int | None = None
    position: int | None = None


@dataclass
class Tally:
    """What was looked at."""

    entries: int = 0
    position: int = 0
    waiting: int = 0
    checkpoints: int = 0
    files: int = 0
    longest_wait: timedelta = timedelta(0)
    longest_wait_entry: int | None = None
    links_lost: bool = False


@dataclass(frozen=True)
class Known:
    """What the verifier was given: keys, files of checkpoints, and chain digests that someone wrote down."""

    keys: PublicKeys
    files: tuple[Path, ...] = ()
    expected: tuple[tuple[int, str], ...] = ()


def verify(*, known: Known, tally: Tally) -> Iterator[Problem]:
    """Yield what is wrong with the trail, counting in `tally` what was looked at. Raises OSError for unreadable files."""
    yield from _Walk(tally).problems()
    yield from _Source(known, tally, _("in the database")).problems(
        Statement.of(row) for row in Checkpoint.objects.order_by("pk").iterator(chunk_size=PAGE)
    )
    for path in known.files:
        tally.files += 1
        unreadable: list[Problem] = []
        yield from _Source(known, tally, str(path), is_outside=True).problems(_readable(path, unreadable))
        yield from unreadable
    yield from _expected_digests(known)
    yield from _entries_without_seal(tally)


@dataclass
class _Walk:
    """The pass along the chain, from its first link to its last."""

    tally: Tally
    previous: str = START
    position: int = 0
    newest_at: datetime | None = None
    top_id: int = 0
    top_sealed_at: datetime | None = None
    vouched_at: datetime | None = None

    def problems(self) -> Iterator[Problem]:
        """Yield what is wrong along the chain."""
        links = Seal.objects.order_by("position")
        page = list(links[:PAGE])
        while page:
            entries = {entry.id: entry for entry in sealed_entries(seal.entry_id for seal in page)}
            signed = Checkpoint.objects.filter(
                position__gte=page[0].position - 1, position__lt=page[-1].position
            ).order_by("position", "signed_at")
            checkpoints = list(signed.values_list("position", "signed_at"))
            for seal in page:
                while checkpoints and checkpoints[0][0] < seal.position:
                    self._vouch(checkpoints.pop(0)[1])
                yield from self._link(seal, entries.get(seal.entry_id))
            page = list(links.filter(position__gt=self.position)[:PAGE])
        self.tally.position = self.position

    def _vouch(self, signed_at: datetime) -> None:
        self.vouched_at = max(self.vouched_at or signed_at, signed_at)

    def _link(self, seal: Seal, entry: SealedEntry | None) -> Iterator[Problem]:
        skipped = seal.position > self.position + 1
        if skipped:
            self.tally.links_lost = True
            yield Problem(
                Fault.SEAL_REMOVED,
                _("The seals from position %(first)s to %(last)s are missing.")
                % {"first": self.position + 1, "last": seal.position - 1},
                position=self.position + 1,
            )
        digest = entry.digest if entry else None
        holds = skipped or self._chained(seal, seal.entry_digest) == seal.chain_digest
        is_as_sealed = not holds and digest and self._chained(seal, digest) == seal.chain_digest
        if not holds:
            yield Problem(
                Fault.SEAL_ALTERED,
                _("The seal of entry %(entry)s, at position %(position)s, does not follow from the one before: "
                  "it was altered or put there.") % {"entry": seal.entry_id, "position": seal.position},
                seal.entry_id,
                seal.position,
            )  # fmt: skip
        if entry is None:
            yield Problem(
                Fault.REMOVED,
                _("Entry %(entry)s, sealed on %(when)s at position %(position)s, was removed.")
                % {"entry": seal.entry_id, "when": instant(seal.sealed_at), "position": seal.position},
                seal.entry_id,
                seal.position,
            )
        else:
            self.tally.entries += 1
            if digest != seal.entry_digest and not is_as_sealed:
                yield Problem(
                    Fault.EDITED,
                    _("%(entry)s was edited after it was sealed on %(when)s at position %(position)s.")
                    % {"entry": _named(entry), "when": instant(seal.sealed_at), "position": seal.position},
                    entry.id,
                    seal.position,
                )
            else:
                yield from self._time_of(entry, seal)
        self.previous, self.position = seal.chain_digest, seal.position

    def _chained(self, seal: Seal, entry_digest: str) -> str | None:
        """Return the chain digest that the link should have; None for values that no link can have."""
        try:
            return chain_digest(
                previous=self.previous,
                position=seal.position,
                entry_id=seal.entry_id,
                entry_digest=entry_digest,
            )
        except (ValueError, OverflowError):
            return None

    def _time_of(self, entry: SealedEntry, seal: Seal) -> Iterator[Problem]:
        """Tell an entry that was sealed honestly, but written later than it claims."""
        before = max(filter(None, (self.newest_at, self.vouched_at)), default=entry.at)
        reason = ""
        if entry.at < before - LONGEST_TRANSACTION:
            reason = _("the chain had reached %(when)s without it") % {"when": instant(before)}
        elif entry.at > seal.sealed_at + CLOCK_SLACK:
            reason = _("it was sealed before, on %(when)s") % {"when": instant(seal.sealed_at)}
        elif self.top_sealed_at and entry.id < self.top_id and entry.at > self.top_sealed_at + CLOCK_SLACK:
            reason = _("its number was passed by %(when)s") % {"when": instant(self.top_sealed_at)}
        if reason:
            yield Problem(
                Fault.INSERTED,
                _("%(entry)s was slipped in: it claims to be of %(at)s, but %(reason)s.")
                % {"entry": _named(entry), "at": instant(entry.at), "reason": reason},
                entry.id,
                seal.position,
            )
            return
        self.newest_at = max(self.newest_at or entry.at, entry.at)
        if entry.id > self.top_id:
            self.top_id, self.top_sealed_at = entry.id, seal.sealed_at
        if seal.sealed_at - entry.at > self.tally.longest_wait:
            self.tally.longest_wait = seal.sealed_at - entry.at
            self.tally.longest_wait_entry = entry.id


@dataclass
class _Source:
    """The pass along the checkpoints of one source."""

    known: Known
    tally: Tally
    name: str
    is_outside: bool = False
    last_good: Statement | None = None
    beyond: Statement | None = field(default=None)

    def problems(self, statements: Iterable[Statement]) -> Iterator[Problem]:
        remaining = iter(statements)
        while page := list(islice(remaining, PAGE)):
            seals = Seal.objects.in_bulk({statement.position for statement in page})
            kept = self._kept(page) if self.is_outside else None
            for statement in page:
                self.tally.checkpoints += 1
                yield from self._signature(statement)
                yield from self._position(statement, seals.get(statement.position))
                if kept is not None and statement.signature not in kept:
                    yield Problem(
                        Fault.CHECKPOINT_REMOVED,
                        _("The checkpoint of position %(position)s, signed on %(when)s, stands in %(source)s but is no "
                          "longer in the database.") % self._words(statement),
                        statement.entry_id,
                        statement.position,
                    )  # fmt: skip
        if self.beyond:
            self.tally.links_lost = True
            yield self._cut_off(self.beyond)

    def _kept(self, page: list[Statement]) -> set[str]:
        rows = Checkpoint.objects.filter(position__in={statement.position for statement in page})
        return set(rows.values_list("signature", flat=True))

    def _signature(self, statement: Statement) -> Iterator[Problem]:
        key = self.known.keys.get(statement.key_fingerprint)
        if key is None:
            yield Problem(
                Fault.UNKNOWN_KEY,
                _(
                    "The checkpoint of position %(position)s %(source)s is signed with the unknown key %(key)s."
                )
                % self._words(statement),
                position=statement.position,
            )
        elif not statement.holds(key):
            yield Problem(
                Fault.BAD_SIGNATURE,
                _(
                    "The checkpoint of position %(position)s %(source)s does not bear out its signature: it was forged."
                )
                % self._words(statement),
                position=statement.position,
            )

    def _position(self, statement: Statement, seal: Seal | None) -> Iterator[Problem]:
        if seal is None:
            if self.beyond is None or statement.position > self.beyond.position:
                self.beyond = statement
        elif seal.chain_digest == statement.chain_digest and seal.entry_id == statement.entry_id:
            self.last_good = statement
        else:
            after = self.last_good.position if self.last_good else 0
            yield Problem(
                Fault.REWRITTEN,
                _("The chain is not the one that was signed: at position %(position)s it held entry %(entry)s on %(when)s, "
                  "and another digest (checkpoint %(source)s). It was written anew somewhere after position %(after)s.")
                % {**self._words(statement), "after": after},
                statement.entry_id,
                statement.position,
            )  # fmt: skip

    def _cut_off(self, statement: Statement) -> Problem:
        end = self.tally.position
        if statement.position <= end:
            return Problem(
                Fault.SEAL_REMOVED,
                _("Position %(position)s, which a checkpoint %(source)s signed on %(when)s for entry %(entry)s, is "
                  "missing.") % self._words(statement),
                statement.entry_id,
                statement.position,
            )  # fmt: skip
        return Problem(
            Fault.CUT_OFF,
            _("The end of the chain was cut off: it ends at position %(end)s, but a checkpoint %(source)s, signed on "
              "%(when)s, says that it reached position %(position)s with entry %(entry)s.")
            % {**self._words(statement), "end": end},
            statement.entry_id,
            statement.position,
        )  # fmt: skip

    def _words(self, statement: Statement) -> dict[str, object]:
        return {
            "position": statement.position,
            "entry": statement.entry_id,
            "when": instant(statement.signed_at),
            "key": statement.key_fingerprint[:16],
            "source": self.name,
        }


def _readable(path: Path, problems: list[Problem]) -> Iterator[Statement]:
    """Yield a file's checkpoints; note its unreadable lines, a torn last line among them."""
    unreadable = 0
    for number, statement in read_statements(path):
        if statement:
            yield statement
            continue
        unreadable += 1
        if unreadable <= PAGE:
            problems.append(
                Problem(
                    Fault.UNREADABLE,
                    _("Line %(line)s of %(file)s is no checkpoint.") % {"line": number, "file": path},
                )
            )


def _expected_digests(known: Known) -> Iterator[Problem]:
    """Compare the chain with digests that were written down elsewhere, such as in a mail."""
    for position, digest in known.expected:
        seal = Seal.objects.filter(position=position).first()
        if seal is None or seal.chain_digest != digest.lower():
            words = {
                "position": position,
                "digest": digest,
                "found": seal.chain_digest if seal else _("nothing"),
            }
            yield Problem(
                Fault.REWRITTEN if seal else Fault.CUT_OFF,
                _("Position %(position)s should have the digest %(digest)s, but there is %(found)s.") % words,
                seal.entry_id if seal else None,
                position,
            )


def _entries_without_seal(tally: Tally) -> Iterator[Problem]:
    """Tell entries that are in no seal and don't wait for one, or wait for too long; and those removed while waiting."""
    checkpoint = latest_checkpoint()
    unsealed = (
        Entry.objects.filter(~Exists(Seal.objects.filter(entry_id=OuterRef("pk"))))
        .annotate(is_queued=Exists(Waiting.objects.filter(entry_id=OuterRef("pk"))))
        .order_by("pk")
        .values_list("pk", "at", "action", "record_reference", "is_queued")
    )
    for entry_id, at, action, reference, is_queued in unsealed.iterator(chunk_size=PAGE):
        name = _name(entry_id, action, reference)
        if not is_queued and tally.links_lost:
            yield Problem(Fault.UNSEALED, _("%s has lost its seal, or was slipped in.") % name, entry_id)
        elif not is_queued:
            yield Problem(
                Fault.INSERTED,
                _("%s was slipped in past the portal: no seal holds it, and it does not wait for one.")
                % name,
                entry_id,
            )
        elif checkpoint and at < checkpoint.signed_at - LONGEST_TRANSACTION:
            yield Problem(
                Fault.INSERTED,
                _(
                    "%(entry)s was slipped in: it claims to be of %(at)s, but the chain was signed without it on %(when)s."
                )
                % {"entry": name, "at": instant(at), "when": instant(checkpoint.signed_at)},
                entry_id,
            )
        else:
            tally.waiting += 1
    gone = Waiting.objects.filter(~Exists(Entry.objects.filter(pk=OuterRef("entry_id"))))
    for entry_id in gone.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=PAGE):
        yield Problem(Fault.REMOVED, _("Entry %s was removed before it was sealed.") % entry_id, entry_id)


def _named(entry: SealedEntry) -> str:
    return _name(entry.id, entry.action, entry.record_reference)


def _name(entry_id: int, action: str, reference: str) -> str:
    return _("Entry %(entry)s (%(what)s)") % {
        "entry": entry_id,
        "what": " ".join(filter(None, (action, reference))),
    }
