"""Telling people what became of an action."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from foundation.accounts.models import User
from foundation.actions.models import Action
from foundation.notifications.services import NoticeDraft, notices_write

GIVEN, SENT_BACK = "actions.given", "actions.sent_back"
PROPOSED, PROPOSAL_DECIDED = "actions.proposed", "actions.proposal_decided"
NOBODY_DECIDES = "actions.nobody_decides"
TO_VERIFY, NOBODY_VERIFIES = "actions.to_verify", "actions.nobody_verifies"


def action_tell(
    *,
    action: Action,
    kind: str,
    people: Iterable[User],
    what: str,
    why: str = "",
    actor: User | None,
    now: datetime,
    about: str = "",
) -> None:
    """Tell people at once what became of an action, in the transaction of the fact; not who did it.

    `why`, what somebody wrote, stands behind it, but not in the subject of a mail. Of what is told in one mail, the latest is enough: where the action stands now, and what waits for the person.
    `about` tells one notice of the same version from another, and both are told.
    """
    sentence = _("%(what)s: %(why)s") % {"what": what, "why": why} if why else what
    notices_write(
        notices=[
            NoticeDraft(
                recipient_id=person.pk,
                kind=kind,
                dedupe_key=f"{kind}:{action.pk}:{action.version}:{about}:{person.pk}",
                record_id=action.pk,
                thread=f"actions.action:{action.pk}",
                payload={
                    "title": action.title,
                    "sentence": sentence,
                    "headline": what,
                    "path": action.get_absolute_url(),
                    "reference": action.reference,
                    "due_on": action.next_due_on.isoformat(),
                },
            )
            for person in people
            if actor is None or person.pk != actor.pk
        ],
        now=now,
    )


def decider_told(*, action: Action, people: Iterable[User], actor: User | None, now: datetime) -> None:
    """Tell who decides on a proposal that it waits: each time that it comes to the person, also once it had gone to another."""
    action_tell(
        action=action,
        kind=PROPOSED,
        people=people,
        what=_("Proposed: agree on it, or return it with the reason."),
        actor=actor,
        now=now,
        about=now.isoformat(),
    )


def owner_told(*, action: Action, actor: User | None, now: datetime) -> None:
    """Tell the owner of an action that it is to be done, and until when."""
    what = _("Yours to do.")
    action_tell(action=action, kind=GIVEN, people=[action.owner], what=what, actor=actor, now=now)
