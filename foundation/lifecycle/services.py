"""The only writer of a record's state."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from foundation.accounts.access import Access, access_of
from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_day
from foundation.accounts.rights import refusal_reason
from foundation.lifecycle.tables import Lifecycle, Moment, Transition
from foundation.records.models import Record
from foundation.registry import registry
from foundation.trail.services import entry_write
from foundation.ui.dates import day_words


class TransitionRefused(Exception):
    """The step can't be taken now; the message says why, for the person who tried."""


class TransitionForbidden(TransitionRefused):
    """The person may not take this step."""


@dataclass(frozen=True)
class Offer:
    """A transition as offered on a record's page: with `refusal` set, the button is shown disabled with the reason."""

    transition: Transition
    refusal: str | None


def lifecycle_of(record: Record) -> Lifecycle:
    """Return the table of the record's kind."""
    return registry.get(Lifecycle, record.kind)


def available_transitions(record: Record, actor: User) -> list[Offer]:
    """Return the steps out of the record's state that the person has the right for, with what stands against each."""
    access = access_of(actor)
    return [
        Offer(transition, _standing_against(transition, record, actor, access.on))
        for transition in lifecycle_of(record).transitions
        if record.state in transition.sources
        and not transition.by_approval
        and transition.is_step_of(record)
        and _may_take(transition, record, actor, access)
    ]


def _standing_against(transition: Transition, record: Record, actor: User, on: date) -> str | None:
    """Return why a step can't be taken now, though the person has the right and the record is in its state, or None."""
    if transition.refusal and (reason := transition.refusal(record, actor)):
        return reason
    first = transition.from_day(record) if transition.from_day else None
    if first is None or on >= first:
        return None
    return _("This step can be taken from %(day)s on.") % {"day": day_words(first)}


def _may_take(transition: Transition, record: Record, actor: User, access: Access) -> bool:
    if transition.right and access.has(transition.right, record.unit_id):
        return True
    if not actor.is_active:
        return False
    if transition.owner_may and record.owner_id == actor.pk:
        return True
    return bool(transition.parts_may) and any(
        part.role in transition.parts_may and part.user_id == actor.pk for part in record.participants.all()
    )


def whose_step_it_is(transition: Transition, record: Record) -> str:
    """Return the sentence that tells a person why they may not take a step, and who may."""
    if transition.right:
        return refusal_reason(transition.right)
    people = [str(part.user) for part in record.participants.all() if part.role in transition.parts_may]
    if transition.owner_may or not people:
        people.append(str(record.owner))
    return _("This is up to %(person)s alone.") % {"person": get_text_list(people, _("or"))}


def not_a_step_of(record: Record) -> str:
    """Return the sentence that tells a person that a step does not apply to this record."""
    return _("This step is not one that %(reference)s takes.") % {"reference": record.reference}


@transaction.atomic
def apply_transition(
    *,
    record: Record,
    name: str,
    actor: User | None,
    now: datetime,
    comment: str = "",
    by_approval: bool = False,
) -> Record:
    """Take a step in a record's lifecycle: check, write the state and the trail, and let follow what follows.

    The row is locked first and its state read again, so of two people at once one wins and the other is told.
    `by_approval` is said by the outcome of an approval, which has checked who decided; it alone has no actor where the portal
    ended it, since its content changed. Raises TransitionRefused (wrong
    state, missing comment, open work) or TransitionForbidden (no right).
    """
    table = lifecycle_of(record)
    if table.locks_first:
        table.locks_first(record)
    locked = type(record)._default_manager.select_for_update().get(pk=record.pk)
    try:
        transition = table.transition(name)
    except KeyError as error:
        raise TransitionRefused(_("There is no such step.")) from error
    if not by_approval and (actor is None or not _may_take(transition, locked, actor, access_of(actor, now))):
        raise TransitionForbidden(whose_step_it_is(transition, locked))
    if not transition.is_step_of(locked):
        raise TransitionRefused(not_a_step_of(locked))
    if transition.by_approval != by_approval:
        raise TransitionRefused(_("This step is taken by the outcome of an approval."))
    source = locked.state
    if source not in transition.sources:
        raise TransitionRefused(
            _("%(reference)s is now “%(state)s”, so this step is no longer possible.")
            % {"reference": locked.reference, "state": table.states(source).label}
        )
    comment = comment.strip()
    if transition.needs_comment and not comment:
        raise TransitionRefused(_("Say why: this step needs a reason."))
    on = organisation_day(now)
    if actor is not None and (reason := _standing_against(transition, locked, actor, on)):
        raise TransitionRefused(reason)
    locked.state = transition.target
    locked.version += 1
    locked.save()
    entry_write(
        action=f"{locked._meta.app_label}.{locked.kind}.{name}",
        actor=actor,
        record=locked,
        before={"state": source},
        after={"state": transition.target},
        comment=comment,
    )
    if transition.consequence:
        transition.consequence(
            Moment(record=locked, by=actor, now=now, comment=comment, source=source, target=transition.target)
        )
    return locked
