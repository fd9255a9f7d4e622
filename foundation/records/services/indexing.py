"""The words that search reads, for rows that were not saved one by one."""

from django.apps import apps
from django.db import connection

from foundation.records.lexemes import vector_of
from foundation.records.models import Record
from foundation.registry import RecordKind, registry

AT_ONCE = 1_000


def records_index(*, anew: bool = False) -> int:
    """Write the words of all records that have none, or of all (`anew`: what a kind is found by has changed).

    Returns how many were written. A thousand at a time, each in a transaction of its own: it may be stopped and begun again.
    """
    written = 0
    for kind in registry.all(RecordKind):
        after = 0
        model = apps.get_model(kind.model)
        rows = model._default_manager.filter(kind=kind.key).order_by("pk")
        if not anew:
            rows = rows.filter(words__isnull=True)
        while records := list(rows.filter(pk__gt=after)[:AT_ONCE]):
            _words_write(records)
            written += len(records)
            after = records[-1].pk
    return written


def _words_write(records: list[Record]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE records_record SET words = new.words::tsvector"
            " FROM unnest(%s::bigint[], %s::text[]) AS new (id, words) WHERE records_record.id = new.id",
            [
                [record.pk for record in records],
                [vector_of(record.searched_text() or {}) for record in records],
            ],
        )
