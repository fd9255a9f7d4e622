"""The kinds, states and parts of audits and programmes, with the tone of the badge that shows them."""

from typing import Any

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
    REPORT_REVIEW = "report_review", _("Report in review")
    FOLLOW_UP = "follow_up", _("Follow-up")
    CLOSED = "closed", _("Closed")
    CANCELLED = "cancelled", _("Cancelled")


OPEN_AUDIT_STATES = (
    AuditState.PLANNED,
    AuditState.PREPARING,
    AuditState.FIELDWORK,
    AuditState.REPORTING,
    AuditState.REPORT_REVIEW,
    AuditState.FOLLOW_UP,
)

# While which the checklist is put together, what is prepared and noted in it, and what comes of the checks.
CHOOSING_STATES = (AuditState.PLANNED, AuditState.PREPARING, AuditState.FIELDWORK)
WRITING_STATES = (*CHOOSING_STATES, AuditState.REPORTING)
GRADING_STATES = (AuditState.FIELDWORK, AuditState.REPORTING)
# In which a report that was handed in says what the open audit's checks came to; and in which that is approved, if it ever
# was: going back to an earlier one opens it again.
SUBMITTED_STATES = (AuditState.REPORT_REVIEW, AuditState.FOLLOW_UP)
REPORTED_STATES = (AuditState.FOLLOW_UP, AuditState.CLOSED)

AUDIT_TONES: dict[str, str] = {
    AuditState.PLANNED: Tone.NEUTRAL,
    AuditState.PREPARING: Tone.INFO,
    AuditState.FIELDWORK: Tone.INFO,
    AuditState.REPORTING: Tone.INFO,
    AuditState.REPORT_REVIEW: Tone.ATTENTION,
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


AUDIT_OWNER = "audits.audit_owner"  # the part that an audit's owner plays in what belongs to the audit


class CheckMethod(models.TextChoices):
    """How a requirement is tested (the methods of NIST SP 800-53A)."""

    INTERVIEW = "interview", _("Interview")
    EXAMINE = "examine", _("Examine")
    TEST = "test", _("Test")


class CheckResult(models.TextChoices):
    """What a check came to."""

    NOT_TESTED = "not_tested", _("Not tested")
    CONFORMS = "conforms", _("Conforms")
    MAJOR = "major", _("Major nonconformity")
    MINOR = "minor", _("Minor nonconformity")
    OBSERVATION = "observation", _("Observation")
    OPPORTUNITY = "opportunity", _("Opportunity for improvement")
    NOT_APPLICABLE = "not_applicable", _("Not applicable")


# Results that say why in the report. What does not apply has to; what was not tested has to before the report is submitted.
SAY_WHY = (CheckResult.NOT_APPLICABLE, CheckResult.NOT_TESTED)


class CopiedChecks(models.TextChoices):
    """Which checks of an earlier audit come into another one."""

    ALL = "all", _("All that it tested")
    NONCONFORMING = "nonconforming", _("Only what did not conform")
    UNTESTED = "untested", _("Only what was left without a result")


CHECK_TONES: dict[str, str] = {
    CheckResult.NOT_TESTED: Tone.NEUTRAL,
    CheckResult.CONFORMS: Tone.GOOD,
    CheckResult.MAJOR: Tone.BAD,
    CheckResult.MINOR: Tone.ATTENTION,
    CheckResult.OBSERVATION: Tone.INFO,
    CheckResult.OPPORTUNITY: Tone.INFO,
    CheckResult.NOT_APPLICABLE: Tone.NEUTRAL,
}

# What a list of many checks calls the longer ones.
CHECK_BRIEFLY: dict[str, Any] = {
    **dict(CheckResult.choices),
    CheckResult.MAJOR: _("Major"),
    CheckResult.MINOR: _("Minor"),
    CheckResult.OPPORTUNITY: _("Opportunity"),
}
# In the order of the keys 1 to 7, by which the checklist's page sets them.
RESULT_KEYS = (
    CheckResult.CONFORMS,
    CheckResult.MAJOR,
    CheckResult.MINOR,
    CheckResult.OBSERVATION,
    CheckResult.OPPORTUNITY,
    CheckResult.NOT_APPLICABLE,
    CheckResult.NOT_TESTED,
)


class Grade(models.TextChoices):
    """How grave a finding is: the same codes as the results of checks that lead to one."""

    MAJOR = CheckResult.MAJOR.value, CheckResult.MAJOR.label
    MINOR = CheckResult.MINOR.value, CheckResult.MINOR.label
    OBSERVATION = CheckResult.OBSERVATION.value, CheckResult.OBSERVATION.label
    OPPORTUNITY = CheckResult.OPPORTUNITY.value, CheckResult.OPPORTUNITY.label


NONCONFORMITIES = (Grade.MAJOR, Grade.MINOR)

# As lists say it, where the column is headed by what it is.
SHORT_GRADES: dict[str, Any] = {
    Grade.MAJOR: _("Major"),
    Grade.MINOR: _("Minor"),
    Grade.OBSERVATION: _("Observation"),
    Grade.OPPORTUNITY: _("Opportunity"),
}

GRADE_TONES: dict[str, str] = {grade.value: CHECK_TONES[grade.value] for grade in Grade}


class FindingState(models.TextChoices):
    """Where a finding stands on its way from the auditor's desk to actions that worked."""

    RAISED = "raised", _("Raised")
    ANSWERED = "answered", _("Answered")
    AGREED = "agreed", _("Agreed")
    CLOSED = "closed", _("Closed")
    WITHDRAWN = "withdrawn", _("Withdrawn")


FINDING_TONES: dict[str, str] = {
    FindingState.RAISED: Tone.ATTENTION,
    FindingState.ANSWERED: Tone.INFO,
    FindingState.AGREED: Tone.INFO,
    FindingState.CLOSED: Tone.GOOD,
    FindingState.WITHDRAWN: Tone.NEUTRAL,
}


OPEN_FINDING_STATES = (FindingState.RAISED, FindingState.ANSWERED, FindingState.AGREED)


class EvidenceState(models.TextChoices):
    """Where a request for evidence stands."""

    PENDING = "pending", _("Pending")
    ANSWERED = "answered", _("Answered")
    RETURNED = "returned", _("Returned")
    ACCEPTED = "accepted", _("Accepted")
    WITHDRAWN = "withdrawn", _("Withdrawn")


# Where it waits for who is asked, and where for nobody any more.
WAITING_EVIDENCE_STATES = (EvidenceState.PENDING, EvidenceState.RETURNED)
SETTLED_EVIDENCE_STATES = (EvidenceState.ACCEPTED, EvidenceState.WITHDRAWN)
# In tables of an audit: what waits for the auditors, then what waits for those who are asked, then the rest.
EVIDENCE_ORDER = (
    EvidenceState.ANSWERED,
    EvidenceState.RETURNED,
    EvidenceState.PENDING,
    EvidenceState.ACCEPTED,
    EvidenceState.WITHDRAWN,
)
EVIDENCE_ASKER = "audits.evidence_asker"  # the part of who asked for evidence

EVIDENCE_TONES: dict[str, str] = {
    EvidenceState.PENDING: Tone.ATTENTION,
    EvidenceState.ANSWERED: Tone.INFO,
    EvidenceState.RETURNED: Tone.ATTENTION,
    EvidenceState.ACCEPTED: Tone.GOOD,
    EvidenceState.WITHDRAWN: Tone.NEUTRAL,
}
