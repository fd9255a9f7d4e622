"""A wake-up call: PostgreSQL knows who verifies what, and which roles have ended."""

from celery import shared_task

from foundation import clock
from foundation.actions.services import decider_look, deciders_lost, verifier_look, verifiers_lost
from foundation.batches import each_apart


@shared_task(name="actions.follow_verifiers")
def follow_verifiers() -> None:
    """Ask others to verify what people may not verify any more, and to decide on what they may not decide on any more."""
    try:
        each_apart(verifiers_lost(now=clock.now()), lambda key: verifier_look(key=key, now=clock.now()))
    finally:
        each_apart(deciders_lost(now=clock.now()), lambda key: decider_look(key=key, now=clock.now()))
