"""Who may speak about a record and take back what was said, and who learns whom its mails went to."""

from __future__ import annotations

from foundation.accounts.access import access_of
from foundation.accounts.models import User
from foundation.conversation.models import Comment
from foundation.records.models import Record

WRITE = "comments.write"
WITHDRAW = "comments.withdraw"
VIEW_WITHDRAWN = "comments.view_withdrawn"


def can_comment(user: User, record: Record) -> bool:
    """Tell whether a person who sees a record may comment on it: by the right, or as its owner or one named in it."""
    return access_of(user).has(WRITE, record.unit_id) or is_named_in(user, record)


def is_named_in(user: User, record: Record) -> bool:
    """Tell whether a person owns a record or takes part in it."""
    return record.owner_id == user.pk or any(part.user_id == user.pk for part in record.participants.all())


def can_edit(user: User, comment: Comment) -> bool:
    """Tell whether a person who sees a comment may change its words: its author, until it is withdrawn."""
    return comment.author_id == user.pk and comment.withdrawn_at is None


def can_withdraw(user: User, comment: Comment) -> bool:
    """Tell whether a person who sees a comment may withdraw it: its author, or by the right for the record's unit."""
    may = comment.author_id == user.pk or access_of(user).has(WITHDRAW, comment.record.unit_id)
    return may and comment.withdrawn_at is None


def can_read_words(user: User, comment: Comment) -> bool:
    """Tell whether a person who sees a comment may read it: once withdrawn, its author, and by the right."""
    return (
        comment.withdrawn_at is None
        or comment.author_id == user.pk
        or access_of(user).has(VIEW_WITHDRAWN, comment.record.unit_id)
    )


def can_name_recipients(user: User, record: Record) -> bool:
    """Tell whether a person may read to whom mails about a record went: whoever reads it by right, and its owner.

    Those who are only named in it see which mails came to themselves.
    """
    right = "records.view_restricted" if record.is_restricted else "records.view"
    return record.owner_id == user.pk or access_of(user).has(right, record.unit_id)
