"""Saying something about a record."""

import hashlib
from datetime import datetime
from uuid import UUID

from django.db import transaction

from foundation.accounts.models import User
from foundation.conversation.choices import ADDED
from foundation.conversation.models import Comment
from foundation.records.models import Record
from foundation.trail.services import entry_write


@transaction.atomic
def comment_add(*, record: Record, author: User, text: str, key: UUID, now: datetime) -> Comment:
    """Say something about a record; the same again for a form that was sent twice.

    The trail keeps the text's SHA-256, not the text: a comment can be proved unchanged without being told to all who
    read the trail.
    """
    comment, is_new = Comment.objects.get_or_create(
        key=key, author=author, record=record, defaults={"text": text, "created_at": now}
    )
    if is_new:
        entry_write(action=ADDED, actor=author, record=record, after=evidence_of(comment))
    return comment


def evidence_of(comment: Comment) -> dict[str, object]:
    """Return what the trail keeps of a comment: its number and the SHA-256 of its text."""
    return {"comment": comment.pk, "fingerprint": hashlib.sha256(comment.text.encode()).hexdigest()}
