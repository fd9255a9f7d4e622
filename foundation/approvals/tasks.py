"""A wake-up call: PostgreSQL knows which requests wait, and for whom."""

from celery import shared_task

from foundation import clock
from foundation.approvals.following import request_follow, requests_open
from foundation.batches import each_apart


@shared_task(name="approvals.follow")
def follow() -> None:
    """Call those who may decide what waits by now, and tell who asked where others decide, or nobody can."""
    each_apart(requests_open(), lambda key: request_follow(key=key, now=clock.now()))
