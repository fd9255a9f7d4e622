"""Who may speak about a record, and who learns whom its mails went to."""

from __future__ import annotations

from foundation.accounts.access import access_of
from foundation.accounts.models import User
from foundation.records.models import Record

WRITE = "comments.write"


def can_comment(user: User, record: Record) -> bool:
    """Tell whether a person who sees a record may comment on it: by the right, or as its owner or one named in it."""
    return access_of(user).has(WRITE, record.unit_id) or is_named_in(user, record)


def is_named_in(user: User, record: Record) -> bool:
    """Tell whether a person owns a record or takes part in it."""
    return record.owner_id == user.pk or record.participants.filter(user=user).exists()


def can_name_recipients(user: User, record: Record) -> bool:
    """Tell whether a person may read to whom mails about a record went: whoever reads it by right, and its owner.

    Those who are only named in it see which mails came to themselves.
    """
    right = "records.view_restricted" if record.is_restricted else "records.view"
    return record.owner_id == user.pk or access_of(user).has(right, record.unit_id)
