"""What actions give to the whole."""

from django.utils.translation import gettext_lazy as _

from foundation.actions.choices import ActionState
from foundation.actions.lifecycle import ACTION_LIFECYCLE
from foundation.actions.selectors import action_search_text
from foundation.actions.services import CONCERNED, DUE, action_move, action_move_refusal
from foundation.registry import (
    DateMover,
    DeadlineKind,
    NavigationEntry,
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
        final_states=frozenset({ActionState.DONE, ActionState.CANCELLED}),
    ),
    ACTION_LIFECYCLE,
    ParticipantRole(key=CONCERNED, label=_("Concerned by what it follows from")),
    DeadlineKind(key=DUE, label=_("Action due")),
    DateMover(key=DUE, refusal=action_move_refusal, move=action_move),
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
    TrailVerb(action="actions.action.changed", sentence=_("changed the action"), icon="pencil"),
    TrailVerb(action="actions.action.complete", sentence=_("marked the action as done"), icon="circle-check"),
    TrailVerb(action="actions.action.cancel", sentence=_("cancelled the action"), icon="ban"),
    TrailVerb(action="actions.action.reopen", sentence=_("reopened the action"), icon="arrow-back-up"),
)
