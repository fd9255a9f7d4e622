"""What the user is told instead of a traceback."""

from pathlib import Path


class EmbeddedError(Exception):
    """Raised when the services of this folder can not be had; the text says why and what to do."""


def not_ours(path: Path) -> EmbeddedError:
    """Return the error for a file that another user made."""
    return EmbeddedError(
        f"{path} belongs to another user. Run as the user who first started the portal here, or give the folder to yours."
    )
