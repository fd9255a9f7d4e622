"""The states of an exception and the levels of its risk, with the tone of the badge that shows them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.ui.components import Tone


class ExceptionState(models.TextChoices):
    """Where an exception stands."""

    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    GRANTED = "granted", _("Granted")
    EXPIRED = "expired", _("Expired")
    RENEWED = "renewed", _("Renewed")
    REVOKED = "revoked", _("Revoked")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


STATE_TONES: dict[str, str] = {
    ExceptionState.DRAFT: Tone.NEUTRAL,
    ExceptionState.IN_REVIEW: Tone.ATTENTION,
    ExceptionState.GRANTED: Tone.GOOD,
    ExceptionState.EXPIRED: Tone.BAD,
    ExceptionState.RENEWED: Tone.NEUTRAL,
    ExceptionState.REVOKED: Tone.NEUTRAL,
    ExceptionState.REFUSED: Tone.NEUTRAL,
    ExceptionState.WITHDRAWN: Tone.NEUTRAL,
}

# In which something may still come of it, and of which another may be begun that goes on from it.
OPEN = (ExceptionState.DRAFT, ExceptionState.IN_REVIEW, ExceptionState.GRANTED)
RENEWABLE = (ExceptionState.GRANTED, ExceptionState.EXPIRED)
GIVEN_UP = (ExceptionState.REFUSED, ExceptionState.WITHDRAWN, ExceptionState.REVOKED)
FINAL = tuple(state for state in ExceptionState if state not in OPEN)

# The ways from one state to another; the database knows no others.
STATE_WAYS: tuple[tuple[str, str], ...] = (
    (ExceptionState.DRAFT, ExceptionState.IN_REVIEW),
    (ExceptionState.DRAFT, ExceptionState.WITHDRAWN),
    (ExceptionState.IN_REVIEW, ExceptionState.DRAFT),
    (ExceptionState.IN_REVIEW, ExceptionState.GRANTED),
    (ExceptionState.IN_REVIEW, ExceptionState.REFUSED),
    (ExceptionState.GRANTED, ExceptionState.EXPIRED),
    (ExceptionState.GRANTED, ExceptionState.RENEWED),
    (ExceptionState.GRANTED, ExceptionState.REVOKED),
)


class RiskLevel(models.TextChoices):
    """How much risk is taken while the exception holds, its compensating controls in place."""

    LOW = "low", _("Low")
    MODERATE = "moderate", _("Moderate")
    HIGH = "high", _("High")
    CRITICAL = "critical", _("Critical")


RISK_TONES: dict[str, str] = {
    RiskLevel.LOW: Tone.GOOD,
    RiskLevel.MODERATE: Tone.INFO,
    RiskLevel.HIGH: Tone.ATTENTION,
    RiskLevel.CRITICAL: Tone.BAD,
}
# On which the CISO decides, too.
GRAVE = (RiskLevel.HIGH, RiskLevel.CRITICAL)
