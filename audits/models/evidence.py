"""Requests for evidence to those who are audited."""

from typing import Any, ClassVar

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from audits.models.audits import Audit
from audits.models.checks import Check
from audits.querysets import EvidenceRequestQuerySet
from foundation.records.models import Record


@pghistory.track(obj_field=pghistory.ObjForeignKey(related_name="evidence_request_events"))
class EvidenceRequest(Record):
    """What an auditor needs to see, from whom, until when. Its owner is who answers it; its files are the evidence.

    It belongs to the audit's unit and is as confidential as the audit, and names the auditors.
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
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True, editable=False)

    objects: ClassVar[Any] = EvidenceRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("evidence request")
        verbose_name_plural = _("evidence requests")
        indexes = [models.Index(fields=["audit", "due_on"], name="evidence_of_audit")]
