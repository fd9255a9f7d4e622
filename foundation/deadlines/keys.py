"""The unique keys of reminders: deadline, recipient, date, rung."""

from datetime import date, datetime

PREFIX = "deadline:"


def deadline_prefix(deadline_id: int) -> str:
    """Return what the keys of all notices of a deadline start with."""
    return f"{PREFIX}{deadline_id}:"


def recipient_prefix(deadline_id: int, recipient_id: int) -> str:
    """Return what the keys of a deadline's notices to one person start with."""
    return f"{deadline_prefix(deadline_id)}{recipient_id}:"


def notice_key(deadline_id: int, recipient_id: int, due: date | datetime, rung: int) -> str:
    """Return the key of one reminder to one person.

    It carries the date, so that another date reminds anew; of a whole day not the instant at which it ends, since
    another time zone of the organisation is no reason to remind twice.
    """
    return f"{recipient_prefix(deadline_id, recipient_id)}{due.isoformat()}:{rung}"
