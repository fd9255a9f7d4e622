"""Pages of files as pictures: drawn in a confined process when somebody looks at them, and kept."""

import shutil
import tempfile
import threading
from pathlib import Path
from typing import IO

import structlog

from foundation.confined import Limits, ProgramFailed, answer_of
from foundation.files.models import FileVersion
from foundation.files.storage import content_open, preview_open, preview_store

logger = structlog.get_logger(__name__)

DRAWING = Path(__file__).with_name("drawing.py")
CONTENT_TYPE = "image/webp"
MOST_PAGES = 200  # of one PDF
LIMITS = Limits(megabytes=1536, seconds=20, patience=30.0)  # the libraries alone take some hundred megabytes
AT_ONCE = threading.BoundedSemaphore(2)  # drawings of this process
WAIT = 20.0  # seconds for one's turn
PDF = "application/pdf"


class NotDrawn(Exception):
    """A page can't be shown: the file is protected, damaged, or too much; or too many others are being drawn."""


def pages_count(content: IO[bytes], content_type: str) -> int:
    """Return how many pages of a file can be looked at; none of one that is no picture and no readable PDF."""
    if content_type.startswith("image/"):
        return 1
    if content_type != PDF:
        return 0
    content.seek(0)
    try:
        return min(int(_draw(content, "count")), MOST_PAGES)
    except NotDrawn:
        return 0


def page_picture(version: FileVersion, number: int) -> bytes:
    """Return a page of a version as WebP; raise NotDrawn when it can't be drawn, OSError when the storage is away."""
    try:
        with preview_open(version.storage_key, number) as kept:
            return kept.read()
    except FileNotFoundError:
        pass
    kind = "pdf" if version.content_type == PDF else "picture"
    try:
        with content_open(version.storage_key) as content:
            drawn = _draw(content, kind, str(number))
    except FileNotFoundError as error:
        raise NotDrawn from error
    try:
        preview_store(drawn, version.storage_key, number)
    except OSError:
        logger.exception(
            "files.preview_not_kept", storage_key=version.storage_key
        )  # drawn anew the next time
    return drawn


def _draw(content: IO[bytes], *arguments: str) -> bytes:
    """Run the drawing program on a content, and return what it answers."""
    if not AT_ONCE.acquire(timeout=WAIT):
        raise NotDrawn
    try:
        with tempfile.TemporaryFile() as given:
            shutil.copyfileobj(content, given)
            given.seek(0)
            return answer_of(DRAWING, *arguments, question=given, limits=LIMITS).content
    except (ProgramFailed, OSError) as error:
        logger.info("files.not_drawn", reason=str(error))
        raise NotDrawn from error
    finally:
        AT_ONCE.release()
