"""The transitions of actions, as data."""

from django.utils.translation import gettext_lazy as _

from foundation.actions.choices import ACTION_TONES, ActionState
from foundation.actions.services import action_step_follow
from foundation.lifecycle.tables import Lifecycle, Moment, Transition


def action_consequence(moment: Moment) -> None:
    """Write what follows from a step of an action."""
    action_step_follow(action=moment.record, now=moment.now, comment=moment.comment)


ACTION_LIFECYCLE = Lifecycle(
    key="action",
    states=ActionState,
    initial=ActionState.OPEN,
    path=(ActionState.OPEN, ActionState.DONE),
    tones=ACTION_TONES,
    transitions=(
        Transition(
            name="complete",
            label=_("Mark as done"),
            sources=(ActionState.OPEN,),
            target=ActionState.DONE,
            right="actions.manage",
            owner_may=True,
            needs_comment=True,
            comment_label=_("What was done, and where is the proof?"),
            icon="circle-check",
            consequence=action_consequence,
        ),
        Transition(
            name="cancel",
            label=_("Cancel"),
            sources=(ActionState.OPEN,),
            target=ActionState.CANCELLED,
            right="actions.manage",
            needs_comment=True,
            comment_label=_("Why is it no longer needed?"),
            tone="danger",
            icon="ban",
            consequence=action_consequence,
        ),
        Transition(
            name="reopen",
            label=_("Reopen"),
            sources=(ActionState.DONE, ActionState.CANCELLED),
            target=ActionState.OPEN,
            right="actions.manage",
            needs_comment=True,
            comment_label=_("What is still to be done?"),
            tone="secondary",
            icon="arrow-back-up",
            consequence=action_consequence,
        ),
    ),
)
