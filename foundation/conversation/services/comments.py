"""Saying something about a record, in other words, and taking it back."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_day
from foundation.conversation.choices import ADDED, EDITED, WITHDRAWN
from foundation.conversation.fingerprints import fingerprint_of
from foundation.conversation.mentions import Mentioned, mentioned_in
from foundation.conversation.models import Comment, CommentVersion, Mention
from foundation.conversation.services.following import follow_from_now_on
from foundation.conversation.services.telling import call_off, tell_mentioned, tell_of
from foundation.records.models import Record
from foundation.records.plain import plain
from foundation.trail.services import entry_write


class StaleComment(Exception):
    """The comment was edited since it was read; `comment` is what it is now."""

    def __init__(self, comment: Comment) -> None:
        super().__init__(_("This comment was edited meanwhile."))
        self.comment = comment


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


@transaction.atomic
def comment_edit(
    *, comment: Comment, text: str, actor: User, revision: int, now: datetime
) -> tuple[Comment, Mentioned]:
    """Say a comment that was read at `revision` in other words; the earlier ones are kept, for all to see.

    Whoever is mentioned for the first time is told. The same words change nothing. Raises StaleComment when it was
    edited meanwhile, ValidationError once it is withdrawn.
    """
    locked = _locked(comment)
    if locked.revision != revision:
        raise StaleComment(locked)
    mentioned = mentioned_in(text, record=locked.record, on=organisation_day(now))
    if text == locked.text:
        return locked, mentioned
    CommentVersion.objects.create(
        comment=locked,
        number=locked.revision,
        text=locked.text,
        written_at=locked.edited_at or locked.created_at,
    )
    before = fingerprint_of(locked.text)
    locked.text, locked.edited_at, locked.revision = text, now, locked.revision + 1
    locked.save(update_fields=["text", "words", "edited_at", "revision"])
    _mention_anew(locked, mentioned, now)
    entry_write(
        action=EDITED,
        actor=actor,
        record=locked.record,
        before={"fingerprint": before},
        after=evidence_of(locked, mentioned),
    )
    return locked, mentioned


@transaction.atomic
def comment_withdraw(*, comment: Comment, actor: User, reason: str, now: datetime) -> Comment:
    """Take a comment back: its place says by whom, when and why, its words are kept as evidence.

    Whoever was not told of it yet will not be. Raises ValidationError when it is withdrawn already.
    """
    locked = _locked(comment)
    locked.withdrawn_at, locked.withdrawn_by, locked.withdrawn_because = now, actor, reason
    locked.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_because"])
    call_off(locked)
    entry_write(
        action=WITHDRAWN, actor=actor, record=locked.record, after={"comment": locked.pk}, comment=reason
    )
    return locked


def _locked(comment: Comment) -> Comment:
    """Return the comment as it is now, kept from others until the transaction ends; raise ValidationError once withdrawn."""
    comments = Comment.objects.select_for_update(of=("self",)).select_related("record__unit", "author")
    locked = comments.get(pk=comment.pk)
    if locked.withdrawn_at is not None:
        raise ValidationError(_("This comment was withdrawn."))
    return locked


def _mention_anew(comment: Comment, mentioned: Mentioned, now: datetime) -> None:
    """Keep whom the comment mentions now; tell who is new to it, and no longer tell who is not in it any more."""
    known = set(comment.mentions.values_list("user_id", flat=True))
    comment.mentions.all().delete()
    Mention.objects.bulk_create(
        Mention(comment=comment, user=person, name=name) for person, name in mentioned.people.items()
    )
    tell_mentioned(comment, [person for person in mentioned.people if person.pk not in known], now=now)
    call_off(comment, mentions_of=known - {person.pk for person in mentioned.people})


def evidence_of(comment: Comment, mentioned: Mentioned) -> dict[str, Any]:
    """Return what the trail keeps of a comment: its number, the SHA-256 of its text, and whom it mentions."""
    people = {"mentioned": plain(list(mentioned.people))} if mentioned.people else {}
    return {
        "comment": comment.pk,
        "fingerprint": fingerprint_of(comment.text),
        **people,
    }
