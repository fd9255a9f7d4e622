"""Writing documents, and what follows from their steps."""

from policies.services.announcing import (
    announcement_finish,
    announcement_go_on,
    announcements_settle,
    announcements_waiting,
)
from policies.services.documents import document_change, document_create
from policies.services.editing import draft_close, draft_leave, draft_open, draft_take_over
from policies.services.errors import DocumentRefused
from policies.services.publishing import document_publish_due, documents_due
from policies.services.reviews import (
    document_give,
    document_review,
    review_after_discarding,
    review_after_publishing,
    review_after_retiring,
    review_find_back,
    review_move,
    review_move_refusal,
    reviews_astray,
)
from policies.services.shelving import document_find_back, documents_unshelved
from policies.services.uploading import draft_to_text, draft_upload
from policies.services.versions import (
    DraftHeld,
    StaleDraft,
    draft_write,
    revision_begin,
    revision_discard,
    version_approve,
    version_publish,
    version_return,
    version_submit,
    versions_retire,
)

__all__ = [
    "DocumentRefused",
    "DraftHeld",
    "StaleDraft",
    "announcement_finish",
    "announcement_go_on",
    "announcements_settle",
    "announcements_waiting",
    "document_change",
    "document_create",
    "document_find_back",
    "document_give",
    "document_publish_due",
    "document_review",
    "documents_due",
    "documents_unshelved",
    "draft_close",
    "draft_leave",
    "draft_open",
    "draft_take_over",
    "draft_to_text",
    "draft_upload",
    "draft_write",
    "review_after_discarding",
    "review_after_publishing",
    "review_after_retiring",
    "review_find_back",
    "review_move",
    "review_move_refusal",
    "reviews_astray",
    "revision_begin",
    "revision_discard",
    "version_approve",
    "version_publish",
    "version_return",
    "version_submit",
    "versions_retire",
]
