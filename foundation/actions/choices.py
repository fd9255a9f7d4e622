"""States of an action, with the tone of the badge that shows each."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ActionState(models.TextChoices):
    """Where an action stands."""

    OPEN = "open", _("Open")
    DONE = "done", _("Done")
    CANCELLED = "cancelled", _("Cancelled")


ACTION_TONES: dict[str, str] = {
    ActionState.OPEN: "info",
    ActionState.DONE: "good",
    ActionState.CANCELLED: "neutral",
}
