"""The transitions of actions, as data: of tasks, which are done, and of corrective actions, which are judged by others."""

from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from foundation.accounts.models import User
from foundation.actions.choices import ACTION_TONES, ActionNature, ActionState
from foundation.actions.models import Action
from foundation.actions.services import (
    PROPOSER,
    VERIFY,
    agree_refusal,
    judge_refusal,
    proposal_refusal,
    return_refusal,
)
from foundation.actions.services.proposal_steps import (
    agreed_follow,
    ended_follow,
    proposed_again_follow,
    returned_follow,
    withdrawn_follow,
)
from foundation.actions.services.steps import (
    cancelled_follow,
    done_follow,
    effective_follow,
    not_effective_follow,
    reopened_by_below_follow,
    reopened_follow,
    reported_follow,
    sent_back_follow,
    verified_follow,
)
from foundation.actions.sources import (
    agreed_side_refusal,
    opening_refusal,
    source_held_first,
    takes_side,
)
from foundation.lifecycle.tables import Lifecycle, Transition
from foundation.records.models import Record

TASK_PATH = (ActionState.OPEN, ActionState.DONE)
CORRECTIVE_PATH = (ActionState.OPEN, ActionState.TO_VERIFY, ActionState.VERIFIED, ActionState.EFFECTIVE)


def is_task(action: Action) -> bool:
    """Tell whether the action is settled once it is done."""
    return action.nature == ActionNature.TASK


def is_corrective(action: Action) -> bool:
    """Tell whether the action is verified, and its effect checked."""
    return action.is_corrective


def path_of(action: Action) -> tuple[str, ...]:
    """Return the main way of an action."""
    way = CORRECTIVE_PATH if action.is_corrective else TASK_PATH
    if not was_proposed(action):
        return way
    first = ActionState.RETURNED if action.state == ActionState.RETURNED else ActionState.PROPOSED
    return (first, *way)


def was_proposed(action: Action) -> bool:
    """Tell whether somebody proposed the action."""
    return action.proposed_by_id is not None


def cancel_refusal(record: Record, actor: User) -> str | None:
    """Return why a person may not cancel an action: who owns a corrective one, or has a side there, does not rid it of who verifies it."""
    assert isinstance(record, Action)
    if not record.is_corrective:
        return None
    if record.owner_id == actor.pk:
        return _now("You own this corrective action, so somebody else must cancel it.")
    if takes_side(action=record, person=actor):
        return _now("You have a side in what this action follows from, so somebody else must cancel it.")
    return None


def reopen_refusal(record: Record, actor: User) -> str | None:
    """Return why a person may not reopen an action, or None: who has a side there, or where nothing more is agreed on."""
    assert isinstance(record, Action)
    return agreed_side_refusal(action=record, person=actor) or opening_refusal(action=record)


def below_refusal(record: Record, actor: User) -> str | None:
    """Return why an action is not done yet, or None: what follows from it is not."""
    assert isinstance(record, Action)
    if not record.unfinished_below:
        return None
    return _now("What follows from it is still to be done or verified: %(references)s.") % {
        "references": ", ".join(record.unfinished_below)
    }


def approving_refusal(record: Record, actor: User) -> str | None:
    """Return why a person may not say that an action is done, or works, or None."""
    return judge_refusal(record, actor) or below_refusal(record, actor)


def _judgement(**about: Any) -> Transition:
    """Return a step of those who judge a corrective action: neither its owner nor who reported it done."""
    return Transition(
        right=VERIFY, needs_comment=True, applies=is_corrective, **{"refusal": judge_refusal, **about}
    )


def _of_proposal(**about: Any) -> Transition:
    """Return a step of who proposed the action: no right lets anybody else take it."""
    return Transition(
        right="", parts_may=(PROPOSER,), applies=was_proposed, refusal=proposal_refusal, **about
    )


