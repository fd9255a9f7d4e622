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
from foundation.actions.services import judge_refusal, verifier_lost


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
        ActionState.CANCELLED: _("It is not needed any more. Nothing is left to do."),
    }
    return sentences[ActionState(action.state)] % words


def _stuck(action: Action, now: datetime) -> str:
    if action.verifier is None:
        return _("Nobody can verify this now: name somebody.")
    if reason := verifier_lost(action=action, now=now):
        return _("%(reason)s Name somebody else.") % {"reason": reason}
    return ""
