"""Saying something about a record."""

import hashlib
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_day
from foundation.conversation.choices import ADDED
from foundation.conversation.mentions import Mentioned, mentioned_in
from foundation.conversation.models import Comment, Mention
from foundation.conversation.services.following import follow_from_now_on
from foundation.conversation.services.telling import tell_of
from foundation.records.models import Record
from foundation.records.plain import plain
from foundation.trail.services import entry_write


@transaction.atomic
def comment_add(
    *, record: Record, author: User, text: str, key: UUID, now: datetime
) -> tuple[Comment, Mentioned]:
    """Say something about a record; the same again for a form that was sent twice. Returns also whom it mentions.

    Those whom it mentions are told, and those who follow the record, which the author does from now on. The trail keeps
    the text's SHA-256, not the text: a comment can be proved unchanged without being told to all who read the trail.
    """
    mentioned = mentioned_in(text, record=record, on=organisation_day(now))
    comment, is_new = Comment.objects.get_or_create(
        key=key, author=author, record=record, defaults={"text": text, "created_at": now}
    )
    if is_new:
        Mention.objects.bulk_create(
            Mention(comment=comment, user=person, name=name) for person, name in mentioned.people.items()
        )
        entry_write(action=ADDED, actor=author, record=record, after=evidence_of(comment, mentioned))
        follow_from_now_on(record=record, user=author, now=now)
        tell_of(comment, mentioned=mentioned.people, now=now)
    return comment, mentioned


def evidence_of(comment: Comment, mentioned: Mentioned) -> dict[str, Any]:
    """Return what the trail keeps of a comment: its number, the SHA-256 of its text, and whom it mentions."""
    people = {"mentioned": plain(list(mentioned.people))} if mentioned.people else {}
    return {
        "comment": comment.pk,
        "fingerprint": hashlib.sha256(comment.text.encode()).hexdigest(),
        **people,
    }
