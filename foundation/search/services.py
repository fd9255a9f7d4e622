"""Keeping what a person has looked at."""

from datetime import datetime, timedelta

from django.core.cache import cache
from django.db import connection

from foundation.accounts.models import User
from foundation.records.models import Record
from foundation.search.models import RecordVisit

NOTED_EVERY = timedelta(minutes=5)
KEPT = timedelta(days=90)
KEEP_VISIT = """
    INSERT INTO search_recordvisit (user_id, record_id, at) VALUES (%s, %s, %s)
    ON CONFLICT (user_id, record_id) DO UPDATE SET at = EXCLUDED.at
"""


def visit_note(*, record: Record, user: User, now: datetime) -> None:
    """Note that a person opened a record: one write in five minutes for each, however often it is opened."""
    if not cache.add(f"search:visit:{user.pk}:{record.pk}", 1, timeout=NOTED_EVERY.total_seconds()):
        return
    visit_keep(record=record, user=user, now=now)


def visit_keep(*, record: Record, user: User, now: datetime) -> None:
    """Keep when a person last opened a record.

    The page does not wait until the disk has it: who opened what last may be lost with the machine's power. Within a
    transaction of somebody else's it is as durable as that.
    """
    hastily = "" if connection.in_atomic_block else "SET LOCAL synchronous_commit TO off;"
    with connection.cursor() as cursor:
        cursor.execute(hastily + KEEP_VISIT, [user.pk, record.pk, now])


def visits_forget(*, now: datetime) -> int:
    """Forget visits of more than ninety days ago; return how many."""
    return RecordVisit.objects.filter(at__lt=now - KEPT).delete()[0]
