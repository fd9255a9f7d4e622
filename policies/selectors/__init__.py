"""Reads of documents and of their versions."""

from policies.selectors.documents import (
    audience_names,
    audience_words,
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
from policies.selectors.library import (
    library_excerpts,
    library_for,
    library_found,
    library_picture,
    library_prose,
    library_types,
    library_version,
)
from policies.selectors.pictures import pictures_in, pictures_offered, pictures_shown, prose_for
from policies.selectors.printing import approvals_of, approvals_read, history_of, pictures_printed

__all__ = [
    "approvals_of",
    "approvals_read",
    "audience_names",
    "audience_words",
    "coming_of",
    "coming_read",
    "documents_visible",
    "history_of",
    "library_excerpts",
    "library_for",
    "library_found",
    "library_picture",
    "library_prose",
    "library_types",
    "library_version",
    "lock_of",
    "lock_on",
    "pictures_in",
    "pictures_offered",
    "pictures_printed",
    "pictures_shown",
    "prose_for",
    "reviews_of",
    "reviews_overdue",
    "unit_names",
    "version_of",
    "versions_of",
    "versions_with_text",
]
