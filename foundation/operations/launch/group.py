"""Web, worker and beat as one group under honcho: they start together and end together, with a reason."""

import queue
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from honcho.manager import KILL_WAIT, SYSTEM_PRINTER_NAME, Manager
from honcho.printer import Message, Printer
from honcho.process import Process

from foundation.operations.embedded.processes import ProcessMark, die_with_parent
from foundation.operations.embedded.services import Services

LINES_KEPT = 12


@dataclass(frozen=True)
class Ended:
    """A process that ended though nobody asked it to."""

    name: str
    code: int
    last_lines: str

    def __str__(self) -> str:
        if self.code < 0:
            how = f"was ended by {signal.Signals(-self.code).name}"
        else:
            how = f"ended with exit code {self.code}"
        said = f" Its last lines:\n{self.last_lines}" if self.last_lines else ""
        return f"{self.name} {how}; everything was stopped.{said}"


class GroupProcess(Process):
    """One program of the group. Its output goes to the printer; its last lines are kept for the reason."""

    def __init__(self, command: Sequence[str | Path], **options: Any) -> None:
        super().__init__(command, **options)
        self.last_lines: deque[str] = deque(maxlen=LINES_KEPT)

    def launch(self) -> int:
        """Start the program, in a session of its own and ended with us; return its process number."""
        self._child = subprocess.Popen(
            self.cmd,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=self.env,
            cwd=self.cwd,
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGTERM),  # noqa: PLW1509 - no other threads yet
        )
        return int(self._child.pid)

    def follow(self, events: "queue.Queue[Message]", ended: Callable[[str, int, str], None]) -> None:
        """Pass on what the program says until it ends."""
        self._events = events
        output = self._child.stdout
        if output is None:
            raise ValueError("A program of the group is started with a pipe for its output.")
        self._send_message({"pid": self._child.pid}, type="start")
        for line in iter(output.readline, b""):
            self.last_lines.append(line.decode("utf-8", "replace").rstrip())
            self._send_message(line)
        code = self._child.wait()
        ended(self.name, code, "\n".join(self.last_lines))
        self._send_message({"returncode": code}, type="stop")


class Group(Manager):
    """honcho's manager, with threads in place of processes (they cost no memory) and a reason for each end."""

    def __init__(self, services: Services, on_start: Callable[[list[ProcessMark]], None]) -> None:
        super().__init__(Printer(sys.stdout))
        self.events: queue.Queue[Message] = queue.Queue()
        self._process_ctor = GroupProcess
        self._services = services
        self._on_start = on_start
        self.is_stopping = threading.Event()
        self.ended: Ended | None = None

    def add(
        self, name: str, command: Sequence[str | Path], environment: Mapping[str, str], cwd: Path
    ) -> None:
        """Add a program; it starts with `loop`."""
        self.add_process(name, command, env=dict(environment), cwd=cwd)

    def say(self, text: str) -> None:
        """Print a line of the group's own."""
        self.events.put(
            Message(type="line", data=text, time=datetime.now(), name=SYSTEM_PRINTER_NAME, colour=None)  # noqa: DTZ005
        )

    def loop(self) -> None:
        """Run the group until it is told to stop, or one of its programs or servers ends."""
        watch = threading.Thread(target=self._watch_services, daemon=True)
        watch.start()
        try:
            super().loop()
        finally:
            self.is_stopping.set()
            watch.join()

    def terminate(self) -> None:
        """Ask all programs to end, and end those that don't in time."""
        self.is_stopping.set()
        if not self._terminating:
            timer = threading.Timer(KILL_WAIT, self.kill)
            timer.daemon = True
            timer.start()
        super().terminate()

    def _start(self) -> None:
        for process in self._processes.values():
            process["pid"] = process["obj"].launch()
        self._on_start([ProcessMark.of(name, process["pid"]) for name, process in self._processes.items()])
        for process in self._processes.values():
            arguments = (self.events, self._note_end)
            threading.Thread(target=process["obj"].follow, args=arguments, daemon=True).start()

    def _note_end(self, name: str, code: int, last_lines: str) -> None:
        if not self._terminating and self.ended is None:
            self.ended = Ended(name, code, last_lines)

    def _watch_services(self) -> None:
        while not self.is_stopping.wait(0.5):
            ended = self._services.ended()
            if ended is not None:
                name, code = ended
                self._note_end(name, code, self._services.folder.last_lines(name))
                self.terminate()
                return
