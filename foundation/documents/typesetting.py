"""Documents as PDF: drawn by a program of its own, from data and a template of ours. The same data gives the same bytes."""

from __future__ import annotations

import json
import tempfile
import threading
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog
from django.conf import settings

from foundation.confined import Limits, ProgramFailed, answer_of
from foundation.documents.blocks import Document, document_data
from foundation.documents.characters import all_legible
from foundation.documents.fonts import FontsMissing, font_folders

logger = structlog.get_logger(__name__)

PROGRAM = Path(__file__).with_name("typesetter.py")
CONTENT_TYPE = "application/pdf"
TEMPLATES = Path(settings.BASE_DIR) / "templates" / "typst"
TEMPLATE = "document.typ"
MOST_BYTES = 20 * 1024 * 1024  # of data: a book of several thousand pages
LIMITS = Limits(megabytes=3072, seconds=120, patience=150.0)
AT_ONCE = threading.BoundedSemaphore(2)  # documents of this process
WAIT = 60.0  # seconds for one's turn


class NotTypeset(Exception):
    """A document could not be made: too much is in it, or the installation lacks something.

    Its words are for the log: how the program ended, and Typst's own reason.
    """


def document_pdf(document: Document, *, at: datetime) -> bytes:
    """Return a document as PDF that says it was made at that instant; raise NotTypeset."""
    return typeset(template=TEMPLATE, data=document_data(document), at=at)


def typeset(*, template: str, data: dict[str, Any], at: datetime) -> bytes:
    """Return what a template below templates/typst makes of data, as PDF; raise NotTypeset."""
    if not AT_ONCE.acquire(timeout=WAIT):
        raise NotTypeset("Too many documents are being made just now.")
    try:
        with tempfile.TemporaryFile() as question:
            question.write(_question(template, data, at))
            question.seek(0)
            answer = answer_of(PROGRAM, question=question, limits=LIMITS)
    except (ProgramFailed, FontsMissing, OSError) as error:
        logger.exception("documents.not_typeset", template=template)
        raise NotTypeset(str(error)) from error
    finally:
        AT_ONCE.release()
    if answer.said:
        logger.warning("documents.not_for_listeners", template=template, reason=answer.said)
    return answer.content


def _question(template: str, data: dict[str, Any], at: datetime) -> bytes:
    asked = {
        "root": str(TEMPLATES),
        "template": template,
        "fonts": [str(folder) for folder in font_folders()],
        "at": int(at.timestamp()),
        "data": all_legible(data),
    }
    content = json.dumps(asked).encode()
    if len(content) > MOST_BYTES:
        raise NotTypeset("There is too much in this document.")
    return content
