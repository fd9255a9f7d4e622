"""The kinds and states of exercises, and what came of their objectives, with the tone of the badge that shows them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.ui.components import Tone


class ExerciseType(models.TextChoices):
    """How a plan is exercised (NIST SP 800-84 tells tabletop and functional exercises apart, and tests of equipment)."""

    TABLETOP = "tabletop", _("Tabletop")
    TECHNICAL = "technical", _("Technical")
    CALL_OUT = "call_out", _("Call-out test")


class ExerciseState(models.TextChoices):
    """Where an exercise stands."""

    PLANNED = "planned", _("Planned")
    HELD = "held", _("Held")
    CLOSED = "closed", _("Closed")
    CANCELLED = "cancelled", _("Cancelled")


STATE_TONES: dict[str, str] = {
    ExerciseState.PLANNED: Tone.INFO,
    ExerciseState.HELD: Tone.ATTENTION,
    ExerciseState.CLOSED: Tone.GOOD,
    ExerciseState.CANCELLED: Tone.NEUTRAL,
}
EXERCISED = (ExerciseState.HELD, ExerciseState.CLOSED)
OPEN = (ExerciseState.PLANNED, ExerciseState.HELD)
SETTLED = (ExerciseState.CLOSED, ExerciseState.CANCELLED)


class Result(models.TextChoices):
    """What came of an objective."""

    OPEN = "open", _("Not judged yet")
    MET = "met", _("Met")
    PARTLY = "partly", _("Partly met")
    NOT_MET = "not_met", _("Not met")


RESULT_TONES: dict[str, str] = {
    Result.OPEN: Tone.NEUTRAL,
    Result.MET: Tone.GOOD,
    Result.PARTLY: Tone.ATTENTION,
    Result.NOT_MET: Tone.BAD,
}
