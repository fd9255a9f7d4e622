"""Locks between the commands of one folder: the kernel frees them however a process ends."""

import fcntl
import os
from pathlib import Path
from typing import Self

from foundation.operations.embedded.errors import not_ours


class FileLock:
    """A lock on one file, shared or exclusive, between processes of this machine.

    The file stays where it is when the lock is freed: to remove it would let two processes lock two files of one name.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    def take(self, *, shared: bool = False, wait: bool = True) -> bool:
        """Take the lock; return False when another process holds it and `wait` is off."""
        if self._descriptor is None:
            try:
                self._descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
            except PermissionError as error:
                raise not_ours(self.path) from error
        mode = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        try:
            fcntl.flock(self._descriptor, mode if wait else mode | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def free(self) -> None:
        """Give the lock back; harmless when it is not held."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def write(self, text: str) -> None:
        """Leave a note for whoever finds the lock taken."""
        if self._descriptor is None:
            raise ValueError("The note of a lock is written by its holder.")
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, text.encode(), 0)

    def read(self) -> str:
        """Return the holder's note."""
        return self.path.read_text() if self.path.exists() else ""

    def __enter__(self) -> Self:
        self.take()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.free()
