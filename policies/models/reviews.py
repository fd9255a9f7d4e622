"""Looks at whether a document in force is still right."""

from typing import Any, ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from policies.choices import ReviewOutcome
from policies.models.documents import Document
from policies.models.versions import DocumentVersion


class DocumentReview(models.Model):
    """Somebody looked at the version in force, and found that it is still right, or that a new one is needed.

    `due_on` is the day by which that was due. Evidence: nothing of it is changed or removed.
    """

    document = models.ForeignKey(Document, models.PROTECT, related_name="reviews", verbose_name=_("document"))
    version = models.ForeignKey(
        DocumentVersion, models.PROTECT, related_name="+", verbose_name=_("version in force")
    )
    outcome = models.CharField(_("outcome"), max_length=12, choices=ReviewOutcome.choices)
    reason = models.CharField(_("reason"), max_length=2_000)
    due_on = models.DateField(_("due on"), null=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("reviewed by")
    )
    reviewed_at = models.DateTimeField(_("reviewed at"))

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        verbose_name = _("review of a document")
        verbose_name_plural = _("reviews of documents")
        ordering = ["-reviewed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=ReviewOutcome.values), name="document_review_known_outcome"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="document_review_for_a_reason"),
        ]
        triggers = [
            pgtrigger.Protect(name="document_review_kept", operation=pgtrigger.Delete | pgtrigger.Update),
        ]

    def __str__(self) -> str:
        return f"{self.document_id}, {self.reviewed_at:%Y-%m-%d}"
