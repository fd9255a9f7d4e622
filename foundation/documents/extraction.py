"""What a stranger's DOCX or PDF says, read by a program of its own; and why one is refused."""

from __future__ import annotations

import json
import shutil
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import IO

import structlog
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from foundation.confined import Limits, ProgramFailed, answer_of

logger = structlog.get_logger(__name__)

PROGRAM = Path(__file__).with_name("extractor.py")
LIMITS = Limits(megabytes=2048, seconds=30, patience=60.0)
AT_ONCE = threading.BoundedSemaphore(2)  # documents of this process
WAIT = 30.0  # seconds for one's turn
KINDS = ("docx", "pdf")

REASONS = {
    "scripts": lazy("It carries macros or scripts. Save it without them."),
    "launches": lazy("It starts programs, opens other files or sends forms. Save it without such actions."),
    "starts": lazy(
        "It does something by itself as soon as it is opened or a page of it is shown, such as opening a web page. Save it without such "
        "actions."
    ),
    "files": lazy(
        "Other files are embedded in it. Save it without them, and add them as files of their own."
    ),
    "forms": lazy("It holds a form that programs draw themselves (XFA). Print it into a plain PDF."),
    "linked": lazy(
        "It fetches parts from elsewhere, or links to other places than web pages and mail addresses. Embed the parts, and take the "
        "links out."
    ),
    "encrypted": lazy("It is protected by a password, so nobody can look into it. Save it without one."),
    "unaccepted": lazy(
        "It holds changes that nobody accepted yet, so it says two things. Accept or reject them first."
    ),
    "broken": lazy("It is damaged. Save it again."),
}


BESIDE = {
    "headers": lazy("Page headers"),
    "footers": lazy("Page footers"),
    "footnotes": lazy("Footnotes"),
    "endnotes": lazy("Endnotes"),
}


class NotExtracted(Exception):
    """A document is not taken; the message tells its sender why, and what to do about it."""


def document_text(content: IO[bytes], kind: str) -> str:
    """Return what a DOCX or PDF (`kind`) says, in Markdown; raise NotExtracted for one that does more than being read.

    What stands beside the text of a DOCX (page headers and footers, notes) comes behind it, under what it is.
    """
    if not AT_ONCE.acquire(timeout=WAIT):
        raise NotExtracted(_("Too many documents are being read just now. Try again in a minute."))
    try:
        with tempfile.TemporaryFile() as given:
            content.seek(0)
            shutil.copyfileobj(content, given)
            given.seek(0)
            answer = json.loads(answer_of(PROGRAM, kind, question=given, limits=LIMITS).content)
    except (ProgramFailed, OSError, ValueError) as error:
        logger.info("documents.not_extracted", reason=str(error))
        raise NotExtracted(
            _("It could not be read: it is damaged, or takes too much. Save it again, or part it.")
        ) from error
    finally:
        AT_ONCE.release()
    if "refused" in answer:
        raise NotExtracted(str(REASONS[answer["refused"]]))
    return _with_beside(answer["text"], answer["beside"])


def _with_beside(text: str, beside: Mapping[str, str]) -> str:
    """Return a text with what stands beside it, under a rule; in the language of the installation, since it is kept."""
    if not beside:
        return text
    with translation.override(settings.LANGUAGE_CODE):
        parts = [f"**{BESIDE[key]}**\n\n{said}" for key, said in beside.items()]
    return "\n\n".join([*filter(None, [text]), "---", *parts])
