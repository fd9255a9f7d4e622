"""Runs the mail server that keeps nothing, in a process of its own."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from bench.server import ServerFailed, free_port

PATIENCE_SECONDS = 10.0


@contextmanager
def mail_sink() -> Iterator[int]:
    """Run the server and yield its port."""
    port = free_port()
    command = [sys.executable, "-m", "bench.smtp_sink", str(port)]
    process = subprocess.Popen(command, cwd=Path(settings.BASE_DIR))  # noqa: S603 - our own program
    try:
        _wait_for(port, process)
        yield port
    finally:
        process.terminate()
        process.wait()


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise ServerFailed("The mail sink did not start.")
