"""A file as what a document says, in the place of a text."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.models import User
from foundation.documents.extraction import KINDS, NotExtracted, document_text
from foundation.files.inspection import FileRefused, clean_name
from foundation.files.models import FileVersion
from foundation.files.services import FileKnown, Upload, file_add
from policies.models import Document, DocumentVersion
from policies.models.versions import MOST_TEXT
from policies.services.errors import DocumentRefused
from policies.services.versions import draft_write


def draft_upload(
    *,
    document: Document,
    upload: Upload,
    actor: User,
    now: datetime,
    revision: int,
    over: str = "",
    text: str | None = None,
) -> DocumentVersion:
    """Let a DOCX or PDF be what the draft says that was read at `revision`; its text is kept for search.

    The file becomes one of the document's files. `text` is what `document_text` read of it just before. Raises DocumentRefused for one that is none of these, or does more than being
    read, and what `draft_write` raises.
    """
    kind = clean_name(upload.name).rpartition(".")[2].casefold()
    if kind not in KINDS:
        raise DocumentRefused(_("A document is a DOCX or a PDF."))
    with transaction.atomic():
        try:
            version = _file_of(document, upload, actor, now)
            said = document_text(upload.content, kind) if text is None else text
        except (FileRefused, NotExtracted) as refused:
            raise DocumentRefused(str(refused)) from refused
        return draft_write(
            document=document,
            changes={"file": version, "body": said[:MOST_TEXT]},
            is_material=None,
            actor=actor,
            now=now,
            revision=revision,
            over=over,
        )


def draft_to_text(*, document: Document, actor: User, now: datetime, revision: int) -> DocumentVersion:
    """Let the draft's text be what it says again, in the place of the file that the text was read from."""
    return draft_write(
        document=document, changes={"file": None}, is_material=None, actor=actor, now=now, revision=revision
    )


def _file_of(document: Document, upload: Upload, actor: User, now: datetime) -> FileVersion:
    """Return the upload as a file of the document; that which is there already, where it is."""
    try:
        file = file_add(record=document, upload=upload, actor=actor, now=now)
    except FileKnown as known:
        file = known.file
    found: FileVersion = FileVersion.objects.select_related("file").get(file=file, number=file.latest)
    return found
