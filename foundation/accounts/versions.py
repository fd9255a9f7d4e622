"""Which version of a person, a unit or the organisation a form was filled from: told by what the form shows, not by a counter.

Signing in writes the person's row, moving a unit writes those below it: neither makes a form stale that shows none of it.
"""

import json
from collections.abc import Sequence
from hashlib import sha256

from django.db.models import Model

PERSON_FIELDS = ("full_name", "email", "job_title", "unit", "manager", "time_zone", "language")
UNIT_FIELDS = ("name", "code", "country")
UNIT_PLACE = ("parent",)
SETTINGS = ("name", "time_zone", "currency", "base_url", "reminder_hour", "mfa_roles")


class StaleEdit(Exception):
    """Somebody else changed it since the form was filled; `current` is what it is now."""

    def __init__(self, current: Model) -> None:
        super().__init__(str(current))
        self.current = current


def version_of(row: Model, fields: Sequence[str]) -> str:
    """Return what stands for the values of these fields: the same as long as none of them changes."""
    attributes = [row._meta.get_field(name).attname for name in fields]  # type: ignore[union-attr]
    values = [str(getattr(row, name)) for name in attributes]
    return sha256(json.dumps(values).encode()).hexdigest()[:32]


def version_check(row: Model, fields: Sequence[str], seen: str | None) -> None:
    """Raise StaleEdit unless the locked row is as it was seen; None: nobody looked at it before."""
    if seen is not None and seen != version_of(row, fields):
        raise StaleEdit(row)
