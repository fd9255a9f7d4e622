"""Writing signs of life."""

from datetime import datetime

from foundation.operations.choices import Program
from foundation.operations.models import Heartbeat


def heartbeat_record(*, program: Program, now: datetime) -> None:
    """Keep `now` as the program's last sign of life; one statement, safe against others that do the same."""
    Heartbeat.objects.bulk_create(
        [Heartbeat(name=program, at=now)],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["at"],
    )
