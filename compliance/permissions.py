"""Who may change frameworks."""

from typing import TYPE_CHECKING

from compliance.choices import FrameworkState
from compliance.models import Framework
from foundation.accounts.access import access_of

MANAGE = "compliance.manage"  # the right

if TYPE_CHECKING:
    from foundation.accounts.access import AnyUser


def can_manage_framework(user: "AnyUser", framework: Framework) -> bool:
    """Tell whether a person may bring editions of a framework and change what is said of it, whatever its state."""
    return access_of(user).has(MANAGE, framework.unit_id)


def can_change_framework(user: "AnyUser", framework: Framework) -> bool:
    """Tell whether a person may change a framework now: what is retired stays as it is."""
    return framework.state == FrameworkState.ACTIVE and can_manage_framework(user, framework)
