"""What the embedded servers have in common: one process of ours, stopped for certain, also when its run was killed."""

import signal
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from foundation.operations.embedded.accounts import Account
from foundation.operations.embedded.folder import Folder
from foundation.operations.embedded.processes import ProcessMark, heads, stop, working_in

LEFTOVER_SECONDS = 10.0


@dataclass
class EmbeddedServer:
    """One server: its data and its process, which is called `program` and is told to stop by `stop_steps` in turn."""

    program: ClassVar[str]
    stop_steps: ClassVar[Sequence[tuple[signal.Signals, float]]]

    folder: Folder
    account: Account | None
    throwaway: bool = False
    mark: ProcessMark | None = None
    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def data(self) -> Path:
        """Return the folder of the data, in which the server works."""
        raise NotImplementedError

    def stop(self) -> None:
        """Stop the server that `start` started and wait for its end."""
        running = self.mark.process() if self.mark else None
        if running is not None:
            stop(running, self.stop_steps)
        if self._process is not None:
            self._process.wait()
            self._process = None

    def poll(self) -> int | None:
        """Return the exit code if the server ended by itself, else None."""
        return self._process.poll() if self._process else None

    def stop_leftover(self) -> None:
        """End a server that still works on our data though the run that started it was killed.

        It was told to stop when that run ended, and usually has.
        """
        until = time.monotonic() + LEFTOVER_SECONDS
        while leftover := working_in(self.data.resolve(), self.program):
            if time.monotonic() >= until:
                for process in heads(leftover):
                    stop(process, self.stop_steps)
            time.sleep(0.1)
