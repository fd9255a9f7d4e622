"""Checkpoints as statements: what is signed, how it is checked, and the file outside the database that keeps them."""

import base64
import binascii
import fcntl
import json
import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

from foundation.trail.digests import canonical, instant
from foundation.trail.keys import fingerprint
from foundation.trail.models import Checkpoint

logger = logging.getLogger(__name__)

PURPOSE = "ciso-portal trail checkpoint 1"
"""Part of what is signed, so that the signature serves nothing else."""

TAIL_BYTES = 8192


class UnreadableStatement(ValueError):
    """A line is no checkpoint."""


@dataclass(frozen=True, kw_only=True)
class Statement:
    """That the chain was `position` links long at `signed_at`, ended with this entry, and had this digest."""

    position: int
    entry_id: int
    chain_digest: str
    signed_at: datetime
    key_fingerprint: str
    signature: str = ""

    @classmethod
    def of(cls, checkpoint: Checkpoint) -> Self:
        """Return the statement of a row."""
        return cls(**{name: getattr(checkpoint, name) for name in cls.__dataclass_fields__})

    @classmethod
    def read(cls, line: str) -> Self:
        """Return the statement of a line of JSON; raise UnreadableStatement for anything else."""
        try:
            values = json.loads(line)
            return cls(
                position=int(values["position"]),
                entry_id=int(values["entry_id"]),
                chain_digest=str(values["chain_digest"]),
                signed_at=datetime.fromisoformat(values["signed_at"]),
                key_fingerprint=str(values["key_fingerprint"]),
                signature=str(values["signature"]),
            )
        except (ValueError, TypeError, KeyError) as error:
            raise UnreadableStatement(line[:100]) from error

    @property
    def line(self) -> str:
        """Return the statement as a line of JSON."""
        return canonical({**self._signed_values(), "signature": self.signature}).decode() + "\n"

    def signed_by(self, key: Ed25519PrivateKey) -> str:
        """Return the signature of a key under the statement, in base64."""
        return base64.b64encode(key.sign(self._message())).decode()

    def holds(self, key: Ed25519PublicKey) -> bool:
        """Tell whether the signature is that of the key, under exactly this statement."""
        try:
            key.verify(base64.b64decode(self.signature, validate=True), self._message())
        except (InvalidSignature, binascii.Error, ValueError):
            return False
        return fingerprint(key) == self.key_fingerprint

    def _signed_values(self) -> dict[str, object]:
        return {
            "position": self.position,
            "entry_id": self.entry_id,
            "chain_digest": self.chain_digest,
            "signed_at": instant(self.signed_at),
            "key_fingerprint": self.key_fingerprint,
        }

    def _message(self) -> bytes:
        return canonical({**self._signed_values(), "purpose": PURPOSE})


def checkpoint_file() -> Path:
    """Return the file outside the database to which each checkpoint is added."""
    return Path(settings.TRAIL_CHECKPOINT_DIR) / "checkpoints.jsonl"


def read_statements(path: Path) -> Iterator[tuple[int, Statement | None]]:
    """Yield each line's number and statement; None for a line that is none (but for empty lines)."""
    with path.open(encoding="utf-8", errors="replace") as file:
        for number, line in enumerate(file, start=1):
            if line.strip():
                try:
                    yield number, Statement.read(line)
                except UnreadableStatement:
                    yield number, None


def publish_checkpoints(path: Path) -> int:
    """Add the checkpoints that the file lacks, in order and safe on the disk; return how many, and log each.

    One process at a time. A line that a crash tore is left as it is and its checkpoint written anew.
    Reads the file's end only. Raises OSError when the file can't be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        last, torn = _last_statement(file)
        if torn:
            file.write(b"\n")
        added = 0
        for checkpoint in _signed_after(last):
            line = Statement.of(checkpoint).line
            file.write(line.encode())
            logger.info("Trail checkpoint %s", line.rstrip())
            added += 1
        file.flush()
        os.fsync(file.fileno())
    return added


def _last_statement(file: IO[bytes]) -> tuple[Statement | None, bool]:
    """Return the last statement of the file, and whether its last line is torn."""
    length = file.seek(0, os.SEEK_END)
    file.seek(max(0, length - TAIL_BYTES))
    tail = file.read()
    for line in reversed(tail.splitlines()):
        try:
            return Statement.read(line.decode(errors="replace")), not tail.endswith(b"\n")
        except UnreadableStatement:
            continue
    return None, bool(tail) and not tail.endswith(b"\n")


def _signed_after(last: Statement | None) -> Iterator[Checkpoint]:
    checkpoints = Checkpoint.objects.order_by("pk")
    if last:
        written = Checkpoint.objects.filter(position=last.position, signature=last.signature).first()
        checkpoints = (
            checkpoints.filter(pk__gt=written.pk)
            if written
            else checkpoints.filter(position__gt=last.position)
        )
    return checkpoints.iterator(chunk_size=1000)
