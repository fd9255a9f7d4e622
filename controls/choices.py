"""What controls are, where they stand, and how well they work, with the tone of the badge that shows each."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.ui.components import Tone


class ControlState(models.TextChoices):
    """Where a control stands. Being revised, the version in force holds on."""

    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    IN_FORCE = "in_force", _("In force")
    REVISING = "revising", _("Being revised")
    REVISION_REVIEW = "revision_review", _("Revision in review")
    RETIRED = "retired", _("Retired")


CONTROL_TONES: dict[str, str] = {
    ControlState.DRAFT: Tone.NEUTRAL,
    ControlState.IN_REVIEW: Tone.ATTENTION,
    ControlState.IN_FORCE: Tone.GOOD,
    ControlState.REVISING: Tone.INFO,
    ControlState.REVISION_REVIEW: Tone.ATTENTION,
    ControlState.RETIRED: Tone.NEUTRAL,
}

# In which a version holds, in which one is being written, and in which one waits for a decision.
IN_FORCE = (ControlState.IN_FORCE, ControlState.REVISING, ControlState.REVISION_REVIEW)
WRITING = (ControlState.DRAFT, ControlState.REVISING)
DECIDING = (ControlState.IN_REVIEW, ControlState.REVISION_REVIEW)


class VersionState(models.TextChoices):
    """Where a version of a control stands. Once approved, what it says never changes."""

    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    IN_FORCE = "in_force", _("In force")
    SUPERSEDED = "superseded", _("Superseded")
    RETIRED = "retired", _("Retired")
    DISCARDED = "discarded", _("Discarded")


VERSION_TONES: dict[str, str] = {
    VersionState.DRAFT: Tone.NEUTRAL,
    VersionState.IN_REVIEW: Tone.ATTENTION,
    VersionState.IN_FORCE: Tone.GOOD,
    VersionState.SUPERSEDED: Tone.NEUTRAL,
    VersionState.RETIRED: Tone.NEUTRAL,
    VersionState.DISCARDED: Tone.NEUTRAL,
}

# Of which a control has one at the most: the one that is written or looked at.
COMING = (VersionState.DRAFT, VersionState.IN_REVIEW)
# What was approved once.
SETTLED = (VersionState.IN_FORCE, VersionState.SUPERSEDED, VersionState.RETIRED)

# The ways from one state of a version to another; the database knows no others.
VERSION_WAYS: tuple[tuple[str, str], ...] = (
    (VersionState.DRAFT, VersionState.IN_REVIEW),
    (VersionState.DRAFT, VersionState.DISCARDED),
    (VersionState.IN_REVIEW, VersionState.DRAFT),
    (VersionState.IN_REVIEW, VersionState.IN_FORCE),
    (VersionState.IN_FORCE, VersionState.SUPERSEDED),
    (VersionState.IN_FORCE, VersionState.RETIRED),
)


class ControlType(models.TextChoices):
    """When a control acts on what may go wrong."""

    PREVENTIVE = "preventive", _("Preventive")
    DETECTIVE = "detective", _("Detective")
    CORRECTIVE = "corrective", _("Corrective")
    DETERRENT = "deterrent", _("Deterrent")
    RECOVERY = "recovery", _("Recovery")
    COMPENSATING = "compensating", _("Compensating")
    DIRECTIVE = "directive", _("Directive")


class Nature(models.TextChoices):
    """Who or what carries a control out."""

    MANUAL = "manual", _("Manual")
    AUTOMATED = "automated", _("Automated")
    PARTLY = "partly", _("Partly automated")


class Frequency(models.TextChoices):
    """How often a control is carried out."""

    CONTINUOUS = "continuous", _("Continuously")
    EVENT = "event", _("At each event")
    DAILY = "daily", _("Daily")
    WEEKLY = "weekly", _("Weekly")
    MONTHLY = "monthly", _("Monthly")
    QUARTERLY = "quarterly", _("Quarterly")
    HALF_YEARLY = "half_yearly", _("Twice a year")
    YEARLY = "yearly", _("Yearly")


class Implementation(models.TextChoices):
    """How far a control is carried out, whatever is approved of it."""

    NOT_STARTED = "not_started", _("Not started")
    PLANNED = "planned", _("Planned")
    PARTIAL = "partial", _("Partially implemented")
    IMPLEMENTED = "implemented", _("Implemented")
    NOT_APPLICABLE = "not_applicable", _("Not applicable")


IMPLEMENTATION_TONES: dict[str, str] = {
    Implementation.NOT_STARTED: Tone.BAD,
    Implementation.PLANNED: Tone.ATTENTION,
    Implementation.PARTIAL: Tone.INFO,
    Implementation.IMPLEMENTED: Tone.GOOD,
    Implementation.NOT_APPLICABLE: Tone.NEUTRAL,
}

# In which something is carried out, so that there is evidence of it, and it can be rated.
OPERATING = (Implementation.PARTIAL, Implementation.IMPLEMENTED)


class Effectiveness(models.TextChoices):
    """How well a control works, as somebody other than its owner found."""

    EFFECTIVE = "effective", _("Effective")
    LARGELY = "largely", _("Largely effective")
    PARTLY = "partly", _("Partly effective")
    INEFFECTIVE = "ineffective", _("Ineffective")


EFFECTIVENESS_TONES: dict[str, str] = {
    Effectiveness.EFFECTIVE: Tone.GOOD,
    Effectiveness.LARGELY: Tone.INFO,
    Effectiveness.PARTLY: Tone.ATTENTION,
    Effectiveness.INEFFECTIVE: Tone.BAD,
}


class Extent(models.TextChoices):
    """How much of a requirement a control covers, once it works."""

    FULL = "full", _("Fully")
    PARTLY = "partly", _("Partly")


class Coverage(models.TextChoices):
    """How far a requirement is covered by all its controls, the best first."""

    FULL = "full", _("Fully covered")
    PARTLY = "partly", _("Partly covered")
    PENDING = "pending", _("Controls not in force")
    NONE = "none", _("Not covered")


COVERAGE_TONES: dict[str, str] = {
    Coverage.FULL: Tone.GOOD,
    Coverage.PARTLY: Tone.INFO,
    Coverage.PENDING: Tone.ATTENTION,
    Coverage.NONE: Tone.BAD,
}
