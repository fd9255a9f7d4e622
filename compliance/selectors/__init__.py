"""Reads of frameworks and of what they require."""

from compliance.selectors.frameworks import frameworks_visible, requirements_of
from compliance.selectors.nodes import changes_read, draft_digest, nodes_of, sketches_of
from compliance.selectors.outline import (
    branches_of,
    counts_now,
    groups_of,
    levels_of,
    lines_below,
    lines_matching,
    place_of,
)
from compliance.selectors.pages import around, text_changes, versions_of
from compliance.selectors.search import requirements_matching

__all__ = [
    "around",
    "branches_of",
    "changes_read",
    "counts_now",
    "draft_digest",
    "frameworks_visible",
    "groups_of",
    "levels_of",
    "lines_below",
    "lines_matching",
    "nodes_of",
    "place_of",
    "requirements_matching",
    "requirements_of",
    "sketches_of",
    "text_changes",
    "versions_of",
]
