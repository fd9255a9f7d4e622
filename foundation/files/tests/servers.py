"""Real servers on loopback for tests: a virus scanner that speaks clamd's protocol, and a bucket that speaks S3's."""

import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

VIRUS = b"what the scanner knows"
UNJUDGED = b"what the scanner finds too large"
CUT_SHORT = b"what the scanner finds too large before it has all of it"
TOO_LARGE = b"INSTREAM size limit exceeded. ERROR\0"


class Scanner(socketserver.StreamRequestHandler):
    """Answers INSTREAM as `man clamd` says."""

    def handle(self) -> None:
        asked = self.rfile.read(6)
        if asked == b"zPING\0":
            self.wfile.write(b"PONG\0")
            return
        assert asked + self.rfile.read(4) == b"zINSTREAM\0"
        content = b""
        while length := struct.unpack("!I", self.rfile.read(4))[0]:
            content += self.rfile.read(length)
            if CUT_SHORT in content:
                self.wfile.write(TOO_LARGE)
                return
        found = b"Test.Virus-1 FOUND" if VIRUS in content else b"OK"
        if UNJUDGED in content:
            self.wfile.write(TOO_LARGE)
        else:
            self.wfile.write(b"stream: " + found + b"\0")


class Bucket(BaseHTTPRequestHandler):
    """Keeps objects in memory: PUT, GET, HEAD, DELETE, and lists by prefix and delimiter.

    `failing` names methods that are answered by 500; with "cut" in it, the connection ends in the middle of an object.
    """

    objects: dict[str, tuple[bytes, float]]
    failing: set[str]

    def parse_request(self) -> bool:
        if super().parse_request() and self.command not in self.failing:
            return True
        self.rfile.read(int(self.headers["Content-Length"] or 0))
        self._answer(500)
        return False

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if "aws-chunked" in self.headers.get("Content-Encoding", ""):
            body = _unchunked(body)
        self.objects[self.key] = (body, 1_800_000_000.0)
        self._answer(200)

    def do_HEAD(self) -> None:
        self._send_object(with_body=False)

    def do_GET(self) -> None:
        if self.key:
            self._send_object()
        else:
            self._send_list()

    def do_DELETE(self) -> None:
        self.objects.pop(self.key, None)
        self._answer(204)

    @property
    def key(self) -> str:
        return unquote(urlsplit(self.path).path).removeprefix("/evidence").lstrip("/")

    def _send_object(self, *, with_body: bool = True) -> None:
        if self.key not in self.objects:
            self._answer(404)
            return
        content, at = self.objects[self.key]
        headers = {"Last-Modified": formatdate(at, usegmt=True), "ETag": '"1"'}
        self._answer(200, content, with_body=with_body, **headers)

    def _send_list(self) -> None:
        prefix = parse_qs(urlsplit(self.path).query).get("prefix", [""])[0]
        below = [key.removeprefix(prefix) for key in sorted(self.objects) if key.startswith(prefix)]
        folders = sorted({name.partition("/")[0] for name in below if "/" in name})
        lines = [
            f"<Contents><Key>{escape(prefix + name)}</Key></Contents>" for name in below if "/" not in name
        ]
        lines += [
            f"<CommonPrefixes><Prefix>{escape(prefix + name)}/</Prefix></CommonPrefixes>" for name in folders
        ]
        content = f"<ListBucketResult><IsTruncated>false</IsTruncated>{''.join(lines)}</ListBucketResult>"
        self._answer(200, content.encode())

    def _answer(self, status: int, content: bytes = b"", *, with_body: bool = True, **headers: str) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        if with_body and "cut" in self.failing and self.key:
            self.wfile.write(content[: len(content) // 2])
            self.close_connection = True
        elif with_body:
            self.wfile.write(content)

    def log_message(self, *_values: Any) -> None:
        """Say nothing."""


@contextmanager
def running(server: socketserver.BaseServer) -> Iterator[socketserver.BaseServer]:
    """Run a server in a thread for the duration of the block."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def scanner_running(path: str = "") -> Iterator[str]:
    """Run a scanner, on a port or on a socket of this path, and yield its CLAMD_URL."""
    if path:
        with running(socketserver.ThreadingUnixStreamServer(path, Scanner)):
            yield f"unix://{path}"
    else:
        server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Scanner)
        with running(server):
            yield f"tcp://127.0.0.1:{server.server_address[1]}"


@contextmanager
def bucket_running() -> Iterator[tuple[str, dict[str, tuple[bytes, float]], set[str]]]:
    """Run a bucket called evidence, and yield its endpoint, what it holds, and what fails in it."""
    held: dict[str, tuple[bytes, float]] = {}
    failing: set[str] = set()
    own = type("OwnBucket", (Bucket,), {"objects": held, "failing": failing})
    server = ThreadingHTTPServer(("127.0.0.1", 0), own)
    with running(server):
        yield f"http://127.0.0.1:{server.server_address[1]}", held, failing


def _unchunked(body: bytes) -> bytes:
    """Return the content of a body in the pieces of `aws-chunked`."""
    content = b""
    while body:
        head, _line, body = body.partition(b"\r\n")
        length = int(head.partition(b";")[0], 16)
        if not length:
            break
        content, body = content + body[:length], body[length + 2 :]
    return content
