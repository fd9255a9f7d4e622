"""What stands against adding and changing the files of actions: the proof that is judged, or was, stays as it is."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from foundation.accounts.models import User
from foundation.actions.choices import ActionState
from foundation.actions.models import Action
from foundation.files.models import File
from foundation.records.models import Record

# While it is open its proof is gathered; once it is verified, what shows that it works.
STAY = {
    ActionState.TO_VERIFY: lazy(
        "It was reported done, and what it is judged by stays as it is. If something is missing, it is sent back."
    ),
    ActionState.EFFECTIVE: lazy(
        "It was seen to work by the files that it has, so they stay as they are. Reopen it to add more."
    ),
    ActionState.DONE: lazy("It is done, so its files stay as they are. Reopen it to add more."),
    ActionState.WITHDRAWN: lazy("The proposal was withdrawn, so its files stay as they are."),
    ActionState.CANCELLED: lazy("It was cancelled, so its files stay as they are. Reopen it to add more."),
}


def proof_adding_refusal(*, record: Record, user: User, now: datetime) -> str | None:
    """Return why nobody adds files to an action as it stands, or None."""
    stay = STAY.get(ActionState(record.state))
    return str(stay) if stay else None


def proof_file_refusal(*, file: File, user: User, now: datetime) -> str | None:
    """Return why a file of an action stays as it is, or None: what it was judged by stays, though it is open again."""
    if refusal := proof_adding_refusal(record=file.record, user=user, now=now):
        return refusal
    if Action.proof.through.objects.filter(action_id=file.record_id, fileversion__file=file).exists():
        return _("The action was judged by it, so it stays as it is. You can add another file beside it.")
    return None
