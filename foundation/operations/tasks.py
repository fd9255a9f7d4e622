"""The worker's sign of life, and the weekly mail to the CISO."""

from typing import Any

from celery import shared_task
from celery.signals import worker_ready

from foundation import clock
from foundation.operations.choices import Program
from foundation.operations.services import checkpoint_notices_write, heartbeat_record


@shared_task(name="operations.worker_heartbeat")
def worker_heartbeat() -> None:
    """Prove that the worker receives tasks, carries them out and reaches the database."""
    heartbeat_record(program=Program.WORKER, now=clock.now())


@shared_task(name="trail.mail_checkpoint")
def mail_checkpoint() -> int:
    """Tell the CISOs this week's checkpoint of the trail, unless they were told; return how many."""
    return checkpoint_notices_write(now=clock.now())


@worker_ready.connect(dispatch_uid="operations.worker_ready")
def _worker_is_ready(**_kwargs: Any) -> None:
    """Count being connected and ready as the first sign, so that a start is seen at once."""
    worker_heartbeat.delay()
