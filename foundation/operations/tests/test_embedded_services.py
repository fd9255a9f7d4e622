"""Who starts the folder's services, who uses them, who stops them."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import psycopg2
import pytest

from foundation.operations.embedded.folder import Folder, FolderError
from foundation.operations.embedded.processes import ProcessMark
from foundation.operations.embedded.services import (
    Need,
    ServicesError,
    running_environment,
    services_for_command,
    services_for_up,
    start_services,
)

ROOT = Path(__file__).resolve().parents[3]
URLS = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")

# Another command in the same folder: it says when it has the services, then does as it is told.
ANOTHER = """
import os, sys
from pathlib import Path
from foundation.operations.embedded.folder import Folder
from foundation.operations.embedded.services import services_for_command
folder = Path(sys.argv[1])
with services_for_command(Folder(root=folder, var=folder)):
    print(os.environ["DATABASE_URL"], flush=True)
    sys.stdin.readline()
"""


@pytest.fixture(autouse=True)
def _no_urls(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in URLS:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def another(folder_with_data: Folder) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", ANOTHER, folder_with_data.var],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    yield process
    process.kill()
    process.communicate()
    # Its servers were told to end; this waits for it, or ends them.
    start_services(folder_with_data, Need(database=True, broker=True)).stop()


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def opens(url: str) -> bool:
    try:
        psycopg2.connect(url).close()
    except psycopg2.OperationalError:
        return False
    return True


def test_a_command_starts_what_it_needs_and_stops_it(folder: Folder) -> None:
    with services_for_command(folder):
        url = os.environ["DATABASE_URL"]
        assert opens(url)
        assert opens(os.environ["DATABASE_OWNER_URL"])
        assert os.environ["REDIS_URL"].startswith("redis://")
        record = folder.run / "services.json"
        assert record.stat().st_mode & 0o777 == 0o600
    assert not opens(url)
    assert running_environment(folder) is None


def test_what_urls_name_is_not_started(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://elsewhere.example.com/portal")
    monkeypatch.setenv("REDIS_URL", "redis://elsewhere.example.com/0")
    with services_for_command(folder):
        assert os.environ["DATABASE_URL"] == "postgres://elsewhere.example.com/portal"
    assert not folder.postgres.exists()
    assert not folder.valkey.exists()


def test_only_the_one_that_no_url_names_is_started(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://elsewhere.example.com/portal")
    with services_for_command(folder):
        assert os.environ["DATABASE_URL"] == "postgres://elsewhere.example.com/portal"
        assert folder.valkey.exists()
    assert not folder.postgres.exists()


def test_a_second_command_uses_what_the_first_started(folder: Folder, another: subprocess.Popen[str]) -> None:
    url = said(another)
    with services_for_command(folder):
        assert os.environ["DATABASE_URL"] == url
        # The first is done, and waits for the second with the services running.
        assert another.stdin is not None
        another.stdin.write("\n")
        another.stdin.flush()
        with pytest.raises(subprocess.TimeoutExpired):
            another.wait(1)
        assert opens(url)
    assert another.wait(20) == 0
    assert not opens(url)


def test_up_waits_for_a_command_and_then_starts_its_own(
    folder: Folder, another: subprocess.Popen[str], capfd: pytest.CaptureFixture[str]
) -> None:
    said(another)
    before = json.loads((folder.run / "services.json").read_text())["processes"]
    another.stdin.write("\n")
    another.stdin.flush()
    with services_for_up(folder) as services:
        assert services.postgres is not None
        assert asdict(services.postgres.mark) not in before
        assert opens(os.environ["DATABASE_URL"])
    assert another.wait(20) == 0


def test_after_a_kill_the_next_command_recovers(folder: Folder, another: subprocess.Popen[str]) -> None:
    url = said(another)
    another.send_signal(signal.SIGKILL)
    another.wait()
    assert running_environment(folder) is None
    with services_for_command(folder):
        assert opens(os.environ["DATABASE_URL"])
    assert not opens(url)


def test_a_number_that_belongs_to_another_process_now_is_not_taken_for_ours(folder: Folder) -> None:
    own = ProcessMark.of("postgres", os.getpid())
    record = {"environment": {"REDIS_URL": "redis://"}, "processes": [asdict(own)]}
    (folder.run / "services.json").write_text(json.dumps(record))
    assert running_environment(folder) == {"REDIS_URL": "redis://"}
    record["processes"] = [asdict(ProcessMark("postgres", own.pid, own.created - 3600))]
    (folder.run / "services.json").write_text(json.dumps(record))
    assert running_environment(folder) is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"environment": {}}', '{"processes": [{"name": 1}]}'])
def test_a_damaged_record_counts_as_none(folder: Folder, text: str) -> None:
    (folder.run / "services.json").write_text(text)
    assert running_environment(folder) is None


def test_a_command_says_which_url_it_lacks(folder: Folder) -> None:
    own = ProcessMark.of("starter", os.getpid())
    record = {"environment": {"DATABASE_URL": "postgres://"}, "processes": [asdict(own)]}
    (folder.run / "services.json").write_text(json.dumps(record))
    with pytest.raises(ServicesError, match="REDIS_URL"), services_for_command(folder):
        pass


def test_a_folder_that_can_not_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file where the folder should be")
    with pytest.raises(FolderError, match="Can not make"):
        Folder(root=tmp_path, var=tmp_path / "var").prepare()
