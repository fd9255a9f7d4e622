"""Requests for evidence to those who are audited, and the narrow copies of them that lists read."""

from typing import Any, ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from audits.choices import EvidenceState
from audits.models.audits import Audit
from audits.models.checks import Check
from audits.querysets import EvidenceListingQuerySet, EvidenceRequestQuerySet
from foundation.files.models import FileVersion
from foundation.records.listings import RecordListing
from foundation.records.models import Record
from foundation.ui.addresses import address_of


@pghistory.track(obj_field=pghistory.ObjForeignKey(related_name="evidence_request_events"))
class EvidenceRequest(Record):
    """What an auditor needs to see, from whom, until when. Its owner is who answers it; its files are the evidence.

    `answer_files` are the versions that were sent with the last answer: those are judged, whatever the files have since.

    It belongs to the audit's unit and is as confidential as the audit, and names who asked, the auditors and the audit's
    owner. It is withheld from the other auditees, whatever other right they have. `return_reason` is what was missing from the
    last answer that was sent back, `accepted_by` who accepted the answer that stands, which nobody does with the own.
    """

    record_ptr = models.OneToOneField(
        Record, models.CASCADE, parent_link=True, primary_key=True, related_name="as_evidence_request"
    )
    audit = models.ForeignKey(
        Audit, models.PROTECT, related_name="evidence_requests", verbose_name=_("audit")
    )
    checks = models.ManyToManyField(
        Check, related_name="evidence_requests", verbose_name=_("for the checks"), blank=True
    )
    description = models.TextField(_("what is needed"), blank=True, max_length=10_000)
    due_on = models.DateField(_("due on"))
    answer = models.TextField(_("answer"), blank=True, max_length=10_000)
    answer_files = models.ManyToManyField(
        FileVersion, related_name="answers", verbose_name=_("files of the answer"), blank=True, editable=False
    )
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True, editable=False)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("answered by"),
        editable=False,
    )
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("accepted by"),
        editable=False,
    )
    return_reason = models.TextField(_("why it was returned"), blank=True, max_length=2_000, editable=False)

    objects: ClassVar[Any] = EvidenceRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("evidence request")
        verbose_name_plural = _("evidence requests")
        indexes = [models.Index(fields=["audit", "due_on"], name="evidence_of_audit")]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True)
                | Q(answered_at__isnull=False, answered_by__isnull=False),
                name="evidence_answered_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(accepted_by__isnull=True) | ~Q(accepted_by=F("answered_by")),
                name="evidence_accepted_by_another",
            ),
        ]


# What filters ask, besides the columns that an index starts with: a page is found without a look at the rows.
ASKED = ["unit", "owner", "confidentiality", "is_archived", "state", "audit", "due_on", "needle"]


def _asked(*but: str) -> list[str]:
    return [name for name in ASKED if name not in but]


class EvidenceListing(RecordListing):
    """What lists of evidence requests filter, sort and show: one narrow row beside each, written by triggers.

    `due_on` is the day by which it is to be answered, and empty while it waits for nobody of those who are audited.
    """

    evidence_request = models.OneToOneField(
        EvidenceRequest, models.CASCADE, primary_key=True, related_name="listing"
    )
    audit = models.ForeignKey(
        Audit,
        models.DO_NOTHING,
        related_name="+",
        verbose_name=_("audit"),
        db_constraint=False,
        db_index=False,
    )
    state = models.CharField(_("state"), max_length=40, choices=EvidenceState.choices)
    due_on = models.DateField(_("due"), null=True)
    answered_at = models.DateTimeField(_("answered"), null=True)

    objects: ClassVar[Any] = EvidenceListingQuerySet.as_manager()

    class Meta:
        verbose_name = _("listed evidence request")
        verbose_name_plural = _("listed evidence requests")
        indexes = [
            models.Index(fields=["-evidence_request"], include=_asked(), name="evidence_listing_new"),
            models.Index(
                fields=["unit", "-evidence_request"],
                include=_asked("unit"),
                name="evidence_listing_unit_new",
            ),
            models.Index(
                fields=["state", "-evidence_request"],
                include=_asked("state"),
                name="evidence_listing_state_new",
            ),
            models.Index(
                fields=["due_on", "evidence_request"],
                include=_asked("due_on"),
                name="evidence_listing_answer_due",
            ),
            models.Index(fields=["title", "evidence_request"], name="evidence_listing_title"),
            models.Index(fields=["owner", "-evidence_request"], name="evidence_listing_owner_new"),
            models.Index(
                fields=["audit", "evidence_request"], include=["state"], name="evidence_listing_audit"
            ),
        ]

    def get_absolute_url(self) -> str:
        """Return the path of the request's page."""
        return address_of("audits:evidence-detail", self.reference)
