"""The services of one folder, shared by its commands: whoever comes first starts them, all others use them.

Locks, all below `var/run/`, so that the kernel frees them however a process ends:

- `up.lock`: held by `up` for as long as it runs.
- `services.lock`: held while somebody starts or stops the services, or decides to use them.
- `users.lock`: held, shared, by each command that uses them; who started them waits for it before stopping them.
"""

import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field

from foundation.operations.embedded.accounts import account_for_servers
from foundation.operations.embedded.errors import EmbeddedError
from foundation.operations.embedded.folder import Folder
from foundation.operations.embedded.locks import FileLock
from foundation.operations.embedded.postgres import APPLICATION_ROLE, OWNER_ROLE, PROGRAMS, EmbeddedPostgres
from foundation.operations.embedded.processes import ProcessMark
from foundation.operations.embedded.valkey import PROGRAM, EmbeddedValkey

RECORD = "services.json"
PATIENCE_SECONDS = 1.0


class ServicesError(EmbeddedError):
    """Raised when the services that a command needs can not be had."""


@dataclass(frozen=True)
class Need:
    """Which services the folder must provide itself, because no URL names a server."""

    database: bool
    broker: bool

    @classmethod
    def of_environment(cls) -> "Need":
        return cls(database=not os.environ.get("DATABASE_URL"), broker=not os.environ.get("REDIS_URL"))

    def __bool__(self) -> bool:
        return self.database or self.broker


@dataclass
class Services:
    """Services of this folder, started by this process."""

    folder: Folder
    postgres: EmbeddedPostgres | None = None
    valkey: EmbeddedValkey | None = None
    environment: dict[str, str] = field(default_factory=dict)

    def ended(self) -> tuple[str, int] | None:
        """Return the name and exit code of a server that ended by itself, or None while all is well."""
        for name, server in (("postgres", self.postgres), ("valkey", self.valkey)):
            code = server.poll() if server is not None else None
            if code is not None:
                return name, code
        return None

    def stop(self) -> None:
        """Stop what was started, the database last."""
        (self.folder.run / RECORD).unlink(missing_ok=True)
        for server in (self.valkey, self.postgres):
            if server is not None:
                server.stop()


def start_services(folder: Folder, need: Need, *, throwaway: bool = False) -> Services:
    """Start what is needed; on failure nothing is left running. The caller holds `services.lock`."""
    servers = (
        folder.var,
        *((PROGRAMS,) if need.database else ()),
        *((PROGRAM.parent,) if need.broker else ()),
    )
    account = account_for_servers(data=folder.postgres, root=folder.root, needed=servers)
    services = Services(folder=folder)
    try:
        if need.database:
            services.postgres = EmbeddedPostgres(folder, account, throwaway)
            services.postgres.start()
            services.environment["DATABASE_URL"] = services.postgres.url(APPLICATION_ROLE)
            services.environment["DATABASE_OWNER_URL"] = services.postgres.url(OWNER_ROLE)
        if need.broker:
            services.valkey = EmbeddedValkey(folder, account, throwaway)
            services.valkey.start()
            services.environment["REDIS_URL"] = services.valkey.url
        _record(services)
    except BaseException:
        services.stop()
        raise
    return services


@contextmanager
def services_for_command(folder: Folder) -> Iterator[None]:
    """Let the block use the folder's services: those that run, else ones that run for the block alone.

    The URLs are in `os.environ` within the block, and for programs that it starts. Does nothing when URLs name servers.
    """
    need = Need.of_environment()
    if not need:
        yield
        return
    folder.prepare()
    users = FileLock(folder.run / "users.lock")
    started: Services | None = None
    with FileLock(folder.run / "services.lock"):
        environment = running_environment(folder)
        if environment is None:
            started = start_services(folder, need)
            environment = started.environment
        elif missing := [name for name in _names(need) if name not in environment]:
            raise ServicesError(
                f"The portal that runs in this folder was started with {missing[0]} set. Set it here to the same."
            )
        users.take(shared=True)
    os.environ.update(environment)
    try:
        yield
    finally:
        users.free()
        if started is not None:
            _stop_when_unused(started)


@contextmanager
def services_for_up(folder: Folder) -> Iterator[Services]:
    """Start the folder's services for the block; wait first for a command that runs on services of its own."""
    need = Need.of_environment()
    turn = FileLock(folder.run / "services.lock")
    told = time.monotonic() + PATIENCE_SECONDS
    while True:
        turn.take()
        if running_environment(folder) is None:
            break
        turn.free()
        if time.monotonic() >= told:
            told = float("inf")
            print("Another command uses this folder's database; waiting for its end.", file=sys.stderr)
        time.sleep(0.2)
    try:
        services = start_services(folder, need)
    finally:
        turn.free()
    os.environ.update(services.environment)
    try:
        yield services
    finally:
        with turn:
            services.stop()


def running_environment(folder: Folder) -> dict[str, str] | None:
    """Return the URLs of the services that run in this folder, or None when none do, or not all are well."""
    path = folder.run / RECORD
    try:
        record = json.loads(path.read_text())
        marks = [ProcessMark(**mark) for mark in record["processes"]]
        environment: dict[str, str] = record["environment"]
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None
    return environment if all(mark.is_running() for mark in marks) else None


def _record(services: Services) -> None:
    """Write down what runs, for other commands; the file carries passwords and is for this user's eyes."""
    servers = (services.postgres, services.valkey)
    marks = [server.mark for server in servers if server is not None and server.mark is not None]
    # The process that started them counts too: when it is gone they are about to go.
    marks.append(ProcessMark.of("starter", os.getpid()))
    path = services.folder.run / RECORD
    unfinished = path.with_suffix(".new")
    unfinished.unlink(missing_ok=True)
    unfinished.touch(mode=0o600)
    unfinished.write_text(
        json.dumps({"environment": services.environment, "processes": [asdict(mark) for mark in marks]})
    )
    unfinished.replace(path)


def _stop_when_unused(services: Services) -> None:
    """Stop the services as soon as no other command uses them."""
    turn = FileLock(services.folder.run / "services.lock")
    users = FileLock(services.folder.run / "users.lock")
    while True:
        turn.take()
        if users.take(wait=False):
            break
        turn.free()
        print("Another command uses the database of this one; waiting for its end.", file=sys.stderr)
        users.take()
        users.free()
    try:
        services.stop()
    finally:
        users.free()
        turn.free()


def _names(need: Need) -> list[str]:
    return [name for name, needed in (("DATABASE_URL", need.database), ("REDIS_URL", need.broker)) if needed]
