"""Who changed a person or a unit last."""

from typing import Any

from django.db.models import Model

from foundation.trail.models import Entry

PART_OF = "part_of"


def last_change(action: str, row: Model) -> Entry | None:
    """Return the trail's latest entry of this action about a person or a unit, if what it says is so still.

    The trail knows people and units by name alone, so an entry about a namesake is told by what it says.
    """
    entry = (
        Entry.objects.filter(action=action, subject=str(row)).defer("words").order_by("-at", "-pk").first()
    )
    if entry is None or any(_plain(row, name) != value for name, value in entry.after.items()):
        return None
    return entry


def _plain(row: Model, name: str) -> Any:
    value = getattr(row, "parent" if name == PART_OF else name, None)
    return value if value is None or isinstance(value, bool | int) else str(value)
