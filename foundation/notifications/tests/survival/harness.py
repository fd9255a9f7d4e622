"""An installation of its own, as processes that a test may kill, stop and start again."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

import environ
import pytest
import redis
from django.conf import settings
from django.db import connections

from foundation.notifications.tests.sink import MailSink, mail_sink
from foundation.operations.embedded.folder import Folder
from foundation.operations.embedded.postgres import EmbeddedPostgres, free_port
from foundation.operations.embedded.processes import die_with_parent
from foundation.operations.embedded.services import Need, start_services
from foundation.operations.embedded.valkey import PROGRAM as VALKEY
from foundation.testing.cast import Cast

PATIENCE_SECONDS = 60.0
PAUSE_SECONDS = 0.05
LEASE_SECONDS = 60.0


def eventually(condition: Callable[[], bool], what: str) -> None:
    """Return as soon as the condition holds; fail, saying what was waited for, when it never does."""
    pause = Event()
    until = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        if time.monotonic() > until:
            pytest.fail(f"Never happened in {PATIENCE_SECONDS:.0f} s: {what}")
        pause.wait(PAUSE_SECONDS)


@dataclass
class Program:
    """A process of the installation, with all that it starts."""

    process: subprocess.Popen[bytes]
    log: Path

    def kill(self) -> None:
        """End it at once, in the middle of whatever it does."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    @property
    def is_running(self) -> bool:
        return self.process.poll() is None


@dataclass
class Installation:
    """The services, and the programs that run on them."""

    folder: Folder
    postgres: EmbeddedPostgres
    sink: MailSink
    broker_port: int
    environment: dict[str, str] = field(default_factory=dict)
    broker: Program | None = None
    workers: list[Program] = field(default_factory=list)
    beats: list[Program] = field(default_factory=list)
    clock_offset: float = 0.0
    cast: Cast = field(init=False)
    _started: int = 0

    # Programs.

    def run(self, *, workers: int = 1, beats: int = 1, clock_offset: float = 0.0) -> None:
        """Let so many workers and beats run by this clock: those that do already go on."""
        if clock_offset != self.clock_offset:
            self.stop_programs()
        self.clock_offset = clock_offset
        for running, wanted, start in (
            (self.workers, workers, self._start_worker),
            (self.beats, beats, self._start_beat),
        ):
            running[:] = [program for program in running if program.is_running]
            while len(running) > wanted:
                running.pop().kill()
            while len(running) < wanted:
                running.append(start())

    def stop_programs(self) -> None:
        """End all workers and beats."""
        for program in (*self.workers, *self.beats):
            program.kill()
        self.workers.clear()
        self.beats.clear()

    def _start_worker(self) -> Program:
        name = self._name("worker")
        return self._start(
            name,
            *("celery", "--quiet", "--app", "ciso_portal", "worker", "--hostname", f"{name}@%h"),
            *("--pool", "threads", "--concurrency", "2", "--without-gossip", "--without-mingle"),
        )

    def _start_beat(self) -> Program:
        name = self._name("beat")
        return self._start(
            name,
            *("celery", "--quiet", "--app", "ciso_portal", "beat"),
            *("--pidfile", "", "--schedule", str(self.folder.run / name)),
        )

    def manage(self, *arguments: str) -> None:
        """Run a command of manage.py to its end."""
        command = [sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr

    def _name(self, kind: str) -> str:
        self._started += 1
        return f"{kind}{self._started}"

    def _start(self, name: str, *arguments: str) -> Program:
        environment = self.environment | {"PORTAL_CLOCK_OFFSET": str(self.clock_offset)}
        return self._spawn(name, [sys.executable, "-m", *arguments], environment)

    def _spawn(self, name: str, command: list[str], environment: dict[str, str]) -> Program:
        log = self.folder.logs / f"{name}.log"
        with log.open("ab") as output:
            process = subprocess.Popen(
                command,
                cwd=settings.BASE_DIR,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                preexec_fn=die_with_parent(signal.SIGKILL),  # noqa: PLW1509 - it calls the kernel alone
            )
        return Program(process, log)

    # Services.

    def start_broker(self) -> None:
        """Start an empty broker, and wait until it answers."""
        command = [str(VALKEY), "--port", str(self.broker_port), "--bind", "127.0.0.1", "--save", ""]
        self.broker = self._spawn("valkey", command, dict(os.environ))
        with redis.Redis(port=self.broker_port) as client:

            def answers() -> bool:
                try:
                    return bool(client.ping())
                except redis.ConnectionError:
                    return False

            eventually(answers, "the broker answers")

    def stop_broker(self) -> None:
        """End the broker with all that is in it."""
        if self.broker is not None:
            self.broker.kill()
            self.broker = None

    def flush_broker(self) -> None:
        """Empty the broker."""
        with redis.Redis(port=self.broker_port) as client:
            client.flushall()

    def crash_database(self) -> None:
        """End the database at once, and all connections to it."""
        process = self.postgres.mark.process() if self.postgres.mark else None
        if process is not None:
            process.send_signal(signal.SIGQUIT)
        self.postgres.stop()

    def start_database(self) -> None:
        """Start the database again; it recovers by itself."""
        self.postgres.start()
        connections["default"].close()

    def last_words(self) -> str:
        """Return the end of each program's log, for whoever looks at a failure."""
        logs = sorted(self.folder.logs.glob("*.log"))
        return "\n".join(f"== {log.stem}\n" + "\n".join(log.read_text().splitlines()[-30:]) for log in logs)


@contextmanager
def installation(path: Path) -> Iterator[Installation]:
    """Run an installation below `path` for the block, with its tables made, and this process's models on its database."""
    folder = Folder(root=settings.BASE_DIR, var=path / "var")
    folder.prepare()
    services = start_services(folder, Need(database=True, broker=False))
    assert services.postgres is not None
    with mail_sink() as sink:
        made = Installation(folder, services.postgres, sink, free_port())
        made.environment = dict(os.environ) | {
            **services.environment,
            "REDIS_URL": f"redis://127.0.0.1:{made.broker_port}/0",
            "EMAIL_URL": sink.url,
            "EMAIL_TIMEOUT": "1.5",
            "MAIL_RETRY_SECONDS": "1",
            "MAIL_LEASE_SECONDS": str(LEASE_SECONDS),
            "PORTAL_BEAT_SECONDS": "1",
            "PORTAL_VAR_DIR": str(folder.var),
            "PORTAL_PRODUCTION": "0",
            "PYTHONUNBUFFERED": "1",
        }
        try:
            made.start_broker()
            made.manage("migrate", "--database", "owner", "--verbosity", "0")
            with models_on(services.environment["DATABASE_URL"]):
                yield made
        finally:
            made.stop_programs()
            made.stop_broker()
            services.stop()


@contextmanager
def models_on(url: str) -> Iterator[None]:
    """Let the models of this process read and write another database."""
    before = connections["default"]
    known = connections.settings["default"]
    connections.settings["default"] = known | environ.Env.db_url_config(url)
    connections["default"] = connections.create_connection("default")
    try:
        yield
    finally:
        connections["default"].close()
        connections.settings["default"] = known
        connections["default"] = before
