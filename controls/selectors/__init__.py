"""Reads of controls and of what hangs on them."""

from controls.selectors.controls import (
    coming_of,
    coming_read,
    controls_visible,
    evidence_of,
    evidence_overdue,
    ratings_of,
    version_of,
    versions_of,
)

__all__ = [
    "coming_of",
    "coming_read",
    "controls_visible",
    "evidence_of",
    "evidence_overdue",
    "ratings_of",
    "version_of",
    "versions_of",
]
