"""The kinds, states and parts of audits and programmes, with the tone of the badge that shows them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.ui.components import Tone


class AuditType(models.TextChoices):
    """What sort of audit it is, which says whose auditors come."""

    INTERNAL = "internal", _("Internal")
    EXTERNAL = "external", _("External")
    CERTIFICATION = "certification", _("Certification")
    SUPPLIER = "supplier", _("Supplier")
    TECHNICAL_TEST = "technical_test", _("Technical test")


class AuditState(models.TextChoices):
    """Where an audit stands on its way from the plan to the last corrective action."""

    PLANNED = "planned", _("Planned")
    PREPARING = "preparing", _("Preparing")
    FIELDWORK = "fieldwork", _("Fieldwork")
    REPORTING = "reporting", _("Reporting")
    FOLLOW_UP = "follow_up", _("Follow-up")
    CLOSED = "closed", _("Closed")
    CANCELLED = "cancelled", _("Cancelled")


OPEN_AUDIT_STATES = (
    AuditState.PLANNED,
    AuditState.PREPARING,
    AuditState.FIELDWORK,
    AuditState.REPORTING,
    AuditState.FOLLOW_UP,
)

AUDIT_TONES: dict[str, str] = {
    AuditState.PLANNED: Tone.NEUTRAL,
    AuditState.PREPARING: Tone.INFO,
    AuditState.FIELDWORK: Tone.INFO,
    AuditState.REPORTING: Tone.INFO,
    AuditState.FOLLOW_UP: Tone.ATTENTION,
    AuditState.CLOSED: Tone.GOOD,
    AuditState.CANCELLED: Tone.NEUTRAL,
}


class ProgrammeState(models.TextChoices):
    """Where a year's programme stands."""

    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    APPROVED = "approved", _("Approved")
    CLOSED = "closed", _("Closed")


PROGRAMME_TONES: dict[str, str] = {
    ProgrammeState.DRAFT: Tone.NEUTRAL,
    ProgrammeState.IN_REVIEW: Tone.ATTENTION,
    ProgrammeState.APPROVED: Tone.INFO,
    ProgrammeState.CLOSED: Tone.GOOD,
}


class AuditRole(models.TextChoices):
    """The part that a person plays in an audit: a role of `records.Participant`."""

    LEAD = "audits.lead", _("Lead auditor")
    TEAM = "audits.team", _("Audit team")
    AUDITEE = "audits.auditee", _("Auditee")
