"""Reads of documents and of their versions."""

from policies.selectors.documents import (
    audience_names,
    coming_of,
    coming_read,
    documents_visible,
    lock_of,
    lock_on,
    reviews_of,
    reviews_overdue,
    unit_names,
    version_of,
    versions_of,
    versions_with_text,
)
from policies.selectors.pictures import pictures_in, pictures_offered, pictures_shown, prose_for

__all__ = [
    "audience_names",
    "coming_of",
    "coming_read",
    "documents_visible",
    "lock_of",
    "lock_on",
    "pictures_in",
    "pictures_offered",
    "pictures_shown",
    "prose_for",
    "reviews_of",
    "reviews_overdue",
    "unit_names",
    "version_of",
    "versions_of",
    "versions_with_text",
]
