"""States and natures of an action, with the tone of the badge that shows each."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ActionNature(models.TextChoices):
    """How an action is settled: a task once it is done, a corrective action once it has been seen to work."""

    TASK = "task", _("Task")
    CORRECTIVE = "corrective", _("Corrective action")


class ActionState(models.TextChoices):
    """Where an action stands: a task is done or not; a corrective action is verified, and later seen to be effective.

    What was proposed is to be done only once it is agreed on.
    """

    PROPOSED = "proposed", _("Proposed")
    RETURNED = "returned", _("Returned")
    OPEN = "open", _("Open")
    TO_VERIFY = "to_verify", _("To be verified")
    VERIFIED = "verified", _("Verified")
    EFFECTIVE = "effective", _("Effective")
    DONE = "done", _("Done")
    CANCELLED = "cancelled", _("Cancelled")
    WITHDRAWN = "withdrawn", _("Withdrawn")


# Those in which nothing is left to do.
SETTLED = frozenset({ActionState.DONE, ActionState.EFFECTIVE, ActionState.CANCELLED, ActionState.WITHDRAWN})
UNSETTLED = tuple(state for state in ActionState if state not in SETTLED)

# Those of a proposal: it waits to be agreed on, or to be revised by who proposed it.
PROPOSALS = (ActionState.PROPOSED, ActionState.RETURNED)

# Those of what nobody agreed on.
NOT_AGREED = (*PROPOSALS, ActionState.WITHDRAWN)

# Those of what stands no more, or never did.
NOT_STANDING = (*NOT_AGREED, ActionState.CANCELLED)

# A task is finished once it is done, a corrective action once it is verified: whether it works is checked later.
UNFINISHED = (ActionState.OPEN, ActionState.TO_VERIFY)

# Those in which somebody else than the owner takes the next step.
JUDGED_STATES = (ActionState.TO_VERIFY, ActionState.VERIFIED)

ACTION_TONES: dict[str, str] = {
    ActionState.PROPOSED: "attention",
    ActionState.RETURNED: "attention",
    ActionState.OPEN: "info",
    ActionState.TO_VERIFY: "attention",
    ActionState.VERIFIED: "info",
    ActionState.EFFECTIVE: "good",
    ActionState.DONE: "good",
    ActionState.CANCELLED: "neutral",
    ActionState.WITHDRAWN: "neutral",
}
