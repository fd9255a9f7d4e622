"""Who may plan activities and do them, and what they are kept from."""

from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from duties.choices import TO_DO, ActivityState
from duties.models import Activity
from foundation.accounts.access import access_of
from foundation.accounts.selectors import stood_in_for

if TYPE_CHECKING:
    from foundation.accounts.access import AnyUser
    from foundation.accounts.models import User

MANAGE = "duties.manage"
SIGN_OFF = "duties.sign_off"
EVIDENCE = "duties.evidence"


def can_manage(user: "AnyUser", activity: Activity) -> bool:
    """Tell whether a person may change what is planned, skip it and reopen it: by right."""
    return access_of(user).has(MANAGE, activity.unit_id)


def can_do(user: "User", activity: Activity, on: date) -> bool:
    """Tell whether a person may tick items and write the outcome: its owner, who stands in for the owner that day, or by right."""
    if can_manage(user, activity):
        return True
    if activity.owner_id == user.pk:
        return user.is_active
    return any(person.pk == activity.owner_id for person in stood_in_for(user, on=on))


def doing_refusal(activity: Activity) -> str | None:
    """Return why nobody ticks items, writes the outcome or changes what is planned, or None."""
    if activity.state in TO_DO:
        return None
    if activity.state == ActivityState.SIGN_OFF:
        return _("It waits for sign-off as it is: withdraw the request first.")
    if activity.state == ActivityState.SKIPPED:
        return _("It was skipped: plan it again first.")
    return _("It is done, and stays as it is: reopen it first.")
