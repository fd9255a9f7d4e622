"""What the tests of duties share: folders of their own for files, packs, keys and checkpoints."""

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def folders(settings: Any, tmp_path: Path) -> Path:
    """Keep files, packs, keys and checkpoints of a test apart from the installation's."""
    entry = settings.STORAGES["files"]
    options = {**entry["OPTIONS"], "location": tmp_path / "files"}
    settings.STORAGES = {**settings.STORAGES, "files": {**entry, "OPTIONS": options}}
    settings.VAR_DIR = tmp_path / "var"
    settings.TRAIL_CHECKPOINT_DIR = tmp_path / "trail"
    settings.TRAIL_SIGNING_KEY = settings.TRAIL_SIGNING_KEY_FILE = ""
    return tmp_path
