"""Proposing actions, revising what was returned, and who decides on it: nothing is to be done before another has agreed."""

from collections.abc import Iterator
from datetime import date, datetime
from itertools import islice
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_day
from foundation.actions.choices import PROPOSALS, ActionState
from foundation.actions.models import Action
from foundation.actions.services.agreeing import CONCERNED, PROPOSER, concerned_by, owner_check
from foundation.actions.services.awaiting import decider_follow, decision_await
from foundation.actions.services.dates import DECIDED_WITHIN, PROPOSAL
from foundation.actions.services.deciding import deciders_of
from foundation.actions.sources import (
    AT_ONCE,
    owning_refusal,
    proposers_of,
    proposing_refusal,
    source_held,
    source_held_first,
    source_moved,
    usual_nature,
)
from foundation.deadlines.models import Deadline
from foundation.lifecycle.services import apply_transition
from foundation.records.models import Record
from foundation.records.services import participants_name, record_create, record_update

REVISED = ("title", "owner", "due_on", "description")


@transaction.atomic
def action_propose(
    *,
    source: Record,
    title: str,
    owner: User,
    due_on: date,
    actor: User,
    now: datetime,
    description: str = "",
) -> Action:
    """Propose an action that is to follow from a record, of the nature that is usual there; who decides on it is told.

    It counts for nothing, and nobody does it, before somebody else has agreed. What it follows from is held first. Raises
    ValidationError for who proposes nothing there as it stands, and for an owner who is not active, or is to agree on it.
    """
    source_held(source)
    of = Record.objects.select_related("unit", "owner").get(pk=source.pk)
    if refusal := proposing_refusal(source=of, person=actor):
        raise ValidationError(refusal)
    _check_owner(of, owner)
    action = Action(
        title=title,
        owner=owner,
        unit=of.unit,
        confidentiality=of.confidentiality,
        source=of,
        description=description,
        due_on=due_on,
        nature=usual_nature(of),
        proposed_by=actor,
        proposal_due_on=organisation_day(now) + DECIDED_WITHIN,
    )
    record_create(record=action, kind="action", actor=actor, state=ActionState.PROPOSED, verb="proposed")
    parts = {CONCERNED: concerned_by(of), PROPOSER: proposers_of(of)}
    participants_name(record=action, parts=parts, actor=actor)
    decision_await(action=action, actor=actor, now=now)
    source_moved(source=of, actor=actor, now=now)
    return action


@transaction.atomic
def proposal_revise(
    *, action: Action, changes: dict[str, Any], actor: User, now: datetime, version: int
) -> Action:
    """Change what was returned, and was read at `version`: what is to be done, by whom and until when.

    Only who may propose there does. Raises ValidationError for everybody and everything else, StaleRecord when somebody was
    faster.
    """
    if unknown := changes.keys() - set(REVISED):
        raise ValueError(f"No fields of a proposal: {sorted(unknown)}")
    source_held_first(action)
    locked = Action.objects.locked().select_related("source").get(pk=action.pk)
    if refusal := revising_refusal(locked, actor):
        raise ValidationError(refusal)
    _check_owner(locked.source, changes.get("owner", locked.owner))
    return record_update(record=locked, changes=changes, actor=actor, version=version)


def _check_owner(source: Record, owner: User) -> None:
    owner_check(owner)
    if refusal := owning_refusal(source=source, person=owner):
        raise ValidationError({"owner": refusal})


def revising_refusal(action: Action, person: User) -> str | None:
    """Return why a person can't change what was proposed, or None: only what was returned, and only who may propose there."""
    if refusal := proposing_refusal(source=action.source, person=person):
        return refusal
    if action.state != ActionState.RETURNED:
        return _("Only a proposal that was returned is revised.")
    return None


def proposal_refusal(record: Record, actor: User) -> str | None:
    """Return why a person can't propose an action again, or withdraw it, or None."""
    assert isinstance(record, Action)
    return proposing_refusal(source=record.source, person=actor)


def proposals_end(*, source: Record, actor: User, now: datetime, comment: str) -> None:
    """Withdraw what is still only proposed where a record is settled. Must be called inside the step's transaction."""
    for action in Action.objects.filter(source_id=source.pk, state__in=PROPOSALS).order_by("pk"):
        apply_transition(
            record=action, name="end_with_source", actor=actor, now=now, comment=comment, by_approval=True
        )


def deciders_lost(*, now: datetime) -> Iterator[int]:
    """Return the keys of the proposals that wait for another than who is to decide now. Fifteen queries or so for each 500."""
    rows = Deadline.objects.open().filter(kind=PROPOSAL, record__archived_at__isnull=True)
    waiting = iter(rows.order_by("pk").values_list("record_id", "assignee_id", "is_stuck"))
    while held := {key: (person, is_stuck) for key, person, is_stuck in islice(waiting, AT_ONCE)}:
        found = Action.objects.filter(pk__in=held).select_related("source__owner", "unit")
        deciders = deciders_of(actions=list(found.order_by("pk")), now=now)
        yield from (key for key, one in deciders.items() if (one.person.pk, not one.may) != held[key])


@transaction.atomic
def decider_look(*, key: int, now: datetime) -> bool:
    """Let a proposal wait for who is to decide on it now, and tell the person; tell whether that is another than before."""
    source_held_first(Action.objects.get(pk=key))
    action = Action.objects.locked().select_related("source__owner", "unit").get(pk=key)
    if action.state != ActionState.PROPOSED:
        return False
    return decider_follow(action=action, actor=None, now=now)
