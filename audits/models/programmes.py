"""The year's programme of audits."""

from typing import Any, ClassVar

import pghistory
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from audits.querysets import ProgrammeQuerySet
from foundation.records.models import Record


@pghistory.track(obj_field=pghistory.ObjForeignKey(related_name="programme_events"))
class Programme(Record):
    """What is to be audited in a year, and to what end. Somebody other than who drafted it approves it."""

    record_ptr = models.OneToOneField(
        Record, models.CASCADE, parent_link=True, primary_key=True, related_name="as_programme"
    )
    year = models.PositiveSmallIntegerField(
        _("year"), validators=[MinValueValidator(2000), MaxValueValidator(2100)]
    )
    objectives = models.TextField(_("objectives"), blank=True, max_length=10_000)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("drafted by"),
        editable=False,
        help_text=_("Who last changed what is to be approved."),
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("approved by"),
        editable=False,
    )
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True, editable=False)

    objects: ClassVar[Any] = ProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit programme")
        verbose_name_plural = _("audit programmes")
        indexes = [models.Index(fields=["-year", "-record_ptr"], name="programme_year")]
        constraints = [
            models.CheckConstraint(condition=Q(year__range=(2000, 2100)), name="programme_year_in_range"),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True, approved_at__isnull=True)
                | (Q(approved_by__isnull=False, approved_at__isnull=False) & ~Q(approved_by=F("drafted_by"))),
                name="programme_approved_by_another",
                violation_error_message=_("Somebody other than who drafted the programme approves it."),
            ),
        ]
