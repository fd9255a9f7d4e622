"""Locks that hold until the transaction ends, for rules about many rows at once."""

from enum import IntEnum

from django.db import connection

_SPACE = 0x0ACC  # keeps these locks apart from those of other apps


class Guarded(IntEnum):
    """What is changed by one transaction at a time."""

    UNIT_TREE = 1
    GRANTS = 2
    SETUP = 3


def lock(guarded: Guarded) -> None:
    """Wait until no other transaction changes this, and keep others out until this one ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_SPACE, guarded.value])
