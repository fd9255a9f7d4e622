"""The installation's own folder: what it keeps apart, and what it says when it is not ours."""

import os
from pathlib import Path

import pytest

from foundation.operations.embedded.errors import EmbeddedError
from foundation.operations.embedded.folder import LOG_BYTES_KEPT, Folder
from foundation.operations.embedded.locks import FileLock

as_ordinary_user = pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")


def test_it_may_lie_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PORTAL_VAR_DIR", raising=False)
    assert Folder.of_installation(tmp_path).var == tmp_path / "var"
    monkeypatch.setenv("PORTAL_VAR_DIR", str(tmp_path / "elsewhere"))
    assert Folder.of_installation(tmp_path).var == tmp_path / "elsewhere"


def test_a_log_that_has_grown_is_set_aside(folder: Folder) -> None:
    log = folder.logs / "postgres.log"
    log.write_bytes(b"x" * (LOG_BYTES_KEPT + 1))
    os.close(folder.open_log("postgres"))
    assert log.stat().st_size == 0
    assert (folder.logs / "postgres.log.1").stat().st_size == LOG_BYTES_KEPT + 1


def test_the_last_lines_of_a_long_log(folder: Folder) -> None:
    (folder.logs / "valkey.log").write_text("".join(f"line {number}\n" for number in range(5000)))
    assert folder.last_lines("valkey", 2) == "line 4998\nline 4999"
    assert folder.last_lines("nothing") == ""


@as_ordinary_user
def test_a_folder_of_another_user_is_named(folder: Folder) -> None:
    folder.run.chmod(0o500)
    with pytest.raises(EmbeddedError, match="another user"):
        folder.prepare()


@as_ordinary_user
def test_a_file_of_another_user_is_named(folder: Folder) -> None:
    (folder.logs / "postgres.log").touch(mode=0o000)
    with pytest.raises(EmbeddedError, match="another user"):
        folder.open_log("postgres")
    (folder.run / "up.lock").touch(mode=0o000)
    with pytest.raises(EmbeddedError, match="another user"):
        FileLock(folder.run / "up.lock").take()
