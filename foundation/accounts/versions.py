"""Which version of something a form was filled from: told by what the form shows of it, not by a counter.

Signing in writes the person's row, moving a unit writes those below it: neither makes a form stale that shows none of it.
"""

import json
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from django.db.models import Model

OWN_FIELDS = ("full_name", "time_zone", "language")
PERSON_FIELDS = ("full_name", "email", "job_title", "unit", "manager", "time_zone", "language")
UNIT_FIELDS = ("name", "code", "country")
UNIT_PLACE = ("parent",)
GRANT_DATES = ("starts_on", "ends_on")
SETTINGS = ("name", "time_zone", "currency", "base_url", "reminder_hour", "mfa_roles")


class StaleEdit(Exception):
    """Somebody else changed it since the form was filled; `current` is what it is now."""

    def __init__(self, current: Any) -> None:
        super().__init__(str(current))
        self.current = current


def version_of(row: Model, fields: Sequence[str]) -> str:
    """Return what stands for the values of these fields: the same as long as none of them changes."""
    attributes = [row._meta.get_field(name).attname for name in fields]  # type: ignore[union-attr]
    return version_of_values([getattr(row, name) for name in attributes])


def version_of_values(values: Sequence[Any]) -> str:
    """Return what stands for these values, in this order."""
    return sha256(json.dumps([str(value) for value in values]).encode()).hexdigest()[:32]


def version_check(row: Model, fields: Sequence[str], seen: str | None) -> None:
    """Raise StaleEdit unless the locked row is as it was seen; None: nobody looked at it before."""
    if seen is not None and seen != version_of(row, fields):
        raise StaleEdit(row)
