"""What stands against adding and changing files of an activity: the evidence of what has ended stays as it is."""

from datetime import datetime
from typing import Any

from duties.choices import TO_DO
from duties.models import Activity
from duties.permissions import doing_refusal
from foundation.accounts.models import User
from foundation.files.models import File
from foundation.records.models import Record


def adding_refusal(*, record: Record, user: User, now: datetime) -> str | None:
    """Return why nothing is added to an activity's files, or None."""
    return None if record.state in TO_DO else _why(record)


def changing_refusal(*, file: File, user: User, now: datetime) -> str | None:
    """Return why a file of an activity stays as it is, or None."""
    return adding_refusal(record=file.record, user=user, now=now)


def _why(record: Any) -> str | None:
    return doing_refusal(record if isinstance(record, Activity) else Activity(state=record.state))
