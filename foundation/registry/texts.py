"""What contributions are worded in."""

from typing import Any

StrOrPromise = Any  # a plain or a lazily translated string
