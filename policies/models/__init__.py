"""What the app keeps."""

from policies.models.announcing import Announcement
from policies.models.documents import Document
from policies.models.editing import DraftLock
from policies.models.library import LibraryEntry
from policies.models.listings import DocumentListing
from policies.models.reviews import DocumentReview
from policies.models.versions import DocumentVersion

__all__ = [
    "Announcement",
    "Document",
    "DocumentListing",
    "DocumentReview",
    "DocumentVersion",
    "DraftLock",
    "LibraryEntry",
]
