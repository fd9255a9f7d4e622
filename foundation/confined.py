"""Runs a program of ours in a process with little memory and little time: without settings, secrets, database or files to write.

Programs that read what strangers made (pictures, PDFs, long texts) may fall to it. Each is a file that is run by name, apart
from the portal, reads one question from its standard input and writes one answer to its standard output:

    python -I confined.py MEGABYTES SECONDS PROGRAM ARGUMENT … < question > answer
"""

import os
import resource
import runpy
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import IO

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


def _confine(megabytes: int, seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (megabytes * MEGABYTE, megabytes * MEGABYTE))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.umask(0o077)


if __name__ == "__main__":
    _confine(int(sys.argv[1]), int(sys.argv[2]))
    sys.argv = sys.argv[3:]
    runpy.run_path(sys.argv[0], run_name="__main__")
