"""What controls answer to: requirements of frameworks, and the organisation's own documents."""

from typing import Any, ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from compliance.models import Requirement
from controls.choices import Extent
from controls.models.controls import Control
from policies.models import Document


@pghistory.track()
class ControlRequirement(models.Model):
    """A control covers a requirement, fully or in the part that the note tells, through all editions of the framework.

    `revision` tells a stale edit: how often that was said.
    """

    control = models.ForeignKey(
        Control, models.CASCADE, related_name="requirement_links", verbose_name=_("control")
    )
    requirement = models.ForeignKey(
        Requirement, models.PROTECT, related_name="control_links", verbose_name=_("requirement")
    )
    extent = models.CharField(_("covers it"), max_length=8, choices=Extent.choices, default=Extent.PARTLY)
    note = models.CharField(_("which part"), max_length=1_000, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("mapped by")
    )
    added_at = models.DateTimeField(_("mapped at"))
    revision = models.PositiveIntegerField(_("times written"), default=1)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        verbose_name = _("requirement of a control")
        verbose_name_plural = _("requirements of controls")
        constraints = [
            models.UniqueConstraint(fields=["control", "requirement"], name="control_requirement_once"),
            models.CheckConstraint(
                condition=Q(extent__in=Extent.values), name="control_requirement_known_extent"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.control_id}: {self.requirement_id}"


@pghistory.track()
class ControlDocument(models.Model):
    """A control carries out what a document asks for, in the part that the note tells."""

    control = models.ForeignKey(
        Control, models.CASCADE, related_name="document_links", verbose_name=_("control")
    )
    document = models.ForeignKey(
        Document, models.PROTECT, related_name="control_links", verbose_name=_("document")
    )
    note = models.CharField(_("which part"), max_length=1_000, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("mapped by")
    )
    added_at = models.DateTimeField(_("mapped at"))

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        verbose_name = _("document of a control")
        verbose_name_plural = _("documents of controls")
        constraints = [models.UniqueConstraint(fields=["control", "document"], name="control_document_once")]

    def __str__(self) -> str:
        return f"{self.control_id}: {self.document_id}"
