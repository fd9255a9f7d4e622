"""Locks between processes; a second descriptor of one process stands for another process."""

from pathlib import Path

import pytest

from foundation.operations.embedded.locks import FileLock


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "some.lock"


def test_only_one_has_it(path: Path) -> None:
    first, second = FileLock(path), FileLock(path)
    assert first.take(wait=False)
    assert not second.take(wait=False)
    first.free()
    assert second.take(wait=False)


def test_many_share_it_and_one_who_wants_it_alone_must_wait(path: Path) -> None:
    first, second, alone = FileLock(path), FileLock(path), FileLock(path)
    assert first.take(shared=True, wait=False)
    assert second.take(shared=True, wait=False)
    assert not alone.take(wait=False)
    first.free()
    assert not alone.take(wait=False)
    second.free()
    assert alone.take(wait=False)


def test_whoever_finds_it_taken_can_read_the_note(path: Path) -> None:
    with FileLock(path) as held:
        held.write("a long note about the holder")
        held.write("short")
        assert FileLock(path).read() == "short"


def test_only_the_holder_writes_the_note(path: Path) -> None:
    with pytest.raises(ValueError, match="holder"):
        FileLock(path).write("not mine")
