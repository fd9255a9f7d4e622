"""Agreeing on actions, changing them, and what follows from their steps."""

from foundation.actions.services.agreeing import (
    CHANGEABLE,
    CONCERNED,
    action_change,
    action_create,
    actions_follow,
    change_refusal,
    owner_refusal,
)
from foundation.actions.services.dates import AWAITED, DUE, EFFECTIVENESS, VERIFICATION
from foundation.actions.services.handing_over import verifying_hand_over
from foundation.actions.services.moving import action_move, action_move_refusal
from foundation.actions.services.verifying import (
    VERIFIER,
    VERIFY,
    judge_refusal,
    verifier_for,
    verifier_refusal,
)

__all__ = [
    "AWAITED",
    "CHANGEABLE",
    "CONCERNED",
    "DUE",
    "EFFECTIVENESS",
    "VERIFICATION",
    "VERIFIER",
    "VERIFY",
    "action_change",
    "action_create",
    "action_move",
    "action_move_refusal",
    "actions_follow",
    "change_refusal",
    "judge_refusal",
    "owner_refusal",
    "verifier_for",
    "verifier_refusal",
    "verifying_hand_over",
]
