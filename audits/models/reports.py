"""The reports that were made of an audit."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audits.models.audits import Audit
from foundation.files.models import FileVersion


class AuditReport(models.Model):
    """A report of an audit as a document: the facts it says, by their digest, and the files that say them.

    Asked for in the page, or by the approval of the report, and made by a worker: until then it has neither files nor a failure. Once made, it and its files
    stay as they are, drafts too: the database sees to it (here, and in migration 0017).
    """

    audit = models.ForeignKey(Audit, models.PROTECT, related_name="reports", verbose_name=_("audit"))
    number = models.PositiveIntegerField(_("number"))
    is_final = models.BooleanField(_("final"))
    facts_digest = models.CharField(_("SHA-256 of the facts"), max_length=64, blank=True)
    file = models.ForeignKey(
        FileVersion, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("file")
    )
    table = models.ForeignKey(
        FileVersion, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("table")
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked for by")
    )
    requested_at = models.DateTimeField(_("asked for at"))
    is_by_itself = models.BooleanField(
        _("issued upon approval"),
        default=False,
        help_text=_("Nobody asked: it follows from the approval of the report."),
    )
    begun_at = models.DateTimeField(_("first tried at"), null=True, blank=True)
    made_at = models.DateTimeField(_("made at"), null=True, blank=True)
    failure = models.CharField(_("why it failed"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("audit report")
        verbose_name_plural = _("audit reports")
        ordering = ["audit", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["audit", "number"], name="report_number_once"),
            models.UniqueConstraint(
                fields=["audit"], condition=Q(made_at__isnull=True, failure=""), name="report_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(made_at__isnull=True, file__isnull=True, table__isnull=True)
                | (
                    Q(made_at__isnull=False, file__isnull=False, table__isnull=False, failure="")
                    & ~Q(facts_digest="")
                ),
                name="report_made_whole",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="report_stays_as_made",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__made_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.audit_id}: {self.number}"

    @property
    def is_waiting(self) -> bool:
        """Tell whether it is still to be made."""
        return self.made_at is None and not self.failure
