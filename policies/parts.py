"""What pages of documents draw: badges of states and of versions."""

from functools import cache

from foundation.ui.components import Badge
from policies.choices import DOCUMENT_TONES, VERSION_TONES, DocumentState, VersionState


@cache
def document_badge(state: str) -> Badge:
    """Return a state of documents as it is shown; the same badge each time."""
    return Badge(DocumentState(state).label, DOCUMENT_TONES[state], dot=True)


@cache
def version_badge(state: str) -> Badge:
    """Return a state of versions as it is shown; the same badge each time."""
    return Badge(VersionState(state).label, VERSION_TONES[state], dot=True)
