"""Telling people what became of an action."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from foundation.accounts.models import User
from foundation.actions.models import Action
from foundation.notifications.services import NoticeDraft, notices_write
from foundation.ui.dates import day_words

GIVEN, SENT_BACK = "actions.given", "actions.sent_back"
TO_VERIFY, NOBODY_VERIFIES = "actions.to_verify", "actions.nobody_verifies"


def action_tell(
    *, action: Action, kind: str, people: Iterable[User], what: str, actor: User | None, now: datetime
) -> None:
    """Tell people at once what became of an action, in the transaction of the fact; not who did it."""
    notices_write(
        notices=[
            NoticeDraft(
                recipient_id=person.pk,
                kind=kind,
                dedupe_key=f"{kind}:{action.pk}:{action.version}:{person.pk}",
                record_id=action.pk,
                payload={
                    "title": action.title,
                    "sentence": f"{action.reference} {what}",
                    "path": action.get_absolute_url(),
                    "reference": action.reference,
                },
            )
            for person in people
            if actor is None or person.pk != actor.pk
        ],
        now=now,
    )


def owner_told(*, action: Action, actor: User | None, now: datetime) -> None:
    """Tell the owner of an action that it is to be done, and until when."""
    what = _("is yours to do, by %(day)s.") % {"day": day_words(action.due_on)}
    action_tell(action=action, kind=GIVEN, people=[action.owner], what=what, actor=actor, now=now)
