"""From whom records are withheld."""

from collections.abc import Iterable

from django.db import transaction

from foundation.records.models import Withheld


@transaction.atomic
def records_withhold(*, records: Iterable[int], users: Iterable[int]) -> None:
    """Withhold records from exactly these people, all by their keys: they know of those alone that they own.

    What is as it should be is not written again: one query then, whatever the number.
    """
    keys, people = list(records), set(users)
    wanted = {(record_id, user_id) for record_id in keys for user_id in people}
    kept = set(Withheld.objects.filter(record_id__in=keys).values_list("record_id", "user_id"))
    gone = {user_id for _record_id, user_id in kept - wanted}
    if gone:
        Withheld.objects.filter(record_id__in=keys, user_id__in=gone).delete()
    Withheld.objects.bulk_create(
        (Withheld(record_id=record_id, user_id=user_id) for record_id, user_id in sorted(wanted - kept)),
        batch_size=1_000,
    )
