"""All that a comment ever said."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.safestring import SafeString

from foundation.conversation.fingerprints import fingerprint_of
from foundation.conversation.markdown import markdown_html
from foundation.conversation.models import Comment


@dataclass(frozen=True)
class Version:
    """What a comment said from an instant on."""

    number: int
    at: datetime
    html: SafeString
    fingerprint: str


def versions_of(comment: Comment) -> list[Version]:
    """Return what a comment says, and what it said before, newest first."""
    said = [
        (comment.revision, comment.edited_at or comment.created_at, comment.text),
        *comment.versions.order_by("-number").values_list("number", "written_at", "text"),
    ]
    return [Version(number, at, markdown_html(text), fingerprint_of(text)) for number, at, text in said]
