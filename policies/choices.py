"""The kinds and states of documents and of their versions, with the tone of the badge that shows them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.ui.components import Tone


class DocumentType(models.TextChoices):
    """What sort of document it is, the most binding first."""

    POLICY = "policy", _("Policy")
    STANDARD = "standard", _("Standard")
    PROCEDURE = "procedure", _("Procedure")
    GUIDELINE = "guideline", _("Guideline")
    PLAN = "plan", _("Incident response plan")


class DocumentState(models.TextChoices):
    """Where a document stands. Being revised, its published version holds on."""

    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    APPROVED = "approved", _("Approved")
    PUBLISHED = "published", _("Published")
    REVISING = "revising", _("Being revised")
    REVISION_REVIEW = "revision_review", _("Revision in review")
    REVISION_APPROVED = "revision_approved", _("Revision approved")
    RETIRED = "retired", _("Retired")


DOCUMENT_TONES: dict[str, str] = {
    DocumentState.DRAFT: Tone.NEUTRAL,
    DocumentState.IN_REVIEW: Tone.ATTENTION,
    DocumentState.APPROVED: Tone.INFO,
    DocumentState.PUBLISHED: Tone.GOOD,
    DocumentState.REVISING: Tone.INFO,
    DocumentState.REVISION_REVIEW: Tone.ATTENTION,
    DocumentState.REVISION_APPROVED: Tone.INFO,
    DocumentState.RETIRED: Tone.NEUTRAL,
}

# In which a version holds for its audience, and in which one is being written, or waits to be published.
IN_FORCE = (
    DocumentState.PUBLISHED,
    DocumentState.REVISING,
    DocumentState.REVISION_REVIEW,
    DocumentState.REVISION_APPROVED,
)
WRITING = (DocumentState.DRAFT, DocumentState.REVISING)
DECIDING = (DocumentState.IN_REVIEW, DocumentState.REVISION_REVIEW)
WAITING = (DocumentState.APPROVED, DocumentState.REVISION_APPROVED)


class ReviewOutcome(models.TextChoices):
    """What a look at a document in force came to."""

    STILL_RIGHT = "still_right", _("Still right")
    NEW_VERSION = "new_version", _("A new version is needed")


class VersionState(models.TextChoices):
    """Where a version stands. Once published, what it says never changes."""

    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    APPROVED = "approved", _("Approved")
    PUBLISHED = "published", _("Published")
    SUPERSEDED = "superseded", _("Superseded")
    RETIRED = "retired", _("Retired")
    DISCARDED = "discarded", _("Discarded")


VERSION_TONES: dict[str, str] = {
    VersionState.DRAFT: Tone.NEUTRAL,
    VersionState.IN_REVIEW: Tone.ATTENTION,
    VersionState.APPROVED: Tone.INFO,
    VersionState.PUBLISHED: Tone.GOOD,
    VersionState.SUPERSEDED: Tone.NEUTRAL,
    VersionState.RETIRED: Tone.NEUTRAL,
    VersionState.DISCARDED: Tone.NEUTRAL,
}

# Of which a document has one at the most: the one that is written, looked at, or about to be published.
COMING = (VersionState.DRAFT, VersionState.IN_REVIEW, VersionState.APPROVED)
# What was published once.
SETTLED = (VersionState.PUBLISHED, VersionState.SUPERSEDED, VersionState.RETIRED)

# The ways from one state of a version to another; the database knows no others.
VERSION_WAYS: tuple[tuple[str, str], ...] = (
    (VersionState.DRAFT, VersionState.IN_REVIEW),
    (VersionState.DRAFT, VersionState.DISCARDED),
    (VersionState.IN_REVIEW, VersionState.DRAFT),
    (VersionState.IN_REVIEW, VersionState.APPROVED),
    (VersionState.APPROVED, VersionState.DRAFT),
    (VersionState.APPROVED, VersionState.PUBLISHED),
    (VersionState.PUBLISHED, VersionState.SUPERSEDED),
    (VersionState.PUBLISHED, VersionState.RETIRED),
)
