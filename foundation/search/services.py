"""Keeping what a person has looked at."""

from datetime import datetime, timedelta

from django.core.cache import cache

from foundation.accounts.models import User
from foundation.records.models import Record
from foundation.search.models import RecordVisit

NOTED_EVERY = timedelta(minutes=5)
KEPT = timedelta(days=90)


def visit_note(*, record: Record, user: User, now: datetime) -> None:
    """Note that a person opened a record: one write in five minutes for each, however often it is opened."""
    if not cache.add(f"search:visit:{user.pk}:{record.pk}", 1, timeout=NOTED_EVERY.total_seconds()):
        return
    visit_keep(record=record, user=user, now=now)


def visit_keep(*, record: Record, user: User, now: datetime) -> None:
    """Keep when a person last opened a record."""
    RecordVisit.objects.bulk_create(
        [RecordVisit(user_id=user.pk, record_id=record.pk, at=now)],
        update_conflicts=True,
        unique_fields=["user", "record"],
        update_fields=["at"],
    )


def visits_forget(*, now: datetime) -> int:
    """Forget visits of more than ninety days ago; return how many."""
    return RecordVisit.objects.filter(at__lt=now - KEPT).delete()[0]
