"""`./portal up`, the whole of it, as a user runs it."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from foundation.operations.embedded.folder import Folder
from foundation.operations.embedded.locks import FileLock
from foundation.operations.embedded.services import Need, start_services

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
    return number


def up(folder: Folder, *arguments: object) -> subprocess.Popen[str]:
    kept = {name: value for name, value in os.environ.items() if not name.endswith("_URL")}
    return subprocess.Popen(
        [sys.executable, ROOT / "manage.py", "up", *map(str, arguments)],
        cwd="/",
        env=kept | {"PORTAL_VAR_DIR": str(folder.var)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def read_until(process: subprocess.Popen[str], text: str) -> str:
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if text in line:
            return said
    pytest.fail(f"it ended without saying {text!r}:\n{said}")


def health(port: int) -> dict[str, Any]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=20) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        return json.load(error)


@pytest.fixture
def lived_in(folder_with_data: Folder) -> Iterator[Folder]:
    """A folder that an `up` may have been killed in."""
    yield folder_with_data
    start_services(folder_with_data, Need(database=True, broker=True)).stop()


def test_it_starts_recovers_from_a_kill_and_ends_with_a_reason(lived_in: Folder, port: int) -> None:
    folder = lived_in
    first = up(folder, "--port", port)
    said = read_until(first, "The portal is ready")
    assert f"http://127.0.0.1:{port}/" in said
    assert "one-time code" in read_until(first, "one-time code")
    assert health(port)["database"] == health(port)["broker"] == "ok"

    second, _none = up(folder, "--port", port + 1).communicate(timeout=60)
    assert second == f"portal: already running at http://127.0.0.1:{port}/ (pid {first.pid}).\n"
    assert health(port)["web"] == "ok", "the first was not disturbed"

    programs = psutil.Process(first.pid).children(recursive=True)
    first.send_signal(signal.SIGKILL)
    first.communicate()
    third = up(folder, "--port", port)
    read_until(third, "The portal is ready")
    _gone, left = psutil.wait_procs(programs, timeout=20)
    assert [process for process in left if process.status() != psutil.STATUS_ZOMBIE] == []

    worker = json.loads((folder.run / "programs.json").read_text())[1]
    assert worker["name"] == "worker"
    os.kill(worker["pid"], signal.SIGKILL)
    said, _none = third.communicate(timeout=60)
    assert third.returncode == 1
    assert "worker was ended by SIGKILL; everything was stopped" in said
    assert not (folder.run / "services.json").exists()


def test_told_to_stop_while_it_starts_it_leaves_nothing_behind(lived_in: Folder, port: int) -> None:
    process = up(lived_in, "--port", port)
    read_until(process, "migrating the database")
    process.send_signal(signal.SIGTERM)
    said, _none = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "stopped before it was ready" in said
    assert not (lived_in.run / "services.json").exists()


def test_a_port_that_is_taken_is_named_before_anything_starts(folder: Folder) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        process = up(folder, "--port", taken)
        said, _none = process.communicate(timeout=60)
    assert process.returncode == 1
    assert f"port {taken} is taken" in said
    assert not folder.postgres.exists()


def test_while_another_is_about_to_start_it_says_so(folder: Folder) -> None:
    with FileLock(folder.run / "up.lock"):
        process = up(folder)
        said, _none = process.communicate(timeout=60)
    assert process.returncode == 1
    assert said == "portal: already starting in this folder.\n"


@pytest.mark.parametrize("port", ["0", "65536", "-1", "http"])
def test_what_is_no_port_is_refused(folder: Folder, port: str) -> None:
    process = up(folder, f"--port={port}")
    said, _none = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "from 1 to 65535" in said
