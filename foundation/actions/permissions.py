"""Who may do what with actions."""

from foundation.accounts.access import access_of
from foundation.accounts.models import User
from foundation.records.models import Record


def can_manage_actions(user: User, record: Record) -> bool:
    """Tell whether the person may agree on actions that follow from a record, and change them."""
    return access_of(user).has("actions.manage", record.unit_id)
