"""By what a comment's words are proved unchanged."""

import hashlib


def fingerprint_of(text: str) -> str:
    """Return the SHA-256 of a text, as the trail keeps it."""
    return hashlib.sha256(text.encode()).hexdigest()
