"""Contents without a row: left by a process that ended between storing a file and writing about it."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from foundation.files.models import FileVersion
from foundation.files.storage import files_storage

FOLDER_LETTERS = 2
KEPT_FOR = timedelta(days=1)  # an upload that is under way has no row yet


def orphans_drop(*, now: datetime) -> int:
    """Remove contents, and pictures of their pages, that no version speaks of and that are older than a day; return how many.

    A folder at a time (there are 256), so that the memory does not grow with what is stored.
    """
    storage = files_storage()
    dropped = 0
    for folder, names in _folders():
        keys = {name.partition(".")[0] for name in names}
        known = set(FileVersion.objects.filter(storage_key__in=keys).values_list("storage_key", flat=True))
        for name in names:
            path = f"{folder}/{name}"
            if name.partition(".")[0] not in known and storage.get_modified_time(path) < now - KEPT_FOR:
                storage.delete(path)
                dropped += 1
    return dropped


def _folders() -> Iterator[tuple[str, list[str]]]:
    """Yield each folder of the storage and what lies in it; nothing before the first file was stored."""
    storage = files_storage()
    try:
        folders, _files = storage.listdir("")
    except FileNotFoundError:
        return
    for folder in folders:
        if len(folder) == FOLDER_LETTERS:  # what apps keep beside the files lies in folders of longer names
            yield folder, storage.listdir(folder)[1]
