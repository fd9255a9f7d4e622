"""Sets of values of what people keep of lists."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.ui.components import Tone


class Sharing(models.TextChoices):
    """Who sees a saved view besides the person who saved it."""

    NOBODY = "nobody", _("Only me")
    UNIT = "unit", _("My business unit, and those below it")
    EVERYONE = "everyone", _("Everyone")


class ExportState(models.TextChoices):
    """How far a file is."""

    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Being written")
    DONE = "done", _("Ready")
    FAILED = "failed", _("Failed")
    STOPPED = "stopped", _("Stopped")


OPEN_EXPORTS = (ExportState.WAITING, ExportState.RUNNING)
EXPORT_TONES: dict[str, Tone] = {
    ExportState.WAITING: Tone.NEUTRAL,
    ExportState.RUNNING: Tone.INFO,
    ExportState.DONE: Tone.GOOD,
    ExportState.FAILED: Tone.BAD,
    ExportState.STOPPED: Tone.NEUTRAL,
}
