"""Who changed something last that the trail knows by its name."""

from typing import Any

from django.db.models import Model

from foundation.trail.models import Entry

# What the trail calls a field otherwise than the row.
FIELDS = {"part_of": "parent", "from": "starts_on", "until": "ends_on"}


def last_change(action: str, row: Model, *, subject: str) -> Entry | None:
    """Return the trail's latest entry of this action about a row, if what it says is so still.

    The trail knows its subjects by name alone, so an entry about a namesake is told by what it says.
    """
    entry = Entry.objects.filter(action=action, subject=subject).defer("words").order_by("-at", "-pk").first()
    if entry is None or any(_plain(row, name) != value for name, value in entry.after.items()):
        return None
    return entry


def _plain(row: Model, name: str) -> Any:
    value = getattr(row, FIELDS.get(name, name), None)
    return value if value is None or isinstance(value, bool | int | list) else str(value)
