"""Folders of their own for tests that start real servers."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from foundation.operations.embedded.accounts import Account, account_for_servers
from foundation.operations.embedded.folder import PASS_THROUGH, Folder
from foundation.operations.embedded.postgres import PROGRAMS, EmbeddedPostgres
from foundation.operations.embedded.valkey import PROGRAM


@contextmanager
def folder_made() -> Iterator[Folder]:
    """Make an empty folder with a short path (pytest's own are long) that the servers' account may enter."""
    var = Path(tempfile.mkdtemp(prefix="portal-"))
    var.chmod(PASS_THROUGH)
    made = Folder(root=var, var=var)
    made.prepare()
    yield made
    shutil.rmtree(var)


def account_in(folder: Folder) -> Account | None:
    """Return the account for servers with their data in the folder."""
    return account_for_servers(
        data=folder.postgres, root=folder.root, needed=(folder.var, PROGRAMS, PROGRAM.parent)
    )


@contextmanager
def postgres_running(folder: Folder) -> Iterator[EmbeddedPostgres]:
    """Run a PostgreSQL in the folder, its data made if there is none."""
    server = EmbeddedPostgres(folder, account_in(folder), throwaway=True)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def copy_data(source: Folder, target: Folder) -> None:
    """Copy the database of a server that does not run, with whom it belongs to."""
    subprocess.run(["cp", "-a", source.postgres, target.postgres], check=True)


@pytest.fixture
def folder() -> Iterator[Folder]:
    with folder_made() as made:
        yield made


@pytest.fixture(scope="session")
def data_made() -> Iterator[Folder]:
    """A folder whose database was made, and stopped in good order: made once, since making one takes seconds."""
    with folder_made() as made:
        with postgres_running(made):
            pass
        yield made


@pytest.fixture
def folder_with_data(folder: Folder, data_made: Folder) -> Folder:
    """A folder of the test's own whose database is made."""
    copy_data(data_made, folder)
    return folder


@pytest.fixture
def postgres(folder_with_data: Folder) -> Iterator[EmbeddedPostgres]:
    """A server for the test alone."""
    with postgres_running(folder_with_data) as server:
        yield server


@pytest.fixture(scope="module")
def shared_postgres(data_made: Folder) -> Iterator[EmbeddedPostgres]:
    """A server for tests that only look."""
    with folder_made() as folder:
        copy_data(data_made, folder)
        with postgres_running(folder) as server:
            yield server
