"""What follows from the steps of an action."""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_day
from foundation.actions.choices import ActionState
from foundation.actions.models import Action
from foundation.actions.services.dates import VERIFIED_WITHIN, dates_follow
from foundation.actions.services.verifying import VERIFIER, verifier_for
from foundation.actions.sources import source_moved, source_opened_again
from foundation.lifecycle.tables import Moment
from foundation.notifications.services import NoticeDraft, notices_write
from foundation.records.services import participants_set, record_update

SENT_BACK, TO_VERIFY = "actions.sent_back", "actions.to_verify"
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
    action.done_by = moment.actor
    verifier = verifier_for(
        action=action,
        wanted=(action.verifier, action.created_by, action.source.owner),
        now=moment.now,
    )
    _write(
        moment,
        outcome=moment.comment,
        done_at=moment.now,
        done_by=moment.actor,
        open_because="",
        verification_due_on=organisation_day(moment.now) + VERIFIED_WITHIN,
        verifier=verifier,
    )
    participants_set(record=action, role=VERIFIER, users=[verifier] if verifier else [], actor=moment.actor)
    if verifier is not None:
        _tell(moment, verifier, TO_VERIFY, _("was reported done and waits to be verified."))


def verified_follow(moment: Moment) -> None:
    """Write how it was verified, by whom, and when its effect is to be checked."""
    action: Action = moment.record
    _write(
        moment,
        verification=moment.comment,
        verified_at=moment.now,
        verified_by=moment.actor,
        effectiveness_due_on=organisation_day(moment.now) + timedelta(days=action.effectiveness_days),
    )
    _source_moved(moment)


def effective_follow(moment: Moment) -> None:
    """Write what shows that it worked, and who saw that."""
    _write(moment, effect=moment.comment, effect_checked_at=moment.now, effect_checked_by=moment.actor)


def sent_back_follow(moment: Moment) -> None:
    """Let the owner go on with it, by the day by which it was due."""
    _write(moment, **NOT_DONE, open_because=moment.comment)
    _tell(moment, moment.record.owner, SENT_BACK, _("was sent back."))


def not_effective_follow(moment: Moment) -> None:
    """Count that it did not work, and let the owner try again."""
    again = moment.record.times_reopened + 1
    _write(moment, **NOT_DONE, open_because=moment.comment, times_reopened=again)
    _another_try(moment)
    _tell(moment, moment.record.owner, SENT_BACK, _("did not work, and is open again."))
    _source_opened_again(moment)


def cancelled_follow(moment: Moment) -> None:
    """Remind nobody of it any more."""
    dates_follow(action=moment.record, now=moment.now)
    _source_moved(moment)


def reopened_follow(moment: Moment) -> None:
    """Let it be done again; a corrective action that had worked gets time for another try."""
    _write(moment, **NOT_DONE, open_because=moment.comment)
    if moment.source == ActionState.EFFECTIVE:
        _another_try(moment)
    _tell(moment, moment.record.owner, SENT_BACK, _("was reopened."))
    _source_opened_again(moment)


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


def _tell(moment: Moment, person: User, kind: str, what: str) -> None:
    """Tell a person at once, unless it is the one who did it."""
    action: Action = moment.record
    if person.pk == moment.actor.pk:
        return
    notice = NoticeDraft(
        recipient_id=person.pk,
        kind=kind,
        dedupe_key=f"{kind}:{action.pk}:{action.version}:{person.pk}",
        record_id=action.pk,
        payload={
            "title": action.title,
            "sentence": f"{action.reference} {what}",
            "path": action.get_absolute_url(),
            "reference": action.reference,
        },
    )
    notices_write(notices=[notice], now=moment.now)
