"""A wake-up call: PostgreSQL knows which requests wait, and for whom."""

from datetime import datetime

from celery import shared_task
from django.db import transaction

from foundation import clock
from foundation.accounts.models import User
from foundation.approvals.following import request_follow, requests_open
from foundation.approvals.services import approval_follow_words
from foundation.batches import each_apart, task_wake


@shared_task(name="approvals.follow")
def follow() -> None:
    """Call those who may decide what waits by now, and tell who asked where others decide, or nobody can."""
    each_apart(requests_open(), lambda key: request_follow(key=key, now=clock.now()))


@shared_task(name="approvals.follow_words")
def follow_words(actor_id: int) -> None:
    """Void what waits for a decision and repeats words that this person just changed. `follow` does it where this call was lost."""
    actor = User.objects.get(pk=actor_id)
    each_apart(requests_open(), lambda key: approval_follow_words(key=key, actor=actor, now=clock.now()))


def words_wake(*, actor: User, now: datetime) -> None:
    """Have a worker look through what waits, once the words are changed: who changes a name does not wait for it."""
    transaction.on_commit(lambda: task_wake(follow_words, actor.pk))
