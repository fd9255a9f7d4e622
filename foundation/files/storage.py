"""Where contents lie: in the storage `files` of the settings, under random names that tell nothing."""

import io
import secrets
from typing import IO

from django.core.files import File as DjangoFile
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.utils.translation import gettext as _


def files_storage() -> Storage:
    """Return the storage of files: a folder that nothing serves, or a bucket."""
    return storages["files"]


def path_of(storage_key: str) -> str:
    """Return where a content lies: in one of 256 folders, so that none grows without end."""
    return f"{storage_key[:2]}/{storage_key}"


def content_store(content: IO[bytes], storage_key: str) -> None:
    """Store a content from its start; raises OSError when there is no room or no way."""
    content.seek(0)
    files_storage().save(path_of(storage_key), DjangoFile(content))


def content_open(storage_key: str) -> IO[bytes]:
    """Return a content, opened for reading; raises FileNotFoundError when it is gone."""
    return files_storage().open(path_of(storage_key), "rb")


def content_drop(storage_key: str) -> None:
    """Remove a content that no version speaks of."""
    files_storage().delete(path_of(storage_key))


def preview_open(storage_key: str, page: int) -> IO[bytes]:
    """Return the picture of a page, opened for reading; raises FileNotFoundError when it was not drawn yet."""
    return files_storage().open(_preview_path(storage_key, page), "rb")


def preview_store(picture: bytes, storage_key: str, page: int) -> None:
    """Keep the picture of a page beside the content."""
    files_storage().save(_preview_path(storage_key, page), ContentFile(picture))


def _preview_path(storage_key: str, page: int) -> str:
    return f"{path_of(storage_key)}.page{page}"


def storage_problem() -> str:
    """Return why contents can't be stored, read and removed just now, empty when they can: tried with one of its own.

    Should it stay behind, it is an orphan, and goes a day later.
    """
    probe = b"Written by ./portal doctor"
    key = secrets.token_hex(16)
    try:
        content_store(io.BytesIO(probe), key)
        with content_open(key) as stored:
            found = stored.read()
        content_drop(key)
    except OSError as error:
        return str(error)
    return "" if found == probe else _("what was read is not what was written")
