"""Reads of documents and of their versions."""

from policies.selectors.documents import (
    audience_names,
    coming_of,
    coming_read,
    documents_visible,
    unit_names,
    version_of,
    versions_of,
)

__all__ = [
    "audience_names",
    "coming_of",
    "coming_read",
    "documents_visible",
    "unit_names",
    "version_of",
    "versions_of",
]
