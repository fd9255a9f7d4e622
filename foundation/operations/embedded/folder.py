"""Where an installation keeps what is its own: everything below `var/`."""

import os
from dataclasses import dataclass
from pathlib import Path

from foundation.operations.embedded.errors import EmbeddedError, not_ours

# Other accounts may pass through these folders, but not list them: the servers of a root's installation
# run under an account of their own and must reach their data. Each file protects itself.
PASS_THROUGH = 0o711
LOG_BYTES_KEPT = 5_000_000


class FolderError(EmbeddedError):
    """Raised when the folder can not hold an installation's data."""


@dataclass(frozen=True)
class Folder:
    """The folder of one installation: `root` holds the code, `var` what the installation writes."""

    root: Path
    var: Path

    @classmethod
    def of_installation(cls, root: Path) -> "Folder":
        """Return the folder of the code at `root`, with its data in `var/`, or where PORTAL_VAR_DIR says."""
        root = root.resolve()
        return cls(root=root, var=Path(os.environ.get("PORTAL_VAR_DIR") or root / "var").resolve())

    @property
    def run(self) -> Path:
        """Locks, and what is running now."""
        return self.var / "run"

    @property
    def sockets(self) -> Path:
        return self.run / "sockets"

    @property
    def logs(self) -> Path:
        return self.var / "log"

    @property
    def postgres(self) -> Path:
        return self.var / "postgres"

    @property
    def valkey(self) -> Path:
        return self.var / "valkey"

    def prepare(self) -> None:
        """Make the folders; raise FolderError when they can not be written."""
        try:
            for path in (self.var, self.run, self.logs):
                path.mkdir(parents=True, exist_ok=True)
                if path.stat().st_uid == os.geteuid():
                    path.chmod(PASS_THROUGH)
        except OSError as error:
            raise FolderError(f"Can not make {path}: {error.strerror}.") from error
        if not os.access(self.run, os.W_OK | os.X_OK):
            raise not_ours(self.run)

    def open_log(self, name: str) -> int:
        """Return a descriptor that appends to `log/<name>.log`; set an older file aside when it has grown."""
        path = self.logs / f"{name}.log"
        try:
            if path.exists() and path.stat().st_size > LOG_BYTES_KEPT:
                path.replace(path.with_suffix(".log.1"))
            return os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        except PermissionError as error:
            raise not_ours(path) from error

    def last_lines(self, name: str, count: int = 8) -> str:
        """Return the last `count` lines of `log/<name>.log`."""
        path = self.logs / f"{name}.log"
        if not path.exists():
            return ""
        with path.open("rb") as log:
            log.seek(max(0, path.stat().st_size - 8_192))
            lines = log.read().decode("utf-8", "replace").splitlines()
        return "\n".join(lines[-count:])
