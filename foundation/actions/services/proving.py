"""The proof of an action: the files that it has when it is reported done, and by which it is judged."""

from foundation.accounts.models import User
from foundation.actions.models import Action
from foundation.files.models import FileVersion
from foundation.trail.services import entry_write


def proof_reported(*, action: Action, actor: User) -> None:
    """Let the trail tell, by SHA-256, with which files an action was reported done. Nobody changes them from then on (`guards`)."""
    _told(action, actor, "actions.action.proof_reported")


def proof_judged(*, action: Action, actor: User) -> None:
    """Keep the versions of files that an action is judged by, beside those that it was judged by before, and let the trail tell.

    Must be called inside the transaction of the step, which has locked the action: who changes a file holds it, too.
    """
    action.proof.add(*_told(action, actor, "actions.action.proof_judged"))


def _told(action: Action, actor: User, verb: str) -> list[FileVersion]:
    present = FileVersion.objects.newest().present().filter(file__record_id=action.pk)
    versions = list(present.order_by("name", "pk"))
    if versions:
        after = {"files": [one.name for one in versions], "sha256": [one.sha256 for one in versions]}
        entry_write(action=verb, actor=actor, record=action, after=after)
    return versions
