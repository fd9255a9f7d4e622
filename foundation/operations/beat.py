"""Beat's scheduler, which leaves a sign of life in the database whenever beat has sent a task.

Beat itself writes it, in its own process: so a beat that is silent is told from a worker that is.
"""

import logging
import time
from typing import Any

from celery.beat import PersistentScheduler
from django.db import DatabaseError, close_old_connections

from foundation import clock
from foundation.operations.choices import Program
from foundation.operations.services import heartbeat_record

FIRST_ENTRY = "operations-worker-heartbeat"
SECONDS_BETWEEN_SIGNS = 20.0

logger = logging.getLogger(__name__)


class HeartbeatScheduler(PersistentScheduler):
    """Celery's own scheduler, with a sign of life."""

    _next_sign = 0.0

    def setup_schedule(self) -> None:
        """Read the schedule, and have the worker give a sign of life at once, so that a start is seen."""
        super().setup_schedule()
        entry = self.schedule.get(FIRST_ENTRY)
        if entry is not None:
            self.apply_entry(entry)

    def apply_async(self, *arguments: Any, **options: Any) -> Any:
        """Send a task; when the broker has taken it, leave the sign."""
        sent = super().apply_async(*arguments, **options)
        self._leave_sign()
        return sent

    def _leave_sign(self) -> None:
        if time.monotonic() < self._next_sign:
            return
        self._next_sign = time.monotonic() + SECONDS_BETWEEN_SIGNS
        try:
            close_old_connections()
            heartbeat_record(program=Program.BEAT, now=clock.now())
        except DatabaseError as error:
            # Beat goes on waking the worker up: a database that restarts must not end it.
            logger.warning("The database did not take beat's sign of life: %s", error)
