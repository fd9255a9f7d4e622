"""Asking a virus scanner: clamd, by its own protocol (`man clamd`, INSTREAM), where CLAMD_URL names one."""

import socket
import struct
from typing import IO
from urllib.parse import urlsplit

import structlog
from django.utils.translation import gettext as _

from foundation.files.inspection.refusals import FileRefused
from foundation.files.inspection.signatures import chunks_of

logger = structlog.get_logger(__name__)

PORT = 3310
CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 60.0
LONGEST_ANSWER = 4096
SIZE_LIMIT = "size limit exceeded"


class ScannerAway(Exception):
    """The scanner can't be asked, or does not say what it found."""


class AboveLimit(ScannerAway):
    """The file is larger than the scanner takes (clamd's StreamMaxLength)."""


def refuse_virus(file: IO[bytes], url: str) -> None:
    """Raise FileRefused when the scanner finds something, and also when it can't be asked: nothing comes in unseen.

    `url` is `tcp://host:3310` or `unix:///run/clamav/clamd.ctl`.
    """
    try:
        name = virus_in(file, url)
    except AboveLimit as error:
        raise FileRefused(_above_limit()) from error
    except ScannerAway as error:
        raise FileRefused(_away()) from error
    if name:
        words = _("A virus was found in it (%(name)s). It was not stored.") % {"name": name}
        raise FileRefused(words, is_malware=True)


def virus_in(file: IO[bytes], url: str) -> str:
    """Return what the scanner calls the virus that it finds in a file, empty for a clean one; raise ScannerAway."""
    try:
        answer = _ask(file, url)
    except OSError as error:
        logger.exception("files.scanner_away", url=url)
        raise ScannerAway(str(error)) from error
    if answer.endswith(" FOUND"):
        return answer.removeprefix("stream: ").removesuffix(" FOUND")
    if not answer.endswith("OK"):
        logger.error("files.scanner_failed", answer=answer)
        if SIZE_LIMIT in answer:
            raise AboveLimit(answer)
        raise ScannerAway(answer)
    return ""


def scanner_problem(url: str) -> str:
    """Return why the scanner can't be asked, empty when it answers."""
    try:
        with _connected(url) as scanner:
            scanner.sendall(b"zPING\0")
            answer = _answer(scanner)
    except OSError as error:
        return str(error)
    return "" if answer == "PONG" else answer


def _ask(file: IO[bytes], url: str) -> str:
    """Send a file in pieces, each behind its length, and return what the scanner says of it."""
    with _connected(url) as scanner:
        scanner.sendall(b"zINSTREAM\0")
        try:
            for chunk in chunks_of(file):
                scanner.sendall(struct.pack("!I", len(chunk)) + chunk)
            scanner.sendall(struct.pack("!I", 0))
        except (BrokenPipeError, ConnectionResetError):
            # Above its limit it answers and hangs up, whatever is still on its way.
            if answer := _answer(scanner):
                return answer
            raise
        return _answer(scanner)


def _answer(scanner: socket.socket) -> str:
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < LONGEST_ANSWER:
        piece = scanner.recv(LONGEST_ANSWER)
        if not piece:
            break
        answer += piece
    return answer.rstrip(b"\0\n").decode(errors="replace")


def _connected(url: str) -> socket.socket:
    parts = urlsplit(url)
    if parts.scheme == "unix":
        scanner = socket.socket(socket.AF_UNIX)
        scanner.settimeout(CONNECT_SECONDS)
        scanner.connect(parts.path)
    else:
        address = (parts.hostname or "localhost", parts.port or PORT)
        scanner = socket.create_connection(address, timeout=CONNECT_SECONDS)
    scanner.settimeout(ANSWER_SECONDS)
    return scanner


def _above_limit() -> str:
    return _(
        "It is larger than the virus scanner takes, so it was not stored. Send it in smaller parts, or ask an "
        "administrator to raise the scanner's limit."
    )


def _away() -> str:
    return _(
        "It could not be checked for viruses just now, so it was not stored. Try again in a few minutes."
    )
