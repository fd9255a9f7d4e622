"""What the user is told instead of a traceback."""


class EmbeddedError(Exception):
    """Raised when the services of this folder can not be had; the text says why and what to do."""
