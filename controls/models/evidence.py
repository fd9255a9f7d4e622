"""What owners gave to show that their controls are carried out."""

from typing import Any, ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from controls.models.controls import Control
from controls.models.versions import ControlVersion
from foundation.files.models import FileVersion

# Whoever may not give evidence in the name of another control, nor show files of another record.
_OWN_FILES = """
    IF NOT EXISTS (
        SELECT FROM controls_controlevidence AS given
        JOIN files_file AS file ON file.record_id = given.control_id
        JOIN files_fileversion AS version ON version.file_id = file.id
        WHERE given.id = NEW.evidence_id AND version.id = NEW.file_id
    ) THEN
        RAISE EXCEPTION 'Evidence of a control is a file of that control.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


class ControlEvidence(models.Model):
    """Evidence that a control was carried out in the period that ended on `due_on`, given on `given_on` of the organisation.

    `missed` is the number of later periods that were over by then, for which there is none. With `adds` it comes beside what was given for
    its period before. Evidence: nothing of it is changed or removed.
    """

    control = models.ForeignKey(Control, models.PROTECT, related_name="evidence", verbose_name=_("control"))
    version = models.ForeignKey(
        ControlVersion, models.PROTECT, related_name="+", verbose_name=_("version in force")
    )
    due_on = models.DateField(_("due on"), null=True, blank=True)
    adds = models.BooleanField(_("beside what was given before"), default=False)
    missed = models.PositiveSmallIntegerField(_("periods missed"), default=0)
    note = models.CharField(_("what it shows"), max_length=4_000)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("given by")
    )
    given_on = models.DateField(_("given on"))
    given_at = models.DateTimeField(_("given at"))
    files: Any = models.ManyToManyField(
        FileVersion, through="controls.ControlEvidenceFile", related_name="+", verbose_name=_("files")
    )

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        verbose_name = _("evidence of a control")
        verbose_name_plural = _("evidence of controls")
        ordering = ["-given_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(note=""), name="control_evidence_says_what"),
        ]
        triggers = [
            pgtrigger.Protect(name="control_evidence_kept", operation=pgtrigger.Delete | pgtrigger.Update),
        ]

    def __str__(self) -> str:
        return f"{self.control_id}, {self.given_on:%Y-%m-%d}"

    @property
    def is_late(self) -> bool:
        """Tell whether it came after its day."""
        return self.due_on is not None and not self.adds and self.given_on > self.due_on


class ControlEvidenceFile(models.Model):
    """A file that is evidence, in exactly the version that it was given in."""

    evidence = models.ForeignKey(
        ControlEvidence, models.PROTECT, related_name="shown", verbose_name=_("evidence")
    )
    file = models.ForeignKey(FileVersion, models.PROTECT, related_name="+", verbose_name=_("file"))

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        verbose_name = _("file that is evidence")
        verbose_name_plural = _("files that are evidence")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["evidence", "file"], name="control_evidence_file_once")
        ]
        triggers = [
            pgtrigger.Protect(
                name="control_evidence_file_kept", operation=pgtrigger.Delete | pgtrigger.Update
            ),
            pgtrigger.Trigger(
                name="control_evidence_own_file",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=_OWN_FILES,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.evidence_id}: {self.file_id}"
