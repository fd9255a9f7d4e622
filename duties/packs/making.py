"""Making a pack: records and their files, the trail around them, the index, and what signs it all."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

from django.utils.translation import gettext as _

from duties.choices import PackPhase
from duties.models.packs import EvidencePack
from duties.packs.archive import PIECE, PackArchive
from duties.packs.chain import Clock, Stretch, chain_write, sealed_until, stretch_for
from duties.packs.evidence import evidence_write
from duties.packs.facts import Told, activities_told, plain_of, records_told, totals
from duties.packs.index import Index, index_documents
from duties.packs.readme import readme_text
from duties.packs.scope import Scope, pack_title
from duties.packs.signing import key_fingerprint, statement
from duties.packs.summary import PackFacts, Tally, manifest_of
from foundation.accounts.organisation import current_organisation

VERIFIER = Path(__file__).with_name("verify.py")
MOST_MANIFEST = 60 * 1024 * 1024  # what verify.py reads at once is a little more
MOST_MISSING = 500  # named on the pack's page; the manifest names all


class TooMuch(Exception):
    """A pack would hold more than can be checked; the message is for people."""


class Progress:
    """How far a pack is. `say` writes it down, and raises when the work is nobody's any more."""

    def __init__(self, say: Callable[..., None]) -> None:
        self.say = say
        self.written = self._said = 0

    def bytes_written(self, count: int) -> None:
        """Count what was written, and say so each 64 MB."""
        self.written += count
        if self.written - self._said >= 64 * PIECE:
            self._said = self.written
            self.say(bytes_done=self.written)


class Maker:
    """One making of a pack."""

    def __init__(
        self,
        pack: EvidencePack,
        target: IO[bytes],
        *,
        clock: Clock,
        pause: Callable[[float], None],
        progress: Progress,
        shown: Callable[[list[int], list[int]], None],
        folder: Path,
    ) -> None:
        self.pack, self.target, self.folder = pack, target, folder
        self.clock, self.pause, self.progress, self.shown = clock, pause, progress, shown
        self.at = clock()
        self.scope = Scope.of(pack, self.at)
        self.tally = Tally()
        self.index = Index()
        self.keys: set[int] = set()
        self.activities: set[int] = set()

    def make(self) -> dict[str, Any]:
        """Write the archive, and return what its page says of it."""
        with self._spool() as listing:
            archive = PackArchive(self.target, listing=listing, at=self.at, told=self.progress.bytes_written)
            try:
                return self._fill(archive)
            finally:
                archive.abandon()

    def _fill(self, archive: PackArchive) -> dict[str, Any]:
        self._records(archive)
        stretch = self._trail(archive)
        self.progress.say(phase=PackPhase.INDEX)
        for path, pdf in index_documents(self.index, self.facts(stretch), self.tally):
            archive.add(path, pdf)
            self.progress.say(bytes_done=self.progress.written)
        archive.add("verify.py", VERIFIER.read_bytes())
        archive.add("README.txt", readme_text(self.facts(stretch), self.tally).encode())
        self.progress.say(phase=PackPhase.STORING)
        summary = self._sign(archive, stretch)
        archive.finish()
        return summary

    def _spool(self) -> IO[bytes]:
        return TemporaryFile(dir=self.folder)

    def _records(self, archive: PackArchive) -> None:
        """Take in the files of all records, and what is said of them."""
        activities, records, self.tally.left_out = totals(self.scope)
        self.progress.say(phase=PackPhase.RECORDS, records_total=activities + records)
        with self._spool() as spool:
            for batch in activities_told(self.scope, self.tally.left_out):
                self.activities.update(one.record.pk for one in batch)
                self._take(archive, batch, spool)
            for batch in records_told(self.scope, self.tally.left_out):
                self._take(archive, batch, spool)
            spool.seek(0)
            archive.add("records.jsonl", iter(lambda: spool.read(PIECE), b""))

    def _take(self, archive: PackArchive, batch: Sequence[Told], spool: IO[bytes]) -> None:
        for one in batch:
            evidence_write(archive, one.record, one.files)
            spool.write(json.dumps(plain_of(one), ensure_ascii=False).encode() + b"\n")
            self.index.add(one)
            self.tally.add(one)
        keys = [one.record.pk for one in batch]
        self.keys.update(keys)
        named = {link.key for one in batch for link in one.links}
        self.shown(
            sorted(named.union(keys)), sorted({file.version.file_id for one in batch for file in one.files})
        )
        files = self.tally.counts["files"]
        self.progress.say(records_done=len(self.keys), files_done=files, bytes_done=self.progress.written)

    def _trail(self, archive: PackArchive) -> Stretch:
        """Take in the trail: sealed now, so that nothing that the records say is without its entry."""
        self.progress.say(phase=PackPhase.TRAIL)
        end = sealed_until(clock=self.clock, pause=self.pause)
        stretch = stretch_for(self.keys, end=end)
        self.progress.say(links_total=stretch.total)
        with self._spool() as spool:
            chain_write(
                archive,
                stretch,
                scope=self.scope,
                keys=self.keys,
                activities=self.activities,
                spool=spool,
                told=lambda links: self.progress.say(links_done=links),
            )
        self.tally.left_out.entries = stretch.left_out
        return stretch

    def facts(self, stretch: Stretch) -> PackFacts:
        """Return what a pack says of itself."""
        organisation = current_organisation()
        return PackFacts(
            key=str(self.pack.key),
            title=pack_title(self.pack.duty, self.pack.starts_on, self.pack.ends_on),
            scope=self.scope,
            organisation=organisation.name if organisation else "",
            made_at=self.at,
            made_for=self.pack.requested_by.full_name,
            fingerprint=key_fingerprint(),
            stretch=stretch,
        )

    def _sign(self, archive: PackArchive, stretch: Stretch) -> dict[str, Any]:
        """Write manifest and signature; return what the pack's page says."""
        facts, tally = self.facts(stretch), self.tally
        manifest = archive.add_unlisted(
            "manifest.json", _bounded(archive.manifest(manifest_of(facts, tally)))
        )
        signed = {
            "pack": facts.key,
            "manifest_sha256": manifest.sha256,
            "files": archive.files,
            "entries": stretch.entries,
            "start_position": stretch.start_position,
            "start_digest": stretch.start_digest,
            "end_position": stretch.end.position,
            "end_digest": stretch.end.chain_digest,
            "signed_at": self.clock().isoformat(),
        }
        archive.add_unlisted("manifest.sig", (statement(signed),))
        return {
            "counts": {str(name): count for name, count in tally.counts.items()},
            "left_out": asdict(tally.left_out),
            "missing": tally.missing[:MOST_MISSING],
            "missing_count": len(tally.missing),
            "entries": stretch.entries,
            "links": stretch.links,
            "end_position": stretch.end.position,
            "end_digest": stretch.end.chain_digest,
            "fingerprint": facts.fingerprint,
            "manifest_sha256": manifest.sha256,
            "verifier_sha256": hashlib.sha256(VERIFIER.read_bytes()).hexdigest(),
        }


def _bounded(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Yield what is read at once when the pack is checked; raise TooMuch where that would be too large."""
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > MOST_MANIFEST:
            raise TooMuch(_("There are too many files for one pack. Choose a shorter period, or one duty."))
        yield piece
