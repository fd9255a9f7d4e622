"""A proposal waits for who is to decide on it, and tells that person; where nobody may, who can change that is told."""

from datetime import datetime

from django.utils.translation import gettext as _

from foundation.accounts.models import User
from foundation.accounts.selectors import officers_in
from foundation.actions.models import Action
from foundation.actions.services.dates import PROPOSAL, dates_follow
from foundation.actions.services.deciding import Decider, decider_of
from foundation.actions.services.judging import MANAGE
from foundation.actions.services.telling import NOBODY_DECIDES, action_tell, decider_told
from foundation.deadlines.models import Deadline
from foundation.notifications.services import role_wanted_tell


def decision_await(*, action: Action, actor: User | None, now: datetime) -> None:
    """Let a proposal wait for who is to decide on it, and tell the person. Must be called inside a transaction."""
    decider = decider_of(action=action, now=now)
    dates_follow(action=action, now=now, decider=decider)
    _tell(action, decider, actor, now)


def decider_follow(*, action: Action, actor: User | None, now: datetime) -> bool:
    """Let a proposal that waits wait for who is to decide on it now, and tell the person; tell whether that is another than before."""
    decider = decider_of(action=action, now=now)
    waiting = Deadline.objects.open().filter(record=action, kind=PROPOSAL)
    if waiting.filter(assignee=decider.person, is_stuck=not decider.may).exists():
        return False
    dates_follow(action=action, now=now, decider=decider)
    _tell(action, decider, actor, now)
    return True


def _tell(action: Action, decider: Decider, actor: User | None, now: datetime) -> None:
    if decider.may:
        decider_told(action=action, people=[decider.person], actor=actor, now=now)
        return
    action_tell(
        action=action,
        kind=NOBODY_DECIDES,
        people=officers_in(action.unit_id, now),
        what=_("Nobody may decide on it now. Somebody else must be given a role there."),
        actor=None,
        now=now,
        about=now.isoformat(),
    )
    if not action.is_restricted:
        what = _("A proposed action waits there, and nobody may agree on it.")
        role_wanted_tell(unit=action.unit, right=MANAGE, what=what, now=now)
