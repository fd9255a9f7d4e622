"""The wake-up call of the outbox."""

from threading import Event
from typing import Any

from celery import shared_task
from celery.signals import worker_shutting_down

from foundation import clock
from foundation.notifications.services import outbox_run

_stopping = Event()


@shared_task(name="notifications.deliver")
def deliver() -> None:
    """Compose and send what is due. Any number of these may run at once, be lost, or be delivered twice."""
    outbox_run(now=clock.now(), stopping=_stopping.is_set)


@worker_shutting_down.connect(dispatch_uid="notifications.stop")
def _stop(**_kwargs: Any) -> None:
    """Let deliveries of this process end after the mail in hand."""
    _stopping.set()
