"""Keeping what was read of a file beside it, and forgetting it."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from compliance.models import Edition, ReadCatalogue, ReadChange
from foundation.records.imports.drafts import import_file_lock
from foundation.records.models import ImportFile

AT_ONCE = 500


@transaction.atomic
def reading_keep(
    *,
    file: ImportFile,
    against: str,
    said: dict[str, Any],
    edition: Edition | None,
    changes: Iterable[ReadChange],
) -> ReadCatalogue:
    """Keep what a file says and changes, in place of what was kept before."""
    locked = import_file_lock(file=file)
    reading_drop(file=locked)
    kept = ReadCatalogue.objects.create(file=locked, against=against, said=said, edition=edition)
    for place, change in enumerate(rows := list(changes)):
        change.catalogue, change.place = kept, place
    ReadChange.objects.bulk_create(rows, batch_size=AT_ONCE)
    return kept


def reading_drop(*, file: ImportFile) -> None:
    """Forget what was read of a file."""
    ReadCatalogue.objects.filter(file=file.pk).delete()
