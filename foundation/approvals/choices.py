"""What becomes of a request for approval, and what an approver says."""

from django.db import models
from django.utils.translation import gettext_lazy as _

DECISION_DEADLINE = "approvals.decision"  # the kind of the dates by which people are to decide


class RequestState(models.TextChoices):
    """An open request waits for its current step; all other states are final."""

    OPEN = "open", _("Waiting for decision")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")
    CHANGES = "changes", _("Changes requested")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    VOID = "void", _("Void: content changed")


class Verdict(models.TextChoices):
    """What an approver decides."""

    APPROVE = "approve", _("Approve")
    CHANGES = "changes", _("Request changes")
    REJECT = "reject", _("Reject")


# What becomes of a request by a single voice; an approval counts towards what its stage needs.
ENDS = {Verdict.REJECT: RequestState.REJECTED, Verdict.CHANGES: RequestState.CHANGES}


REQUEST_TONES = {
    RequestState.OPEN: "attention",
    RequestState.APPROVED: "good",
    RequestState.REJECTED: "bad",
    RequestState.CHANGES: "attention",
    RequestState.WITHDRAWN: "neutral",
    RequestState.VOID: "neutral",
}
