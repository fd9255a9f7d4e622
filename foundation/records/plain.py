"""Values as the trail keeps them: plain JSON that still speaks when what it points to is gone."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db.models import Model
from django.utils.duration import duration_iso_string


def plain(value: Any) -> Any:
    """Return a value as plain JSON.

    Numbers, booleans and None as they are; dates and times in ISO 8601, instants in UTC; people, units and whatever
    else is a row as `{"id": 7, "name": "Lena Brandt"}`; several values as a list; everything else as text.
    """
    match value:
        case None | bool() | int() | float():
            return value
        case Model():
            return {"id": value.pk, "name": row_name(value)}
        case datetime():
            return (value.astimezone(UTC) if value.tzinfo else value).isoformat()
        case date() | time():
            return value.isoformat()
        case timedelta():
            return duration_iso_string(value)
        case Mapping():
            return {str(key): plain(one) for key, one in value.items()}
        case list() | tuple() | set() | frozenset():
            return [plain(one) for one in value]
        case _:
            return str(value)


def row_name(row: Model) -> str:
    """Return what a row is called where others may read it: of a record its reference alone, for its title may be restricted."""
    return str(getattr(row, "reference", "") or row)
