"""Reads of frameworks and of what they require."""

from compliance.selectors.frameworks import frameworks_visible, requirements_of
from compliance.selectors.nodes import nodes_of
from compliance.selectors.outline import Outline, levels_of, lines_matching, outline_of
from compliance.selectors.pages import around, text_changes, versions_of
from compliance.selectors.search import requirements_matching

__all__ = [
    "Outline",
    "around",
    "frameworks_visible",
    "levels_of",
    "lines_matching",
    "nodes_of",
    "outline_of",
    "requirements_matching",
    "requirements_of",
    "text_changes",
    "versions_of",
]
