"""Who may link records."""

from foundation.accounts.access import access_of
from foundation.accounts.models import User
from foundation.records.models import Record

MANAGE = "links.manage"


def can_link(user: User, record: Record) -> bool:
    """Tell whether a person who sees a record may link it with others that they see: by the right, or as its owner."""
    return record.owner_id == user.pk or access_of(user).has(MANAGE, record.unit_id)
