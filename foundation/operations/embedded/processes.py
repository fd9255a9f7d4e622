"""Server processes: started so that they die with us, recognised later, and stopped for certain."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from foundation.operations.embedded.accounts import Account

PR_SET_PDEATHSIG = 1
# The creation time comes from a clock of jiffies; two readings of one process may differ by one.
SAME_START_SECONDS = 0.05


@dataclass(frozen=True)
class ProcessMark:
    """A process that can be recognised later: its number alone may by then belong to another."""

    name: str
    pid: int
    created: float

    @classmethod
    def of(cls, name: str, pid: int) -> "ProcessMark":
        """Return the mark of the running process `pid`."""
        return cls(name=name, pid=pid, created=psutil.Process(pid).create_time())

    def process(self) -> psutil.Process | None:
        """Return the process if it still runs; a process that only waits to be buried does not."""
        try:
            process = psutil.Process(self.pid)
            if abs(process.create_time() - self.created) > SAME_START_SECONDS:
                return None
            return None if process.status() == psutil.STATUS_ZOMBIE else process
        except psutil.NoSuchProcess:
            return None

    def is_running(self) -> bool:
        return self.process() is not None


def die_with_parent(signal_number: int) -> Callable[[], None]:
    """Return a function for the child to run before its program: it asks the kernel for `signal_number` when we end.

    Only Linux knows this; elsewhere the next start stops what is left over.
    The kernel looks at the thread that started the child, so a thread must live as long as the child.
    """
    if not sys.platform.startswith("linux"):
        return lambda: None
    libc = ctypes.CDLL(None, use_errno=True)
    parent = os.getpid()

    def ask() -> None:
        libc.prctl(PR_SET_PDEATHSIG, signal_number, 0, 0, 0)
        if os.getppid() != parent:  # the parent ended before the kernel was asked
            os._exit(1)

    return ask


def start_server(
    command: Sequence[str | Path],
    *,
    account: Account | None,
    output: int,
    death_signal: signal.Signals,
    environment: Mapping[str, str],
    standard_input: int = subprocess.DEVNULL,
) -> subprocess.Popen[bytes]:
    """Start a server in a session of its own (Ctrl-C is not for it), under `account`, ended with us."""
    ask_to_die_with_parent = die_with_parent(death_signal)

    def before_program() -> None:
        if account is not None:
            account.become()
        ask_to_die_with_parent()  # after the change of account, which would undo it

    return subprocess.Popen(
        command,
        stdin=standard_input,
        stdout=output,
        stderr=output,
        env=dict(environment),
        start_new_session=True,
        preexec_fn=before_program,  # noqa: PLW1509 - called from the main thread, before threads exist
    )


def working_in(path: Path, program: str) -> list[psutil.Process]:
    """Return the processes named `program` that work in the folder `path`: servers stay in their data folder."""
    found = []
    for process in psutil.process_iter(["name", "status"]):
        if process.info["name"] != program or process.info["status"] == psutil.STATUS_ZOMBIE:
            continue
        try:
            if Path(process.cwd()) == path:
                found.append(process)
        except psutil.Error:
            continue  # ended meanwhile, or not ours to look at
    return found


def heads(processes: Sequence[psutil.Process]) -> list[psutil.Process]:
    """Return those whose parent is not among them: a server's first process, which ends the others."""
    parents: dict[psutil.Process, int] = {}
    for process in processes:
        try:
            parents[process] = process.ppid()
        except psutil.NoSuchProcess:
            continue
    numbers = {process.pid for process in processes}
    return [process for process, parent in parents.items() if parent not in numbers]


def stop(process: psutil.Process, steps: Sequence[tuple[signal.Signals, float]]) -> None:
    """Send each signal in turn, with the seconds to wait after it, until the process has ended."""
    for number, seconds in steps:
        try:
            process.send_signal(number)
            process.wait(seconds)
        except psutil.NoSuchProcess:
            return
        except psutil.TimeoutExpired:
            continue
        else:
            return
