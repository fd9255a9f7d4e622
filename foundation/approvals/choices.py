"""What becomes of a request for approval, and what an approver says."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RequestState(models.TextChoices):
    """An open request waits for its current step; all other states are final."""

    OPEN = "open", _("Waiting for decision")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    VOID = "void", _("Void: content changed")


class Verdict(models.TextChoices):
    """What an approver decides."""

    APPROVE = "approve", _("Approve")
    REJECT = "reject", _("Reject")


REQUEST_TONES = {
    RequestState.OPEN: "attention",
    RequestState.APPROVED: "good",
    RequestState.REJECTED: "bad",
    RequestState.WITHDRAWN: "neutral",
    RequestState.VOID: "neutral",
}
