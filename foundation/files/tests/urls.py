"""Who meets what behind the addresses of files."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from audits.tests.factories import audit_make
from foundation.files.tests.contents import file_make, picture
from foundation.testing.cast import Cast
from foundation.testing.urls import UrlRow, answers

# The audit is of payments, owned by the analyst and led by the auditor; the analyst adds the file.
READERS = answers(otherwise=404, ciso=200, analyst=200, auditor=200, unit_lead=200)
ADDERS = answers(otherwise=404, ciso=302, analyst=302, auditor=302, unit_lead=302)
MANAGERS = answers(otherwise=404, ciso=200, analyst=200, auditor=403, unit_lead=403)


def of_record(cast: Cast) -> Sequence[Any]:
    return [audit_make(cast).reference]


def of_file(*more: Any, with_reference: bool = False) -> Callable[[Cast], Sequence[Any]]:
    def arguments(cast: Cast) -> Sequence[Any]:
        audit = audit_make(cast)
        key = file_make(audit, cast.analyst).key
        return [audit.reference, key] if with_reference else [key, *more]

    return arguments


def of_picture(cast: Cast) -> Sequence[Any]:
    return [file_make(audit_make(cast), cast.analyst, "photo.png", picture()).key, 1, 1]


def sent(cast: Cast) -> Mapping[str, Any]:
    return {"uploads": SimpleUploadedFile("seen.txt", b"Seen on site")}


ROWS = [
    UrlRow(name="files:file-add", args=of_record, get=ADDERS, post=ADDERS, data=sent),
    UrlRow(
        name="files:version-add",
        args=of_file(with_reference=True),
        get=READERS,
        post={part: 422 if answer == 200 else answer for part, answer in READERS.items()},
    ),
    UrlRow(name="files:file-detail", args=of_file(), get=READERS),
    UrlRow(
        name="files:file-withdraw",
        args=of_file(),
        get=MANAGERS,
        post={**MANAGERS, "ciso": 302, "analyst": 302},
        data=lambda cast: {"comment": "The wrong file"},
    ),
    UrlRow(
        name="files:file-edit",
        args=of_file(),
        get=MANAGERS,
        post={**MANAGERS, "ciso": 302, "analyst": 302},
        data=lambda cast: {"description": "The signed copy", "version": ""},
    ),
    UrlRow(name="files:file-picture", args=of_picture, get=READERS),
    UrlRow(name="files:file-download", args=of_file(1), get=READERS),
]
