"""What actions give to the whole."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from foundation.actions.choices import SETTLED
from foundation.actions.guards import proof_adding_refusal, proof_file_refusal
from foundation.actions.indicators import INDICATORS
from foundation.actions.lifecycle import ACTION_LIFECYCLE
from foundation.actions.selectors import action_search_text, verifying_held
from foundation.actions.services import (
    CONCERNED,
    DUE,
    EFFECTIVENESS,
    GIVEN,
    NOBODY_DECIDES,
    NOBODY_VERIFIES,
    PROPOSAL,
    PROPOSAL_DECIDED,
    PROPOSED,
    PROPOSER,
    REVISION,
    SENT_BACK,
    TO_VERIFY,
    VERIFICATION,
    VERIFIER,
    action_move,
    action_move_refusal,
    action_owner_give,
    verifying_hand_over,
)
from foundation.registry import (
    DateMover,
    DeadlineKind,
    FileGuard,
    HandOver,
    NavigationEntry,
    NoticeKind,
    OwnerChange,
    ParticipantRole,
    RecordKind,
    TrailVerb,
    registry,
)

registry.register(
    RecordKind(
        key="action",
        model="actions.Action",
        prefix="ACT",
        label=_("Action"),
        label_plural=_("Actions"),
        icon="checkbox",
        detail_url_name="actions:action-detail",
        search_text=action_search_text,
        final_states=frozenset(SETTLED),
    ),
    ACTION_LIFECYCLE,
    *INDICATORS,
    FileGuard(key="action", adding=proof_adding_refusal, changing=proof_file_refusal),
    ParticipantRole(key=CONCERNED, label=_("Concerned by what it follows from")),
    ParticipantRole(key=VERIFIER, label=_("Verifier")),
    ParticipantRole(key=PROPOSER, label=_("Proposes the action")),
    DeadlineKind(key=PROPOSAL, label=_("Proposed action to be decided")),
    DeadlineKind(key=REVISION, label=_("Returned action to be revised")),
    DeadlineKind(key=DUE, label=_("Action due")),
    DeadlineKind(key=VERIFICATION, label=_("Action to be verified")),
    DeadlineKind(key=EFFECTIVENESS, label=_("Effect of the action to be checked")),
    *(
        DateMover(
            key=kind,
            refusal=partial(action_move_refusal, kind=kind),
            move=partial(action_move, kind=kind),
        )
        for kind in (DUE, VERIFICATION, EFFECTIVENESS)
    ),
    HandOver(
        key="actions.verifying",
        label=_("Corrective actions to verify"),
        order=520,
        held=verifying_held,
        hand_over=verifying_hand_over,
        parts_of=frozenset({"action"}),
    ),
    OwnerChange(key="action", give=action_owner_give),
    NoticeKind(
        key=GIVEN,
        label=_("Actions that are given to me"),
        icon="checkbox",
        reason=_("You own this action."),
    ),
    NoticeKind(
        key=PROPOSED,
        label=_("Actions that are proposed to me"),
        icon="checkbox",
        reason=_("You agree on actions there."),
    ),
    NoticeKind(
        key=PROPOSAL_DECIDED,
        label=_("What becomes of actions that I proposed"),
        icon="checkbox",
        reason=_("You proposed this action."),
    ),
    NoticeKind(
        key=NOBODY_DECIDES,
        label=_("Proposed actions that nobody may decide on"),
        icon="alert-triangle",
        reason=_("You are a CISO there."),
    ),
    NoticeKind(
        key=NOBODY_VERIFIES,
        label=_("Actions that nobody can verify until I name somebody"),
        icon="alert-triangle",
        reason=_("You can name who verifies this action."),
    ),
    NoticeKind(
        key=TO_VERIFY,
        label=_("Actions that I verify"),
        icon="shield-check",
        reason=_("You verify this action."),
    ),
    NoticeKind(
        key=SENT_BACK,
        label=_("Actions of mine that are open again"),
        icon="arrow-back-up",
        reason=_("You own this action."),
    ),
    NavigationEntry(
        key="actions",
        label=_("Actions"),
        icon="checkbox",
        url_name="actions:action-list",
        group="watch",
        order=600,
    ),
    TrailVerb(action="actions.list.exported", sentence=_("exported the list"), icon="file-export"),
    TrailVerb(action="actions.action.created", sentence=_("agreed on the action"), icon="checkbox"),
    TrailVerb(action="actions.action.proposed", sentence=_("proposed the action"), icon="checkbox"),
    TrailVerb(action="actions.action.agree", sentence=_("agreed on the action as proposed"), icon="check"),
    TrailVerb(action="actions.action.return", sentence=_("returned the proposal"), icon="arrow-back-up"),
    TrailVerb(action="actions.action.propose_again", sentence=_("proposed the action again"), icon="send"),
    TrailVerb(action="actions.action.withdraw", sentence=_("withdrew the proposal"), icon="ban"),
    TrailVerb(
        action="actions.action.end_with_source",
        sentence=_("settled what it was proposed for, and so ended the proposal"),
        icon="ban",
    ),
    TrailVerb(action="actions.action.changed", sentence=_("changed the action"), icon="pencil"),
    TrailVerb(action="actions.action.complete", sentence=_("marked the action as done"), icon="circle-check"),
    TrailVerb(action="actions.action.report_done", sentence=_("reported the action done"), icon="send"),
    TrailVerb(
        action="actions.action.proof_reported",
        sentence=_("reported it done with its files: {after[files]}"),
        icon="paperclip",
    ),
    TrailVerb(
        action="actions.action.proof_judged",
        sentence=_("judged it by its files: {after[files]}"),
        icon="paperclip",
    ),
    TrailVerb(action="actions.action.verify", sentence=_("verified the action"), icon="shield-check"),
    TrailVerb(action="actions.action.send_back", sentence=_("sent the action back"), icon="arrow-back-up"),
    TrailVerb(
        action="actions.action.confirm_effective",
        sentence=_("confirmed that the action was effective"),
        icon="circle-check",
    ),
    TrailVerb(
        action="actions.action.not_effective",
        sentence=_("found the action not effective"),
        icon="arrow-back-up",
    ),
    TrailVerb(action="actions.action.cancel", sentence=_("cancelled the action"), icon="ban"),
    TrailVerb(
        action="actions.action.reopen_by_below",
        sentence=_("found that what follows from it did not work, and so opened it again"),
        icon="arrow-back-up",
    ),
    TrailVerb(action="actions.action.reopen", sentence=_("reopened the action"), icon="arrow-back-up"),
)
