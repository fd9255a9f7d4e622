"""What files give to the whole."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from foundation.accounts.permissions import person_of
from foundation.files.choices import VIRUS_FOUND
from foundation.files.forms import FilesForm
from foundation.files.permissions import adding_refusal, has_adding_right
from foundation.files.selectors import files_matching, files_of, files_present
from foundation.records.models import Record
from foundation.registry import FieldWords, NoticeKind, RecordTab, SearchSource, TrailVerb, registry


def tab_context(*, record: Record, request: HttpRequest, now: datetime) -> Mapping[str, Any]:
    """Return the record's files, and the form that adds more to whoever may; or why who may by right can't now."""
    person = person_of(request)
    by_right = has_adding_right(person, record)
    refusal = adding_refusal(person, record, now) if by_right else None
    may_add = by_right and refusal is None
    return {
        "file_lines": files_of(record, person),
        "may_add": may_add,
        "none_added_because": refusal,
        "form": FilesForm() if may_add else None,
        "most_bytes": settings.FILES_MAX_BYTES,
    }


def size_words(kind: str, value: Any) -> str | None:
    """Return a number of bytes as people read it."""
    return filesizeformat(value) if isinstance(value, int) else None


registry.register(
    RecordTab(
        key="files",
        label=_("Files"),
        icon="paperclip",
        template="files/tab_files.html",
        context=tab_context,
        rows=files_present,
        order=300,
    ),
    SearchSource(key="files", label=_("Files"), icon="files", search=files_matching),
    FieldWords(key="file_size", label=_("Size"), words=size_words),
    FieldWords(key="files", label=_("Files")),
    FieldWords(key="sha256", label="SHA-256"),
    TrailVerb(action="files.file.added", sentence=_("added the file {after[file]}"), icon="paperclip"),
    TrailVerb(
        action="files.file.version_added",
        sentence=_("added a new version of the file {before[file]}"),
        icon="files",
    ),
    TrailVerb(
        action="files.file.described",
        sentence=_("said in other words what the file {after[file]} shows"),
        icon="pencil",
    ),
    NoticeKind(
        key=VIRUS_FOUND,
        label=_("A virus was found in a file that came in unscanned"),
        reason=_("You own its record, added it, or are CISO."),
        stays_because=_("It may have been opened already."),
        may_be_digested=False,
        icon="urgent",
    ),
    TrailVerb(
        action="files.file.virus_found",
        sentence=_("found a virus in the file {after[file]}"),
        icon="urgent",
    ),
    TrailVerb(action="files.file.withdrawn", sentence=_("withdrew the file {before[file]}"), icon="ban"),
    TrailVerb(
        action="files.file.downloaded", sentence=_("downloaded the file {after[file]}"), icon="download"
    ),
    TrailVerb(
        action="files.file.viewed",
        sentence=_("looked at page {after[page]} of the file {after[file]}"),
        icon="eye",
    ),
    TrailVerb(
        action="files.upload.refused",
        sentence=_("tried to add the file {after[file]}, in which a virus was found"),
        icon="urgent",
    ),
)
