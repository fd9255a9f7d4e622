"""What the trail's tests share: a folder for keys and checkpoints, and a hand that tampers as the tables' owner."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connections, transaction

from foundation.trail.models import Entry
from foundation.trail.services import entry_write

GUARDED = ("trail_entry", "trail_seal", "trail_checkpoint")


@pytest.fixture(autouse=True)
def trail_folder(settings: Any, tmp_path: Path) -> Path:
    """Keep keys and checkpoints of the test apart from the installation's."""
    settings.TRAIL_CHECKPOINT_DIR = tmp_path / "trail"
    settings.TRAIL_SIGNING_KEY = settings.TRAIL_SIGNING_KEY_FILE = ""
    return tmp_path / "trail"


@pytest.fixture
def write() -> Callable[..., Entry]:
    """Return a function that writes an entry in a transaction of its own."""

    def written(action: str = "tests.thing.done", **values: Any) -> Entry:
        return entry_write(action=action, actor=None, **values)

    return written


@pytest.fixture
def tamper() -> Callable[..., None]:
    """Return a function that runs SQL as the owner, with the triggers of the trail's tables switched off meanwhile."""

    def tampered(sql: str, *params: Any) -> None:
        with transaction.atomic("owner"), connections["owner"].cursor() as cursor:
            for table in GUARDED:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            cursor.execute(sql, params)
            for table in GUARDED:
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")

    return tampered
