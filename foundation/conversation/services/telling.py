"""Telling people of a comment: those whom it mentions, and those who follow the record; each once."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_day
from foundation.conversation.choices import COMMENTED, MENTIONED
from foundation.conversation.models import Comment
from foundation.conversation.selectors import followers_of
from foundation.notifications.services import NoticeDraft, notices_cancel, notices_write


def tell_of(comment: Comment, *, mentioned: Collection[User], now: datetime) -> None:
    """Write the notices of a new comment. Whoever may no longer see the record when mails are written gets none."""
    told = {person.pk for person in mentioned} - {comment.author_id}
    others = followers_of(comment.record, on=organisation_day(now)) - told - {comment.author_id}
    drafts = [*_drafts(comment, told, MENTIONED), *_drafts(comment, others, COMMENTED)]
    notices_write(notices=drafts, now=now)


def tell_mentioned(comment: Comment, people: Collection[User], *, now: datetime) -> None:
    """Write the notices of those whom a comment mentions since it was edited."""
    told = {person.pk for person in people} - {comment.author_id}
    notices_write(notices=_drafts(comment, told, MENTIONED), now=now)


def call_off(comment: Comment, *, mentions_of: Collection[int] | None = None) -> None:
    """Let nobody be told of a comment any more who was not told yet; or none of these people that it mentions them."""
    prefix = f"conversation.comment:{comment.pk}:"
    prefixes = [prefix] if mentions_of is None else [f"{prefix}{pk}:{MENTIONED}" for pk in mentions_of]
    for one in prefixes:
        notices_cancel(record_id=comment.record_id, key_prefix=one)


def _drafts(comment: Comment, people: Collection[int], kind: str) -> Iterator[NoticeDraft]:
    """Yield a notice for each person, in their language; it says who wrote, and never what."""
    record = comment.record
    for pk, language in User.objects.filter(pk__in=people).values_list("pk", "language"):
        with translation.override(language):
            words = _("%(name)s mentioned you") if kind == MENTIONED else _("%(name)s commented")
            sentence = words % {"name": comment.author.full_name}
        yield NoticeDraft(
            recipient_id=pk,
            kind=kind,
            record_id=record.pk,
            dedupe_key=f"conversation.comment:{comment.pk}:{pk}:{kind}",
            payload={
                "title": record.title,
                "reference": record.reference,
                "sentence": sentence,
                "path": comment.get_absolute_url(),
            },
        )
