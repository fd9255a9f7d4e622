"""A real gunicorn on a loopback port, serving the portal on the benchmark's database."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile

from django.conf import settings

from bench.database import url_of

PATIENCE_SECONDS = 30.0


class ServerFailed(Exception):
    """The server did not come up; the message holds what it said."""


@contextmanager
def serving(database: str) -> Iterator[int]:
    """Run one worker process, as `./portal up` runs each of its own; yield the port."""
    port = free_port()
    environment = {
        **os.environ,
        "DATABASE_URL": url_of("DATABASE_URL", database),
        "DATABASE_OWNER_URL": "",
        "PYTHONUNBUFFERED": "1",
    }
    command = [
        *(sys.executable, "-m", "gunicorn", "bench.wsgi:application"),
        *("--config", "python:ciso_portal.web", "--bind", f"127.0.0.1:{port}", "--workers", "1"),
    ]
    with TemporaryFile() as log:
        process = subprocess.Popen(  # noqa: S603 - our own server
            command, cwd=Path(settings.BASE_DIR), env=environment, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            if not _wait_for(port, process):
                log.seek(0)
                raise ServerFailed(log.read().decode(errors="replace")[-4_000:])
            yield port
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def free_port() -> int:
    """Return a port of the loopback interface that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> bool:
    """Wait until the server answers anything at all; False when it ended or took too long."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until and process.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
        try:
            connection.request("GET", "/account/login/")
            connection.getresponse().read()
        except OSError:
            time.sleep(0.1)
        else:
            return True
        finally:
            connection.close()
    return False
