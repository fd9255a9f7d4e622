"""States of frameworks, where an edition comes from, and what stands in its tree."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.ui.components import Tone


class FrameworkState(models.TextChoices):
    """Whether a framework still binds the organisation."""

    ACTIVE = "active", _("Active")
    RETIRED = "retired", _("Retired")


FRAMEWORK_TONES: dict[str, str] = {
    FrameworkState.ACTIVE: Tone.GOOD,
    FrameworkState.RETIRED: Tone.NEUTRAL,
}


class Source(models.TextChoices):
    """How the texts of an edition came into the portal."""

    OSCAL = "oscal", _("OSCAL catalogue")
    TABLE = "table", _("Table")
    HAND = "hand", _("By hand")


class NodeKind(models.TextChoices):
    """What a line of an edition's tree is: a heading, something required, or what strengthens that."""

    GROUP = "group", _("Group")
    REQUIREMENT = "requirement", _("Requirement")
    ENHANCEMENT = "enhancement", _("Enhancement")


class Method(models.TextChoices):
    """How an auditor tells whether a requirement is met."""

    EXAMINE = "examine", _("Examine")
    INTERVIEW = "interview", _("Interview")
    TEST = "test", _("Test")


class Withdrawal(models.TextChoices):
    """What became of a requirement that its standard withdrew."""

    INCORPORATED = "incorporated", _("Incorporated into")
    MOVED = "moved", _("Moved to")