ACTION_LIFECYCLE = Lifecycle(
    key="action",
    states=ActionState,
    initial=ActionState.OPEN,
    path=TASK_PATH,
    path_of=path_of,
    tones=ACTION_TONES,
    locks_first=source_held_first,
    transitions=(
        Transition(
            name="agree",
            label=_("Agree"),
            sources=(ActionState.PROPOSED,),
            target=ActionState.OPEN,
            right="actions.manage",
            applies=was_proposed,
            confirm=_(
                "It is to be done as it was proposed: its owner is told, and reminded of its due date."
            ),
            icon="check",
            refusal=agree_refusal,
            consequence=agreed_follow,
        ),
        Transition(
            name="return",
            label=_("Return"),
            sources=(ActionState.PROPOSED,),
            target=ActionState.RETURNED,
            right="actions.manage",
            applies=was_proposed,
            needs_comment=True,
            comment_label=_("What should be otherwise?"),
            confirm=_("Who proposed it is told, and revises it or withdraws it."),
            tone="secondary",
            icon="arrow-back-up",
            refusal=return_refusal,
            consequence=returned_follow,
        ),
        _of_proposal(
            name="propose_again",
            label=_("Propose again"),
            sources=(ActionState.RETURNED,),
            target=ActionState.PROPOSED,
            icon="send",
            confirm=_("It is decided on as it stands now."),
            consequence=proposed_again_follow,
        ),
        _of_proposal(
            name="withdraw",
            label=_("Withdraw"),
            sources=(ActionState.PROPOSED, ActionState.RETURNED),
            target=ActionState.WITHDRAWN,
            needs_comment=True,
            comment_label=_("Why is it not proposed any more?"),
            tone="danger",
            icon="ban",
            consequence=withdrawn_follow,
        ),
        # Taken by the portal when what it was proposed for is settled.
        Transition(
            name="end_with_source",
            label=_("End with what it was proposed for"),
            sources=(ActionState.PROPOSED, ActionState.RETURNED),
            target=ActionState.WITHDRAWN,
            right="actions.manage",
            applies=was_proposed,
            by_approval=True,
            icon="ban",
            consequence=ended_follow,
        ),
        Transition(
            name="complete",
            label=_("Mark as done"),
            sources=(ActionState.OPEN,),
            target=ActionState.DONE,
            right="actions.manage",
            owner_may=True,
            applies=is_task,
            needs_comment=True,
            comment_label=_("What was done, and where is the proof?"),
            icon="circle-check",
            refusal=below_refusal,
            consequence=done_follow,
        ),
        Transition(
            name="report_done",
            label=_("Report done"),
            sources=(ActionState.OPEN,),
            target=ActionState.TO_VERIFY,
            right="actions.manage",
            owner_may=True,
            applies=is_corrective,
            needs_comment=True,
            comment_label=_("What was done, and where is the proof?"),
            confirm=_(
                "Somebody else verifies it within 14 days, by the proof: a file of this action, or what you write here."
            ),
            icon="send",
            refusal=below_refusal,
            consequence=reported_follow,
        ),
        _judgement(
            name="verify",
            label=_("Verify"),
            sources=(ActionState.TO_VERIFY,),
            target=ActionState.VERIFIED,
            comment_label=_("How was it verified?"),
            confirm=_("It was done as agreed. Whether it works is checked later."),
            icon="shield-check",
            refusal=approving_refusal,
            consequence=verified_follow,
        ),
        _judgement(
            name="send_back",
            label=_("Send back"),
            sources=(ActionState.TO_VERIFY,),
            target=ActionState.OPEN,
            comment_label=_("What is missing?"),
            confirm=_("Its owner is told, and goes on with it. Its due date stays as it is."),
            tone="secondary",
            icon="arrow-back-up",
            consequence=sent_back_follow,
        ),
        _judgement(
            name="confirm_effective",
            label=_("Confirm the effect"),
            sources=(ActionState.VERIFIED,),
            target=ActionState.EFFECTIVE,
            comment_label=_("What shows that it worked?"),
            icon="circle-check",
            refusal=approving_refusal,
            from_day=lambda action: action.effectiveness_due_on,
            consequence=effective_follow,
        ),
        _judgement(
            name="not_effective",
            label=_("Not effective"),
            sources=(ActionState.VERIFIED,),
            target=ActionState.OPEN,
            comment_label=_("What shows that it did not work?"),
            confirm=_(
                "It is open again, its owner is told, and it is due in 30 days, or on its due date if that is later. "
                "Edit it to agree on another day."
            ),
            tone="danger",
            icon="arrow-back-up",
            consequence=not_effective_follow,
        ),
        Transition(
            name="cancel",
            label=_("Cancel action"),
            sources=(ActionState.OPEN,),
            target=ActionState.CANCELLED,
            right="actions.manage",
            needs_comment=True,
            comment_label=_("Why is it no longer needed?"),
            tone="danger",
            icon="ban",
            refusal=cancel_refusal,
            consequence=cancelled_follow,
        ),
        Transition(
            name="reopen",
            label=_("Reopen"),
            sources=(ActionState.DONE, ActionState.EFFECTIVE, ActionState.CANCELLED),
            target=ActionState.OPEN,
            right="actions.manage",
            needs_comment=True,
            comment_label=_("What is still to be done?"),
            tone="secondary",
            icon="arrow-back-up",
            refusal=reopen_refusal,
            consequence=reopened_follow,
        ),
        # Taken by the portal when what follows from it did not work.
        Transition(
            name="reopen_by_below",
            label=_("Reopen, because what follows from it did not work"),
            sources=(ActionState.DONE, ActionState.EFFECTIVE),
            target=ActionState.OPEN,
            right="actions.manage",
            by_approval=True,
            needs_comment=True,
            comment_label=_("What did not work?"),
            tone="secondary",
            icon="arrow-back-up",
            consequence=reopened_by_below_follow,
        ),
    ),
)
