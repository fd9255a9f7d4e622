"""What audits found."""

from typing import Any, ClassVar

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audits.choices import Grade
from audits.models.audits import Audit
from audits.models.checks import Check
from audits.querysets import FindingQuerySet
from compliance.models import Requirement
from foundation.records.models import Record

MOST_WHYS = 5


@pghistory.track(obj_field=pghistory.ObjForeignKey(related_name="finding_events"))
class Finding(Record):
    """A finding of an audit: what falls short of which requirement, how gravely, why, and what is done about it.

    It belongs to the audit's unit and is as confidential as the audit; its owner is who answers for it among the audited.
    """

    record_ptr = models.OneToOneField(
        Record, models.CASCADE, parent_link=True, primary_key=True, related_name="as_finding"
    )
    audit = models.ForeignKey(Audit, models.PROTECT, related_name="findings", verbose_name=_("audit"))
    from_check = models.ForeignKey(
        Check,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="findings",
        verbose_name=_("check"),
    )
    requirement = models.ForeignKey(
        Requirement,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="findings",
        verbose_name=_("requirement"),
    )
    grade = models.CharField(_("grade"), max_length=20, choices=Grade.choices)
    description = models.TextField(_("what was found"), blank=True, max_length=10_000)
    evidence = models.TextField(_("evidence"), blank=True, max_length=10_000)
    risk = models.TextField(_("risk"), blank=True, max_length=10_000)
    answer_due_on = models.DateField(_("answer due"))
    response = models.TextField(_("auditee's response"), blank=True, max_length=10_000)
    whys = ArrayField(
        models.CharField(max_length=1_000),
        verbose_name=_("five whys"),
        default=list,
        blank=True,
        size=MOST_WHYS,
    )
    root_cause = models.TextField(_("root cause"), blank=True, max_length=10_000)
    correction = models.TextField(_("correction"), blank=True, max_length=10_000)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True, editable=False)

    objects: ClassVar[Any] = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        indexes = [models.Index(fields=["requirement", "audit"], name="finding_requirement")]
        constraints = [
            models.CheckConstraint(condition=Q(grade__in=Grade.values), name="finding_known_grade"),
        ]
