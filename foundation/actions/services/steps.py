"""What follows from the steps of an action."""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from foundation.accounts.organisation import organisation_day
from foundation.actions.choices import ActionState
from foundation.actions.models import Action
from foundation.actions.services.dates import VERIFIED_WITHIN, dates_follow
from foundation.actions.services.proving import proof_judged, proof_reported
from foundation.actions.services.telling import SENT_BACK, action_tell
from foundation.actions.services.verifying import verifier_follow, verifier_told
from foundation.actions.sources import source_moved, source_opened_again
from foundation.lifecycle.services import apply_transition
from foundation.lifecycle.tables import Moment
from foundation.records.services import record_update

ANOTHER_TRY = timedelta(days=30)

NOT_JUDGED: dict[str, Any] = {
    "verification_due_on": None,
    "verification": "",
    "verified_at": None,
    "verified_by": None,
    "effectiveness_due_on": None,
    "effect": "",
    "effect_checked_at": None,
    "effect_checked_by": None,
}
NOT_DONE: dict[str, Any] = {"outcome": "", "done_at": None, "done_by": None, **NOT_JUDGED}


def done_follow(moment: Moment) -> None:
    """Write what was done, by whom and when."""
    _write(moment, outcome=moment.comment, done_at=moment.now, done_by=moment.actor, open_because="")
    _source_moved(moment)


def reported_follow(moment: Moment) -> None:
    """Write what was done, by whom and when, and let somebody else verify it: who is named for that, if that is possible."""
    action: Action = moment.record
    _write(
        moment,
        outcome=moment.comment,
        done_at=moment.now,
        done_by=moment.actor,
        open_because="",
        verification_due_on=organisation_day(moment.now) + VERIFIED_WITHIN,
    )
    proof_reported(action=action, actor=moment.actor)
    if not _verified_by_another(moment):
        verifier_told(action=action, actor=moment.actor, now=moment.now)


def verified_follow(moment: Moment) -> None:
    """Write how it was verified, by whom and by which files, and when its effect is to be checked."""
    action: Action = moment.record
    proof_judged(action=action, actor=moment.actor)
    _write(
        moment,
        verification=moment.comment,
        verified_at=moment.now,
        verified_by=moment.actor,
        effectiveness_due_on=organisation_day(moment.now) + timedelta(days=action.effectiveness_days),
    )
    _source_moved(moment)


def effective_follow(moment: Moment) -> None:
    """Write what shows that it worked, by which files, and who saw that."""
    proof_judged(action=moment.record, actor=moment.actor)
    _write(moment, effect=moment.comment, effect_checked_at=moment.now, effect_checked_by=moment.actor)


def sent_back_follow(moment: Moment) -> None:
    """Let the owner go on with it, by the day by which it was due."""
    _write(moment, **NOT_DONE, open_because=moment.comment)
    _verified_by_another(moment)
    _tell_owner(moment, _("Sent back"))


def not_effective_follow(moment: Moment) -> None:
    """Count that it did not work, and let the owner try again."""
    proof_judged(action=moment.record, actor=moment.actor)
    again = moment.record.times_reopened + 1
    _write(moment, **NOT_DONE, open_because=moment.comment, times_reopened=again)
    _another_try(moment)
    _verified_by_another(moment)
    _tell_owner(moment, _("Did not work, and is open again"))
    _above_opened_again(moment)
    _source_opened_again(moment)


def cancelled_follow(moment: Moment) -> None:
    """Write why it is not needed, and remind nobody of it any more."""
    _write(moment, outcome=moment.comment, open_because="")
    _source_moved(moment)


def reopened_follow(moment: Moment) -> None:
    """Let it be done again; a corrective action that had worked gets time for another try."""
    _done_again(moment, _("Reopened"))
    _source_opened_again(moment)


def reopened_by_below_follow(moment: Moment) -> None:
    """Let be done again what counted as settled, since what follows from it did not work; and so what that follows from."""
    _done_again(moment, _("Open again, since what follows from it did not work"))
    _above_opened_again(moment)


def _done_again(moment: Moment, what: str) -> None:
    _write(moment, **NOT_DONE, open_because=moment.comment)
    if moment.source == ActionState.EFFECTIVE:
        _another_try(moment)
    _verified_by_another(moment)
    _tell_owner(moment, what)


def _above_opened_again(moment: Moment) -> None:
    """Open the next action above that counted as settled; what was cancelled in between stays so."""
    action: Action = moment.record
    above = Action.objects.filter(pk=action.source_id).first()
    while above is not None and above.state == ActionState.CANCELLED:
        above = Action.objects.filter(pk=above.source_id).first()
    if above is not None and above.state in (ActionState.DONE, ActionState.EFFECTIVE):
        apply_transition(
            record=above,
            name="reopen_by_below",
            actor=moment.actor,
            now=moment.now,
            comment=f"{action.reference}: {moment.comment}",
            by_approval=True,
        )


def _source_moved(moment: Moment) -> None:
    source_moved(source=moment.record.source, actor=moment.actor, now=moment.now)


def _source_opened_again(moment: Moment) -> None:
    action: Action = moment.record
    source_opened_again(
        action=action, source=action.source, actor=moment.actor, now=moment.now, comment=moment.comment
    )


def _write(moment: Moment, **values: Any) -> None:
    """Write fields that only steps write, and let the dates follow. The row is locked by the step."""
    action: Action = moment.record
    for name, value in values.items():
        setattr(action, name, value)
    Action.objects.filter(pk=action.pk).update(**values)
    dates_follow(action=action, now=moment.now)


def _another_try(moment: Moment) -> None:
    """Give the owner so many days from now, unless the action is due later than that."""
    action: Action = moment.record
    due_on = max(action.due_on, organisation_day(moment.now) + ANOTHER_TRY)
    changed = record_update(
        record=action, changes={"due_on": due_on}, actor=moment.actor, version=action.version
    )
    action.due_on, action.version = changed.due_on, changed.version
    dates_follow(action=changed, now=moment.now)


def _verified_by_another(moment: Moment) -> bool:
    """Let another verify the action where who is named may not any more, and tell whether it is another now."""
    action: Action = moment.record
    before = action.verifier_id
    changed = verifier_follow(action=action, actor=moment.actor, now=moment.now)
    action.verifier, action.version = changed.verifier, changed.version
    return action.verifier_id != before


def _tell_owner(moment: Moment, what: str) -> None:
    action: Action = moment.record
    action_tell(
        action=action,
        kind=SENT_BACK,
        people=[action.owner],
        what=what,
        why=moment.comment,
        actor=moment.actor,
        now=moment.now,
    )
