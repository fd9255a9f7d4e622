"""What comes next for an action, who must see to it, and why the reader can't."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.accounts.models import User
from foundation.actions.choices import JUDGED_STATES, ActionState
from foundation.actions.models import Action
from foundation.actions.permissions import can_manage_actions
from foundation.actions.services import agree_refusal, judge_refusal, verifier_lost
from foundation.deadlines.selectors import deadlines_of


@dataclass(frozen=True)
class NextStep:
    """The next step of an action in a sentence; `why_not` says why it is not the reader's.

    Where nobody can verify the action, `stuck` says so, and `url` leads those who may name somebody to the form.
    """

    sentence: str
    why_not: str = ""
    stuck: str = ""
    url: str = ""


def next_step_of(action: Action, *, reader: User, now: datetime) -> NextStep:
    """Return what comes next. Four queries at most, and those only of a corrective action that is not settled."""
    if action.is_proposal:
        return _next_of_proposal(action, reader)
    if not action.is_corrective or action.is_settled:
        return NextStep(_sentence(action, ""))
    stuck = _stuck(action, now)
    return NextStep(
        _sentence(action, action.verifier.full_name if action.verifier else _("Whoever is named")),
        why_not=(judge_refusal(action, reader) or "") if action.state in JUDGED_STATES else "",
        stuck=stuck,
        url=reverse("actions:action-edit", args=[action.reference])
        if stuck and can_manage_actions(reader, action)
        else "",
    )


def _next_of_proposal(action: Action, reader: User) -> NextStep:
    """Say who decides on it, or revises it: whom its date waits for."""
    date = deadlines_of(action).first()
    person = date.assignee.full_name if date else action.source.owner.full_name
    if action.state == ActionState.RETURNED:
        words = _("%(person)s revises it and proposes it again, or withdraws it.")
        return NextStep(words % {"person": person})
    words = _("%(person)s agrees on it, or returns it with the reason. Until then nobody has to do it.")
    refusal = agree_refusal(action, reader) if can_manage_actions(reader, action) else None
    return NextStep(words % {"person": person}, why_not=refusal or "")


def _sentence(action: Action, verifier: str) -> str:
    """Say who takes which step; by when stands among the facts."""
    words = {"owner": action.owner.full_name, "verifier": verifier}
    if action.state == ActionState.OPEN and not action.is_corrective:
        return _("%(owner)s does it, and marks it as done with the proof.") % words
    if action.state == ActionState.TO_VERIFY:
        later = ngettext(
            "Whether it works is checked %(days)d day after.",
            "Whether it works is checked %(days)d days after.",
            action.effectiveness_days,
        ) % {"days": action.effectiveness_days}
        return _("%(verifier)s verifies it, or sends it back.") % words + " " + later
    sentences = {
        ActionState.OPEN: _(
            "%(owner)s does it, and reports it done with the proof. Then %(verifier)s verifies it."
        ),
        ActionState.VERIFIED: _("%(verifier)s checks whether it works: it is effective then, or open again."),
        ActionState.EFFECTIVE: _("It was seen to work. Nothing is left to do."),
        ActionState.DONE: _("It is done. Nothing is left to do."),
        ActionState.WITHDRAWN: _("It was proposed, and is not any more. Nothing is left to do."),
        ActionState.CANCELLED: _("It is not needed any more. Nothing is left to do."),
    }
    return sentences[ActionState(action.state)] % words


def _stuck(action: Action, now: datetime) -> str:
    if action.verifier is None:
        return _("Nobody can verify this now: name somebody.")
    if reason := verifier_lost(action=action, now=now):
        return _("%(reason)s Name somebody else.") % {"reason": reason}
    return ""
