"""The reports that were made of an audit."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from audits.models.audits import Audit
from foundation.files.models import File


class AuditReport(models.Model):
    """A report of an audit as a document: the facts it says, by their digest, and the file that says them."""

    audit = models.ForeignKey(Audit, models.PROTECT, related_name="reports", verbose_name=_("audit"))
    number = models.PositiveIntegerField(_("number"))
    is_final = models.BooleanField(_("final"))
    facts_digest = models.CharField(_("SHA-256 of the facts"), max_length=64)
    file = models.ForeignKey(
        File, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("file")
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked for by")
    )
    requested_at = models.DateTimeField(_("asked for at"))
    made_at = models.DateTimeField(_("made at"), null=True, blank=True)
    failure = models.CharField(_("why it failed"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("audit report")
        verbose_name_plural = _("audit reports")
        ordering = ["audit", "-number"]
        constraints = [models.UniqueConstraint(fields=["audit", "number"], name="report_number_once")]

    def __str__(self) -> str:
        return f"{self.audit_id}: {self.number}"
