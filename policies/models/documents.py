"""Documents: policies, standards, procedures, guidelines and incident response plans."""

from typing import Any, ClassVar

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from foundation.records.models import Record
from policies.choices import DocumentState, DocumentType
from policies.querysets import DocumentQuerySet

# What holds is the version that was published, and no other. A step publishes the version first and names it then, so that a
# document without what it publishes is told at the end of the transaction: `version_is_current`.
_CURRENT = """
    IF TG_OP = 'UPDATE' AND NEW.current_id IS NOT DISTINCT FROM OLD.current_id THEN
        RETURN NEW;
    END IF;
    IF (TG_OP = 'UPDATE' AND NEW.current_id IS NULL) OR (NEW.current_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM policies_documentversion
        WHERE id = NEW.current_id AND document_id = NEW.record_ptr_id AND state = 'published'
    )) THEN
        RAISE EXCEPTION 'What holds of a document is its published version.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""

SHORTEST_CADENCE, USUAL_CADENCE, LONGEST_CADENCE = 1, 12, 60  # months


@pghistory.track(obj_field=pghistory.ObjForeignKey(related_name="document_events"))
class Document(Record):
    """A document that tells people what holds: its text stands in its versions, of which one at the most is in force.

    Its title is the record's, and that of the version in force, or of the draft before the first was published. `cadence_months`
    is how often somebody looks at whether it is still right, at the latest: by `review_on`, which is that long after `right_on`, and
    empty while a new version answers the last review.
    """

    record_ptr = models.OneToOneField(
        Record, models.CASCADE, parent_link=True, primary_key=True, related_name="as_document"
    )
    type = models.CharField(_("type"), max_length=20, choices=DocumentType.choices)
    cadence_months = models.PositiveSmallIntegerField(_("reviewed every"), default=USUAL_CADENCE)
    right_on = models.DateField(_("published or found right on"), null=True, blank=True, editable=False)
    review_on = models.DateField(_("next review"), null=True, blank=True, editable=False)
    current = models.ForeignKey(
        "policies.DocumentVersion",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("version in force"),
        editable=False,
    )

    objects: ClassVar[Any] = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        indexes = [
            models.Index(
                fields=["review_on"], name="document_to_review", condition=Q(review_on__isnull=False)
            )
        ]
        constraints = [
            models.CheckConstraint(condition=Q(type__in=DocumentType.values), name="document_known_type"),
            models.CheckConstraint(
                condition=Q(cadence_months__range=(SHORTEST_CADENCE, LONGEST_CADENCE)),
                name="document_cadence_in_range",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="document_current_is_published",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("current_id"),
                when=pgtrigger.Before,
                func=_CURRENT,
            ),
        ]

    def get_differences_url(self, number: int | None = None) -> str:
        """Return the address that shows what a version changed, by its number; by itself the newest."""
        url = reverse("policies:version-differences", args=[self.reference])
        return f"{url}?new={number}" if number else url

    @property
    def is_retired(self) -> bool:
        """Tell whether it holds for nobody any more."""
        return self.state == DocumentState.RETIRED
