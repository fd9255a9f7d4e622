"""What the app keeps."""

from policies.models.documents import Document
from policies.models.editing import DraftLock
from policies.models.reviews import DocumentReview
from policies.models.versions import DocumentVersion

__all__ = ["Document", "DocumentReview", "DocumentVersion", "DraftLock"]
