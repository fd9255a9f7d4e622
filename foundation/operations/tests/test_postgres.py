"""The embedded PostgreSQL: its roles, its address, and what it recovers from."""

import signal
from dataclasses import replace
from pathlib import Path

import psycopg2
import psycopg2.errors
import pytest

from foundation.operations.embedded.folder import Folder
from foundation.operations.embedded.postgres import (
    APPLICATION_ROLE,
    DATABASE,
    OWNER_ROLE,
    EmbeddedPostgres,
    PostgresError,
)
from foundation.operations.tests.conftest import account_in, postgres_running


def ask(server: EmbeddedPostgres, role: str, statement: str) -> list[tuple[object, ...]]:
    connected = server.connect(role, DATABASE)
    try:
        with connected.cursor() as cursor:
            cursor.execute(statement)
            return list(cursor.fetchall()) if cursor.description else []
    finally:
        connected.close()


def test_two_roles_of_which_only_one_owns(shared_postgres: EmbeddedPostgres) -> None:
    ask(shared_postgres, OWNER_ROLE, "CREATE TABLE kept (n int)")
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        ask(shared_postgres, APPLICATION_ROLE, "SELECT * FROM kept")
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        ask(shared_postgres, APPLICATION_ROLE, "CREATE TABLE mine (n int)")
    rights = "SELECT rolsuper, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = current_user"
    assert ask(shared_postgres, OWNER_ROLE, rights) == [(False, True, False)]
    assert ask(shared_postgres, APPLICATION_ROLE, rights) == [(False, False, False)]


def test_text_is_utf8_and_ordered_alike_on_every_machine(shared_postgres: EmbeddedPostgres) -> None:
    settings = (
        "SELECT datlocprovider, datlocale, pg_encoding_to_char(encoding)"
        " FROM pg_database WHERE datname = current_database()"
    )
    assert ask(shared_postgres, APPLICATION_ROLE, settings) == [("b", "C.UTF-8", "UTF8")]
    assert ask(shared_postgres, APPLICATION_ROLE, "SELECT upper('größe é')") == [("GRÖßE É",)]


def test_nobody_comes_in_without_the_password(shared_postgres: EmbeddedPostgres) -> None:
    with pytest.raises(psycopg2.OperationalError, match="password"):
        psycopg2.connect(
            host=str(shared_postgres.folder.sockets), user="postgres", dbname=DATABASE, password="guess"
        )


def test_the_url_opens_it(shared_postgres: EmbeddedPostgres) -> None:
    psycopg2.connect(shared_postgres.url(APPLICATION_ROLE)).close()


def test_what_was_committed_survives_a_kill(postgres: EmbeddedPostgres) -> None:
    ask(postgres, OWNER_ROLE, "CREATE TABLE kept AS SELECT 7 AS n")
    mark = postgres.mark
    assert mark is not None
    process = mark.process()
    assert process is not None
    process.send_signal(signal.SIGKILL)
    # Its number stays behind in postmaster.pid, here even without anybody to bury the process: the worst case.
    with postgres_running(postgres.folder) as next_run:
        assert ask(next_run, OWNER_ROLE, "SELECT n FROM kept") == [(7,)]
    assert postgres.poll() == -signal.SIGKILL


def test_a_server_that_an_earlier_run_left_is_stopped_first(
    postgres: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("foundation.operations.embedded.server.LEFTOVER_SECONDS", 0.0)
    with postgres_running(postgres.folder) as next_run:
        assert postgres.mark is not None
        assert not postgres.mark.is_running()
        assert ask(next_run, APPLICATION_ROLE, "SELECT 1") == [(1,)]


def test_a_first_start_that_was_cut_off_begins_anew(folder: Folder) -> None:
    unfinished = folder.var / "postgres.new"
    unfinished.mkdir()
    (unfinished / "PG_VERSION").write_text("18\n")
    with postgres_running(folder) as server:
        assert ask(server, APPLICATION_ROLE, "SELECT 1") == [(1,)]
    assert not unfinished.exists()


@pytest.mark.parametrize("name", ["x" * 90, "with,comma"])
def test_where_a_socket_can_not_be_it_listens_on_a_loopback_port(folder: Folder, name: str) -> None:
    inner = replace(folder, var=folder.var / name)
    inner.prepare()
    with postgres_running(inner) as server:
        asked = "SELECT host(inet_server_addr()), current_setting('listen_addresses')"
        assert ask(server, APPLICATION_ROLE, asked) == [("127.0.0.1", "127.0.0.1")]
        with pytest.raises(psycopg2.OperationalError, match="password"):
            psycopg2.connect(
                server.url(APPLICATION_ROLE).replace(f"{APPLICATION_ROLE}:", f"{APPLICATION_ROLE}:no")
            )


def test_a_path_with_blanks_quotes_and_signs_is_fine(folder: Folder) -> None:
    inner = replace(folder, var=folder.var / 'it\'s "odd" é%#')
    inner.prepare()
    with postgres_running(inner) as server:
        psycopg2.connect(server.url(APPLICATION_ROLE)).close()
        assert (inner.sockets / ".s.PGSQL.5432").exists()


def test_data_of_another_release_is_not_touched(folder: Folder) -> None:
    folder.postgres.mkdir()
    (folder.postgres / "PG_VERSION").write_text("16\n")
    with pytest.raises(PostgresError, match="PostgreSQL 16"):
        EmbeddedPostgres(folder, account_in(folder)).start()
    assert [path.name for path in folder.postgres.iterdir()] == ["PG_VERSION"]


def test_the_data_is_closed_to_others(shared_postgres: EmbeddedPostgres) -> None:
    def mode(path: Path) -> int:
        return path.stat().st_mode & 0o777

    assert mode(shared_postgres.data) == 0o700
    assert mode(shared_postgres.folder.sockets) == 0o700
    assert mode(shared_postgres.data / "portal-passwords.json") == 0o600
