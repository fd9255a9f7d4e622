"""Two gigabytes sent in pieces, without a length before them, to the web server that `./portal up` starts."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from urllib.parse import urlsplit, urlunsplit

import psutil
import pytest
from django.conf import settings
from django.db import connections

from audits.tests.factories import audit_make
from ciso_portal import web
from foundation.files.models import File
from foundation.operations.embedded.postgres import free_port
from foundation.testing.cast import Cast
from foundation.testing.sign_in import client_of

MEGABYTE = 1024 * 1024
WOULD_SEND = 2 * 1024  # megabytes
TAKEN_AT_MOST = 32  # megabytes: what lies in the buffers of both sockets while the server closes
PATIENCE_SECONDS = 60
PIECE = b"%x\r\n%b\r\n" % (MEGABYTE, b"x" * MEGABYTE)


@dataclass
class Server:
    """The web server and what it may write to."""

    program: psutil.Process
    port: int
    scratch: Path

    def memory(self) -> int:
        """Return the megabytes that it holds, with its workers."""
        programs = [self.program, *self.program.children(recursive=True)]
        return sum(program.memory_info().rss for program in programs) // MEGABYTE

    def disk(self) -> int:
        """Return the megabytes of what it has written."""
        return sum(path.stat().st_size for path in self.scratch.rglob("*") if path.is_file()) // MEGABYTE


def url_of_tests(variable: str, alias: str) -> str:
    """Return the database URL of the environment, for the database of this test."""
    name = connections[alias].settings_dict["NAME"]
    return urlunsplit(urlsplit(os.environ[variable])._replace(path=f"/{name}"))


@pytest.fixture
def server(committed_cast: Cast, tmp_path: Path) -> Iterator[Server]:
    port = free_port()
    address = f"127.0.0.1:{port}"
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "gunicorn", "ciso_portal.wsgi:application"),
            *("--config", "python:ciso_portal.web", "--bind", address),
        ],
        cwd=settings.BASE_DIR,
        env=os.environ
        | {
            "DATABASE_URL": url_of_tests("DATABASE_URL", "default"),
            "DATABASE_OWNER_URL": url_of_tests("DATABASE_OWNER_URL", "owner"),
            "PORTAL_VAR_DIR": str(tmp_path),
            "TMPDIR": str(tmp_path),
            "SECRET_KEY": settings.SECRET_KEY,
        },
    )
    program = psutil.Process(process.pid)
    try:
        pause = Event()
        for _attempt in range(PATIENCE_SECONDS * 10):
            with socket.socket() as probe:
                listens = probe.connect_ex(("127.0.0.1", port)) == 0
            # It listens before all its workers are there, and each holds some hundred megabytes.
            if listens and len(program.children()) == web.workers:
                break
            pause.wait(0.1)
        yield Server(program, port, tmp_path)
    finally:
        process.terminate()
        process.wait(PATIENCE_SECONDS)


def send_endlessly(server: Server, path: str, head: list[str]) -> tuple[str, int]:
    """Send the beginning and wait for the answer, then send on for as long as the server takes it.

    Returns the first line of the answer, and how many megabytes were taken.
    """
    lines = [f"POST {path} HTTP/1.1", f"Host: 127.0.0.1:{server.port}", *head, "Transfer-Encoding: chunked"]
    with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE_SECONDS) as wire:
        wire.sendall("\r\n".join([*lines, "", "", "1", "x", ""]).encode())
        answer = wire.recv(100).decode().partition("\r\n")[0]
        for sent in range(WOULD_SEND):
            try:
                wire.sendall(PIECE)
            except OSError:  # it hung up
                return answer, sent
    return answer, WOULD_SEND


def test_it_is_refused_at_once(server: Server, committed_cast: Cast) -> None:
    session = client_of(committed_cast.analyst).cookies[settings.SESSION_COOKIE_NAME].value
    secret = "s" * 32
    signed_in = [
        f"Cookie: {settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={secret}",
        f"X-CSRFToken: {secret}",
        "Content-Type: multipart/form-data; boundary=part",
    ]
    path = f"/files/upload/{audit_make(committed_cast).reference}/"
    send_endlessly(server, path, signed_in)  # what is loaded by the first request stays
    memory = server.memory()
    for head in ([], signed_in):
        answer, taken = send_endlessly(server, path, head)
        assert answer == "HTTP/1.1 411 Length Required"
        assert taken <= TAKEN_AT_MOST
    assert server.memory() <= memory + 16
    assert server.disk() == 0
    assert not File.objects.exists()
