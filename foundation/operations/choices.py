"""What gives signs of life, and how well things are."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.ui.components import Tone


class Program(models.TextChoices):
    """A program that works where nobody sees it."""

    WORKER = "worker", _("Worker")
    BEAT = "beat", _("Beat")


class State(models.TextChoices):
    """How well something is."""

    OK = "ok", _("In order")
    WARNING = "warning", _("Look at this")
    BAD = "bad", _("Wrong")

    @property
    def tone(self) -> Tone:
        """The tone that the state is shown in."""
        return {State.OK: Tone.GOOD, State.WARNING: Tone.ATTENTION, State.BAD: Tone.BAD}[self]

    @property
    def icon(self) -> str:
        return {State.OK: "check", State.WARNING: "alert-triangle", State.BAD: "x"}[self]
