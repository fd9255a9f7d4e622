"""Programs of their own: they may write nothing, know no secret, and take no more than they are given."""

from __future__ import annotations

import socket
import tempfile
from pathlib import Path

import pytest

from foundation.confined import Limits, ProgramFailed, answer_of, landlock_version

LIMITS = Limits(megabytes=512, seconds=1, patience=10.0)


def ask(folder: Path, program: str, question: bytes = b"", limits: Limits = LIMITS) -> bytes:
    path = folder / "program.py"
    path.write_text(program)
    with tempfile.TemporaryFile() as given:
        given.write(question)
        given.seek(0)
        return answer_of(path, "one", "two", question=given, limits=limits).content


def test_it_answers_a_question(tmp_path: Path) -> None:
    program = "import sys; print(sys.argv[1:], sys.stdin.read().upper())"
    assert ask(tmp_path, program, b"why") == b"['one', 'two'] WHY\n"


def test_it_may_write_no_file(tmp_path: Path) -> None:
    target = tmp_path / "written"
    with pytest.raises(ProgramFailed):
        ask(tmp_path, f"open({str(target)!r}, 'wb', buffering=0).write(b'x')")
    assert not target.exists() or not target.read_bytes()


@pytest.mark.skipif(landlock_version() < 3, reason="the kernel has no Landlock, or not that of Linux 6.2")
@pytest.mark.parametrize(
    "deed",
    [
        "open(path, 'wb')",
        "os.truncate(path, 0)",
        "os.unlink(path)",
        "os.rename(path, path + '.gone')",
        "os.replace(sys.argv[0], path)",
        "os.link(path, path + '.twin')",
        "os.symlink(path, path + '.sign')",
        "os.mkdir(path + '.d')",
        "open(path + '.new', 'x')",
        "os.execv('/bin/sh', ['sh', '-c', ': > ' + path])",
    ],
)
def test_it_empties_moves_makes_and_deletes_no_file(tmp_path: Path, deed: str) -> None:
    target = tmp_path / "kept"
    target.write_bytes(b"evidence")
    with pytest.raises(ProgramFailed, match="PermissionError|exit status"):
        ask(tmp_path, f"import os, sys; path = {str(target)!r}; {deed}")
    assert target.read_bytes() == b"evidence"
    assert {path.name for path in tmp_path.iterdir()} == {"kept", "program.py"}


@pytest.mark.skipif(landlock_version() < 6, reason="the kernel has no Landlock, or not that of Linux 6.12")
@pytest.mark.parametrize(
    "deed", ["os.kill(os.getppid(), 0)", "socket.create_connection(('127.0.0.1', port), 1)"]
)
def test_it_reaches_nobody(tmp_path: Path, deed: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(ProgramFailed, match="PermissionError"):
            ask(tmp_path, f"import os, socket; port = {port}; {deed}")


def test_it_knows_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "whisper")
    assert b"whisper" not in ask(tmp_path, "import os; print(dict(os.environ))")


@pytest.mark.parametrize("program", ["while True: pass", "b'x' * (1 << 31)", "raise SystemExit(3)"])
def test_too_much_or_a_failure_ends_it_alone(tmp_path: Path, program: str) -> None:
    with pytest.raises(ProgramFailed):
        ask(tmp_path, program)


def test_what_sleeps_is_ended_and_what_fails_says_why(tmp_path: Path) -> None:
    with pytest.raises(ProgramFailed, match="TimeoutExpired"):
        ask(tmp_path, "import time; time.sleep(60)", limits=Limits(512, 1, 0.5))
    with pytest.raises(ProgramFailed, match="so slow"):
        program = "import sys, time; print('so slow', file=sys.stderr, flush=True); time.sleep(60)"
        ask(tmp_path, program, limits=Limits(512, 1, 1.5))
    with pytest.raises(ProgramFailed, match="no such thing"):
        ask(tmp_path, "raise ValueError('no such thing')")
