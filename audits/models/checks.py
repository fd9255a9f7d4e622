"""The checks of an audit: which requirement was tested, how, and what came of it."""

from typing import Any, ClassVar

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audits.choices import SAY_WHY, CheckMethod, CheckResult
from audits.models.audits import Audit
from audits.querysets import CheckQuerySet
from compliance.models import Requirement, RequirementText
from foundation.files.models import File, FileVersion

OF_CLOSED = """
    IF EXISTS (
        SELECT 1 FROM records_record WHERE state IN ('closed', 'cancelled')
        AND id IN (CASE WHEN TG_OP <> 'INSERT' THEN OLD.audit_id END, CASE WHEN TG_OP <> 'DELETE' THEN NEW.audit_id END)
    ) THEN
        RAISE EXCEPTION 'The checks of a closed audit do not change.' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
"""


EVIDENCE_FITS = """
    IF EXISTS (
        SELECT 1 FROM audits_check AS checked JOIN records_record AS record ON record.id = checked.audit_id
        WHERE checked.id IN (
            CASE WHEN TG_OP <> 'INSERT' THEN OLD.check_id END, CASE WHEN TG_OP <> 'DELETE' THEN NEW.check_id END
        ) AND record.state IN ('closed', 'cancelled')
    ) THEN
        RAISE EXCEPTION 'The evidence of a closed audit does not change.' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    IF NOT EXISTS (SELECT 1 FROM files_fileversion WHERE id = NEW.version_id AND file_id = NEW.file_id) THEN
        RAISE EXCEPTION 'The version that was judged is one of the file.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


@pghistory.track(obj_field=pghistory.ObjForeignKey(related_name="check_events"))
class Check(models.Model):
    """A requirement that an audit tests, in the words of one edition of its framework.

    Two auditors may work through one list: `version` grows with each change and tells a stale edit, and the field-level
    history keeps what the check said at each, so that two edits of different fields go together. `position` orders the
    checks of an audit as their frameworks do. What a closed audit came to stays so: the database sees to it.
    """

    audit = models.ForeignKey(Audit, models.PROTECT, related_name="checks", verbose_name=_("audit"))
    text = models.ForeignKey(
        RequirementText, models.PROTECT, related_name="checks", verbose_name=_("text of the requirement")
    )
    requirement = models.ForeignKey(
        Requirement, models.PROTECT, related_name="checks", verbose_name=_("requirement")
    )
    group = models.ForeignKey(
        RequirementText,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("group"),
        help_text=_("The heading that the requirement stands under."),
    )
    position = models.PositiveIntegerField(_("position"))
    methods = ArrayField(
        models.CharField(max_length=10, choices=CheckMethod.choices),
        verbose_name=_("methods"),
        default=list,
        blank=True,
        size=len(CheckMethod),
    )
    sample = models.TextField(_("sample"), blank=True, max_length=2_000)
    result = models.CharField(
        _("result"), max_length=20, choices=CheckResult.choices, default=CheckResult.NOT_TESTED
    )
    reason = models.TextField(_("why it does not apply, or was not tested"), blank=True, max_length=2_000)
    notes = models.TextField(_("notes"), blank=True, max_length=10_000)
    evidence = models.ManyToManyField(
        File, related_name="checks", verbose_name=_("evidence"), blank=True, through="CheckEvidence"
    )
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    tested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("tested by"),
        editable=False,
    )
    tested_at = models.DateTimeField(_("tested at"), null=True, blank=True, editable=False)

    objects: ClassVar[Any] = CheckQuerySet.as_manager()

    class Meta:
        verbose_name = _("check")
        verbose_name_plural = _("checks")
        ordering = ["audit", "position", "pk"]
        indexes = [
            models.Index(fields=["audit", "position"], name="check_of_audit"),
            models.Index(
                fields=["requirement", "-tested_at", "-id"],
                name="check_tested_last",
                condition=~Q(result=CheckResult.NOT_TESTED),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["audit", "requirement"],
                name="check_requirement_once",
                violation_error_message=_("The audit tests this requirement already."),
            ),
            models.CheckConstraint(condition=Q(result__in=CheckResult.values), name="check_known_result"),
            models.CheckConstraint(
                condition=~Q(result=CheckResult.NOT_APPLICABLE) | ~Q(reason=""),
                name="check_not_applicable_says_why",
                violation_error_message=_("Say why the requirement does not apply here."),
            ),
            models.CheckConstraint(
                condition=Q(result=CheckResult.NOT_TESTED, tested_by__isnull=True, tested_at__isnull=True)
                | (
                    (~Q(result=CheckResult.NOT_TESTED) | ~Q(reason=""))
                    & Q(tested_by__isnull=False, tested_at__isnull=False)
                ),
                name="check_tested_by_somebody",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="check_of_closed_audit",
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.Before,
                func=OF_CLOSED,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.audit_id}: {self.requirement_id}"

    @property
    def reason_given(self) -> str:
        """Return why the requirement does not apply, or was not tested, as somebody answers for it."""
        return self.reason if self.result in SAY_WHY and self.tested_by_id else ""


class CheckEvidence(models.Model):
    """A file that shows what a check came to, in the version that whoever attached it looked at.

    The file may get newer versions: this one stays what was judged, until somebody attaches a newer one.
    """

    of_check = models.ForeignKey(
        Check,
        models.CASCADE,
        related_name="evidence_links",
        verbose_name=_("check"),
        db_column="check_id",  # `check` is what Django calls its own checks of models
    )
    file = models.ForeignKey(File, models.PROTECT, related_name="evidence_links", verbose_name=_("file"))
    version = models.ForeignKey(FileVersion, models.PROTECT, related_name="+", verbose_name=_("version"))

    class Meta:
        verbose_name = _("evidence of a check")
        verbose_name_plural = _("evidence of checks")
        constraints = [
            models.UniqueConstraint(fields=["of_check", "file"], name="check_evidence_once"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="check_evidence_fits",
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.Before,
                func=EVIDENCE_FITS,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.of_check_id}: {self.version_id}"
