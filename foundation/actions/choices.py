"""States and natures of an action, with the tone of the badge that shows each."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ActionNature(models.TextChoices):
    """How an action is settled: a task once it is done, a corrective action once it has been seen to work."""

    TASK = "task", _("Task")
    CORRECTIVE = "corrective", _("Corrective action")


class ActionState(models.TextChoices):
    """Where an action stands: a task is done or not; a corrective action is verified, and later seen to be effective."""

    OPEN = "open", _("Open")
    TO_VERIFY = "to_verify", _("To be verified")
    VERIFIED = "verified", _("Verified")
    EFFECTIVE = "effective", _("Effective")
    DONE = "done", _("Done")
    CANCELLED = "cancelled", _("Cancelled")


# Those in which nothing is left to do.
SETTLED = frozenset({ActionState.DONE, ActionState.EFFECTIVE, ActionState.CANCELLED})
UNSETTLED = tuple(state for state in ActionState if state not in SETTLED)

# Those in which somebody else than the owner takes the next step.
JUDGED_STATES = (ActionState.TO_VERIFY, ActionState.VERIFIED)

ACTION_TONES: dict[str, str] = {
    ActionState.OPEN: "info",
    ActionState.TO_VERIFY: "attention",
    ActionState.VERIFIED: "info",
    ActionState.EFFECTIVE: "good",
    ActionState.DONE: "good",
    ActionState.CANCELLED: "neutral",
}
