"""How the calendar and the list move the date that an action waits for."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from foundation.accounts.models import User
from foundation.accounts.permissions import right_check
from foundation.actions.models import DUE_MESSAGE, Action
from foundation.actions.services.agreeing import AGREED, action_change, agreed_refusal, change_refusal
from foundation.actions.services.dates import AWAITED, DUE
from foundation.records.models import Record
from foundation.ui.dates import FIRST_DAY, LAST_DAY


def action_move_refusal(*, record: Record, user: User, kind: str = DUE) -> str | None:
    """Return why a date of the action can't be moved in its state, or None; raise PermissionDenied for who may not change it."""
    right_check(user=user, right="actions.manage", unit_id=record.unit_id)
    action = _action(record)
    if refusal := change_refusal(action):
        return refusal
    awaited, field = AWAITED[action.state]
    if awaited != kind:
        return _("The action does not wait for this date.")
    return agreed_refusal(action=action, person=user) if field in AGREED else None


def action_move(
    *, record: Record, to: date, version: int, actor: User, now: datetime, kind: str = DUE
) -> None:
    """Let what the action waits for be due on another day. Raises what `action_change()` does, and ValidationError for years out of range."""
    if not FIRST_DAY <= to <= LAST_DAY:
        raise ValidationError(DUE_MESSAGE)
    fields = dict(AWAITED.values())
    action_change(action=_action(record), changes={fields[kind]: to}, actor=actor, now=now, version=version)


def _action(record: Record) -> Action:
    """Return the action that a record is; lists have it in hand, the calendar only the record."""
    action: Action = record if isinstance(record, Action) else Action.objects.get(pk=record.pk)
    return action
