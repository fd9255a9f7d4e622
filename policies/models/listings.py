"""The narrow copies of documents that lists and counts read."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.records.listings import RecordListing
from foundation.ui.addresses import address_of
from policies.choices import DocumentState, DocumentType
from policies.models.documents import Document
from policies.querysets import DocumentListingQuerySet

# What filters ask, besides the columns that an index starts with: a page is found without a look at the rows.
ASKED = ["unit", "owner", "confidentiality", "is_archived", "state", "type", "review_on", "needle"]


def _asked(*but: str) -> list[str]:
    return [name for name in ASKED if name not in but]


class DocumentListing(RecordListing):
    """What lists of documents filter, sort and show: one narrow row beside each, written by triggers.

    `label` is the number of the version in force, in force since `since`, and `coming` that of the one that comes; empty where there
    is none.
    """

    document = models.OneToOneField(Document, models.CASCADE, primary_key=True, related_name="listing")
    state = models.CharField(_("state"), max_length=40, choices=DocumentState.choices)
    type = models.CharField(_("type"), max_length=20, choices=DocumentType.choices)
    review_on = models.DateField(_("next review"), null=True)
    label = models.CharField(_("version in force"), max_length=20)
    since = models.DateTimeField(_("in force since"), null=True)
    coming = models.CharField(_("next version"), max_length=20)

    objects: ClassVar[Any] = DocumentListingQuerySet.as_manager()

    class Meta:
        verbose_name = _("listed document")
        verbose_name_plural = _("listed documents")
        indexes = [
            models.Index(fields=["title", "document"], include=_asked(), name="document_listing_title"),
            models.Index(
                fields=["unit", "title", "document"],
                include=_asked("unit"),
                name="document_listing_unit_title",
            ),
            models.Index(
                fields=["state", "title", "document"],
                include=_asked("state"),
                name="document_listing_state_title",
            ),
            models.Index(
                fields=["review_on", "document"],
                include=_asked("review_on"),
                name="document_listing_review",
                condition=Q(review_on__isnull=False),
            ),
            models.Index(fields=["unit", "-document"], name="document_listing_unit_new"),
            models.Index(fields=["owner", "title"], name="document_listing_owner"),
        ]

    def get_absolute_url(self) -> str:
        """Return the path of the document's page."""
        return address_of("policies:document-detail", self.reference)
