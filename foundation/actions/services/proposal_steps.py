"""What follows from the steps of a proposal: it is agreed on, returned, proposed again, or withdrawn."""

from django.utils.translation import gettext as _

from foundation.accounts.organisation import organisation_day
from foundation.actions.models import Action
from foundation.actions.services.agreeing import PROPOSER
from foundation.actions.services.awaiting import decision_await
from foundation.actions.services.dates import DECIDED_WITHIN, REVISED_WITHIN, dates_follow
from foundation.actions.services.deciding import decider_of
from foundation.actions.services.judging import verifier_for
from foundation.actions.services.telling import (
    PROPOSAL_DECIDED,
    PROPOSED,
    action_tell,
    owner_told,
)
from foundation.actions.services.verifying import verifier_set, verifier_told
from foundation.actions.sources import proposers_of, source_moved
from foundation.lifecycle.tables import Moment
from foundation.records.services import participants_set


def agreed_follow(moment: Moment) -> None:
    """Write who agreed, let somebody verify a corrective action, and tell its owner and who proposed it."""
    action: Action = moment.record
    _write(action, agreed_by=moment.actor, agreed_at=moment.now, proposal_due_on=None, returned_because="")
    if action.is_corrective:
        wanted = (moment.actor, action.source.owner)
        verifier = verifier_for(action=action, wanted=wanted, now=moment.now)
        changed = verifier_set(action=action, verifier=verifier, actor=moment.actor, now=moment.now)
        action.verifier, action.version = changed.verifier, changed.version
        if verifier is None:
            verifier_told(action=action, actor=moment.actor, now=moment.now)
    dates_follow(action=action, now=moment.now)
    owner_told(action=action, actor=moment.actor, now=moment.now)
    _tell_proposers(moment, _("Agreed on."))
    participants_set(record=action, role=PROPOSER, users=[], actor=moment.actor)
    _source_moved(moment)


def returned_follow(moment: Moment) -> None:
    """Write why it was returned, and let who proposed it revise it."""
    by = organisation_day(moment.now) + REVISED_WITHIN
    _write(moment.record, proposal_due_on=by, returned_because=moment.comment[:10_000])
    dates_follow(action=moment.record, now=moment.now)
    _tell_proposers(moment, _("Returned"), why=moment.comment)
    _source_moved(moment)


def proposed_again_follow(moment: Moment) -> None:
    """Let it be decided on anew."""
    action: Action = moment.record
    by = organisation_day(moment.now) + DECIDED_WITHIN
    _write(action, proposal_due_on=by, proposed_by=moment.actor)
    decision_await(action=action, actor=moment.actor, now=moment.now)
    _source_moved(moment)


def withdrawn_follow(moment: Moment) -> None:
    """Write why it is none, and tell who was to decide on it."""
    action: Action = moment.record
    decider = decider_of(action=action, now=moment.now)
    _ended(moment)
    action_tell(
        action=action,
        kind=PROPOSED,
        people=[decider.person] if decider.may else [],
        what=_("Withdrawn"),
        why=moment.comment,
        actor=moment.actor,
        now=moment.now,
    )


def ended_follow(moment: Moment) -> None:
    """Write that it ended with what it was proposed for, and tell who proposed it."""
    _ended(moment)
    _tell_proposers(moment, _("Ended with what it was proposed for"), why=moment.comment)


def _ended(moment: Moment) -> None:
    """Remind nobody of it any more, and write why it is none."""
    _write(moment.record, outcome=moment.comment[:10_000])
    dates_follow(action=moment.record, now=moment.now)
    _source_moved(moment)


def _write(action: Action, **values: object) -> None:
    """Write fields that only steps write. The row is locked by the step."""
    for name, value in values.items():
        setattr(action, name, value)
    Action.objects.filter(pk=action.pk).update(**values)


def _source_moved(moment: Moment) -> None:
    source_moved(source=moment.record.source, actor=moment.actor, now=moment.now)


def _tell_proposers(moment: Moment, what: str, *, why: str = "") -> None:
    action: Action = moment.record
    action_tell(
        action=action,
        kind=PROPOSAL_DECIDED,
        people=proposers_of(action.source),
        what=what,
        why=why,
        actor=moment.actor,
        now=moment.now,
    )
