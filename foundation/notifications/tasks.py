"""The wake-up call of the outbox."""

from celery import shared_task

from foundation import clock
from foundation.notifications.services.running import outbox_run


@shared_task(name="notifications.deliver", soft_time_limit=540, time_limit=600)
def deliver() -> None:
    """Compose and send what is due. Any number of these may run at once, be lost, or be delivered twice."""
    outbox_run(now=clock.now())
