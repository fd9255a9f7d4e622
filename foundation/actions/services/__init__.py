"""Agreeing on actions, changing them, and what follows from their steps."""

from foundation.actions.services.agreeing import (
    AGREED,
    CHANGEABLE,
    CONCERNED,
    PROPOSER,
    action_change,
    action_create,
    actions_follow,
    agreed_refusal,
    change_refusal,
    nature_refusal,
    owner_refusal,
)
from foundation.actions.services.dates import AWAITED, DUE, EFFECTIVENESS, PROPOSAL, REVISION, VERIFICATION
from foundation.actions.services.deciding import agree_refusal, return_refusal
from foundation.actions.services.handing_over import action_owner_give, verifying_hand_over
from foundation.actions.services.judging import (
    VERIFY,
    judge_refusal,
    verifier_for,
    verifier_refusal,
)
from foundation.actions.services.moving import action_move, action_move_refusal
from foundation.actions.services.proposing import (
    action_propose,
    decider_look,
    deciders_lost,
    proposal_refusal,
    proposal_revise,
    proposals_end,
    revising_refusal,
)
from foundation.actions.services.telling import (
    GIVEN,
    NOBODY_VERIFIES,
    PROPOSAL_DECIDED,
    PROPOSED,
    SENT_BACK,
    TO_VERIFY,
)
from foundation.actions.services.verifying import VERIFIER, verifier_look, verifier_lost, verifiers_lost

__all__ = [
    "AGREED",
    "AWAITED",
    "CHANGEABLE",
    "CONCERNED",
    "DUE",
    "EFFECTIVENESS",
    "GIVEN",
    "NOBODY_VERIFIES",
    "PROPOSAL",
    "PROPOSAL_DECIDED",
    "PROPOSED",
    "PROPOSER",
    "REVISION",
    "SENT_BACK",
    "TO_VERIFY",
    "VERIFICATION",
    "VERIFIER",
    "VERIFY",
    "action_change",
    "action_create",
    "action_move",
    "action_move_refusal",
    "action_owner_give",
    "action_propose",
    "actions_follow",
    "agree_refusal",
    "agreed_refusal",
    "change_refusal",
    "decider_look",
    "deciders_lost",
    "judge_refusal",
    "nature_refusal",
    "owner_refusal",
    "proposal_refusal",
    "proposal_revise",
    "proposals_end",
    "return_refusal",
    "revising_refusal",
    "verifier_for",
    "verifier_look",
    "verifier_lost",
    "verifier_refusal",
    "verifiers_lost",
    "verifying_hand_over",
]
