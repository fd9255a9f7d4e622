"""Runs a program of ours in a process with little memory and little time, without settings, secrets or database.

Programs that read what strangers made (pictures, PDFs, long texts) may fall to it. Each is a file that is run by name, apart
from the portal, reads one question from its standard input and writes one answer to its standard output:

    python -I confined.py MEGABYTES SECONDS PROGRAM ARGUMENT … < question > answer

It can write not a byte into a file (a limit of every Unix). Where the kernel has Landlock (Linux; `landlock_version()`), it can
neither make, empty, move, delete nor run files (emptying: since version 3, Linux 6.2), nor reach others by TCP (4, Linux 6.7)
or by a signal (6, Linux 6.12). Elsewhere it may empty and delete what its user may, as long as that user is the portal's. What its user
may read, it may read everywhere.
"""

import ctypes
import os
import resource
import runpy
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

MEGABYTE = 1024 * 1024
# Each thread of a program reserves addresses, and a machine of many processors would start many.
ENVIRONMENT = {"LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "2", "RAYON_NUM_THREADS": "2"}


@dataclass(frozen=True)
class Limits:
    """What a program may take: megabytes of addresses (not of memory used), seconds of processors, seconds of the clock."""

    megabytes: int
    seconds: int
    patience: float


class ProgramFailed(Exception):
    """A program answered nothing: it failed, or took too much. `said` is the end of what it wrote about that."""

    def __init__(self, reason: str, said: str = "") -> None:
        super().__init__(f"{reason}: {said}" if said else reason)
        self.said = said


@dataclass(frozen=True)
class Answer:
    """What a program answered, and the end of what it said beside that."""

    content: bytes
    said: str


def command(program: Path, *arguments: str, limits: Limits) -> list[str]:
    """Return the command line that runs a program within its limits."""
    bounds = (str(limits.megabytes), str(limits.seconds))
    return [sys.executable, "-I", str(Path(__file__).resolve()), *bounds, str(program), *arguments]


def answer_of(program: Path, *arguments: str, question: IO[bytes], limits: Limits) -> Answer:
    """Run a program on a question (a real file, read from where it stands), and return its answer; raise ProgramFailed."""
    try:
        done = subprocess.run(  # noqa: S603
            command(program, *arguments, limits=limits),
            stdin=question,
            capture_output=True,
            timeout=limits.patience,
            env=ENVIRONMENT,
            cwd="/",
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ProgramFailed(type(error).__name__, _end_of(error.stderr)) from error
    except (subprocess.SubprocessError, OSError) as error:
        raise ProgramFailed(type(error).__name__) from error
    said = _end_of(done.stderr)
    if done.returncode:
        raise ProgramFailed(f"exit status {done.returncode}", said)
    return Answer(done.stdout, said)


def _end_of(said: bytes | None) -> str:
    return (said or b"").decode(errors="replace")[-2_000:].strip()


# From linux/landlock.h and the table of system calls, which has these numbers on all common processors.
CREATE_RULESET, RESTRICT_SELF, VERSION_FLAG = 444, 446, 1
NO_NEW_PRIVILEGES = 38
RUN, WRITE, REMOVE_AND_MAKE, MOVE, EMPTY = 1 << 0, 1 << 1, 0x1FF << 4, 1 << 13, 1 << 14
BIND_AND_CONNECT = 0b11
SOCKETS_AND_SIGNALS = 0b11


def _system_call(number: int, *arguments: Any) -> int:
    call = ctypes.CDLL(None, use_errno=True).syscall
    call.restype = ctypes.c_long
    return int(call(ctypes.c_long(number), *arguments))


def landlock_version() -> int:
    """Return which version of Landlock the kernel has; 0 for none."""
    if sys.platform != "linux":
        return 0
    return max(_system_call(CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(VERSION_FLAG)), 0)


def _lock_in() -> None:
    """Take from this process, for good, what no program of ours needs, as far as the kernel can; raise OSError if it should and doesn't."""
    version = landlock_version()
    if not version:
        return
    files = RUN | WRITE | REMOVE_AND_MAKE | (MOVE if version >= 2 else 0) | (EMPTY if version >= 3 else 0)
    handled = (ctypes.c_uint64 * 3)(
        files, BIND_AND_CONNECT if version >= 4 else 0, SOCKETS_AND_SIGNALS if version >= 6 else 0
    )
    rules = _system_call(CREATE_RULESET, handled, ctypes.c_size_t(ctypes.sizeof(handled)), ctypes.c_uint32(0))
    nothing = (ctypes.c_ulong(0),) * 3
    if (
        rules < 0
        or ctypes.CDLL(None).prctl(NO_NEW_PRIVILEGES, ctypes.c_ulong(1), *nothing)
        or _system_call(RESTRICT_SELF, ctypes.c_int(rules), ctypes.c_uint32(0))
    ):
        raise OSError(ctypes.get_errno(), "The kernel has Landlock, and did not lock the program in.")


def _confine(megabytes: int, seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (megabytes * MEGABYTE, megabytes * MEGABYTE))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.umask(0o077)
    _lock_in()


if __name__ == "__main__":
    _confine(int(sys.argv[1]), int(sys.argv[2]))
    sys.argv = sys.argv[3:]
    runpy.run_path(sys.argv[0], run_name="__main__")
