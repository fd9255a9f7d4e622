"""What comes next for an action, who must see to it, and why the reader can't."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.accounts.access import access_of
from foundation.accounts.models import User
from foundation.accounts.rights import roles_named
from foundation.accounts.selectors import GIVES_ROLES, OFFICER
from foundation.actions.choices import JUDGED_STATES, ActionState
from foundation.actions.models import Action
from foundation.actions.permissions import can_manage_actions
from foundation.actions.services import MANAGE, agree_refusal, decider_of, judge_refusal, verifier_lost
from foundation.deadlines.selectors import deadlines_of


@dataclass(frozen=True)
class NextStep:
    """The next step of an action in a sentence; `why_not` says why it is not the reader's.

    Where nobody can take it, `stuck` says so and why; `url` leads who can change that to where it is done (`url_label`), and
    `hint` tells the others who that is.
    """

    sentence: str
    why_not: str = ""
    stuck: str = ""
    url: str = ""
    url_label: str = ""
    hint: str = ""


def next_step_of(action: Action, *, reader: User, now: datetime) -> NextStep:
    """Return what comes next. Four queries at most, and those only of what is not settled; some more where nobody may decide."""
    if action.is_proposal:
        return _next_of_proposal(action, reader, now)
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
        url_label=_("Name who verifies it"),
        hint=_("That is for whoever manages actions of %(unit)s.") % {"unit": action.unit},
    )


def _next_of_proposal(action: Action, reader: User, now: datetime) -> NextStep:
    """Say who decides on it, or revises it: whom its date waits for."""
    date = deadlines_of(action).first()
    person = date.assignee.full_name if date else action.source.owner.full_name
    if action.state == ActionState.RETURNED:
        words = _("%(person)s revises it and proposes it again, or withdraws it.")
        return NextStep(words % {"person": person})
    if date and _is_stuck(action, date.assignee, reader, now):
        decider = decider_of(action=action, now=now)
        if not decider.may:
            return _undecided(action, reader, decider.person)
        person = decider.person.full_name
    words = _("%(person)s agrees on it, or returns it with the reason. Until then nobody has to do it.")
    refusal = agree_refusal(action, reader) if can_manage_actions(reader, action) else None
    return NextStep(words % {"person": person}, why_not=refusal or "")


def _is_stuck(action: Action, person: User, reader: User, now: datetime) -> bool:
    """Tell whether whom a proposal waits for is to see to it that somebody else may decide, and can't. Mostly one query."""
    person = reader if reader.pk == person.pk else person
    access = access_of(person, now)
    sees_to_roles = access.has(OFFICER if action.is_restricted else GIVES_ROLES, action.unit_id)
    may = can_manage_actions(person, action)
    return sees_to_roles and not (may and agree_refusal(action, person) is None)


def _undecided(action: Action, reader: User, person: User) -> NextStep:
    """Say that nobody may decide, why, and who sees to it that somebody may."""
    why = _(
        "Nobody may decide on this now: everybody who may agree on actions of %(unit)s proposed it, would own it, or has a side "
        "in what it follows from."
    )
    gives = access_of(reader).has(GIVES_ROLES, action.unit_id)
    return NextStep(
        _("Somebody with the role %(roles)s agrees on it, or returns it with the reason.")
        % {"roles": roles_named(MANAGE)},
        stuck=why % {"unit": action.unit},
        url=reverse("accounts:person-list") if gives else "",
        url_label=_("Give somebody the role"),
        hint=_("%(person)s sees to it that somebody else is given the role %(roles)s there.")
        % {"person": person, "roles": roles_named(MANAGE)},
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
