"""The database that tests begin with: migrated once, and kept below `var/` until what it is made from changes.

To migrate takes longer than most selections of tests. What is kept is the folder of a server that was stopped; each run
copies it, and each of its processes makes its own database from the one inside (`foundation/testing/database.py`).
"""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from foundation.operations.embedded.folder import Folder
from foundation.operations.embedded.locks import FileLock
from foundation.operations.embedded.postgres import MAJOR_VERSION
from foundation.operations.embedded.services import Services

TEMPLATE = "PORTAL_TEST_TEMPLATE"  # the environment's name for the name of the migrated database
TEMPLATE_DATABASE = "test_template"
FOLDER = "test-database"
# What makes it: migrations, what they import of the project and of packages, and what follows them.
MADE_FROM = (
    "requirements.txt",
    "*/migrations/*.py",
    "foundation/*/migrations/*.py",
    "foundation/*/fields.py",
    "foundation/*/validators.py",
    "foundation/trail/apps.py",
    "foundation/trail/grants.py",
    "foundation/testing/database.py",
)


def start_with_template(root: Path, var: Path, throwaway: Folder, start: Callable[[], Services]) -> Services:
    """Start the services on a copy of the kept database, which is made first where there is none, or an old one."""
    kept = var / FOLDER / fingerprint(root)
    kept.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(var / FOLDER / "lock"):
        if kept.exists():
            _copy(kept, throwaway.postgres)
            os.environ[TEMPLATE] = TEMPLATE_DATABASE
            return start()
        services = start()
        os.environ.update(services.environment)
        if not _migrate(root):
            return services  # the tests will say what is wrong
        services.stop()
        for old in _folders(kept.parent):
            shutil.rmtree(old)
        unfinished = kept.with_name("unfinished")
        _copy(throwaway.postgres, unfinished)
        unfinished.rename(kept)
    os.environ[TEMPLATE] = TEMPLATE_DATABASE
    return start()


def fingerprint(root: Path) -> str:
    """Return what names the state of everything that a migrated database is made from."""
    found = hashlib.sha256(f"{MAJOR_VERSION} {sys.version_info[:2]}".encode())
    for path in sorted(path for pattern in MADE_FROM for path in root.glob(pattern)):
        found.update(f"\0{path.relative_to(root)}\0".encode())
        found.update(path.read_bytes())
    return found.hexdigest()[:16]


def _migrate(root: Path) -> bool:
    made = subprocess.run(
        [sys.executable, "-m", "foundation.testing.template", TEMPLATE_DATABASE], cwd=root, check=False
    )
    return made.returncode == 0


def _folders(parent: Path) -> list[Path]:
    return [path for path in parent.iterdir() if path.is_dir()]


def _copy(source: Path, target: Path) -> None:
    """Copy with owners and modes: a root's server runs under an account of its own."""
    subprocess.run([shutil.which("cp") or "cp", "-Rp", str(source), str(target)], check=True)
