"""Controls: what the organisation does so that what may go wrong does not."""

from typing import Any, ClassVar

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from controls.choices import (
    IN_FORCE,
    OPERATING,
    ControlState,
    ControlType,
    Effectiveness,
    Frequency,
    Implementation,
    Nature,
)
from controls.querysets import ControlQuerySet
from foundation.records.models import Record

SHORTEST_CADENCE, USUAL_CADENCE, LONGEST_CADENCE = 1, 12, 60  # months


class Said(models.Model):
    """What a control says of itself besides its words: kept by each version, and by the control of the version that counts."""

    type = models.CharField(_("type"), max_length=12, choices=ControlType.choices)
    nature = models.CharField(_("nature"), max_length=12, choices=Nature.choices)
    is_key = models.BooleanField(_("key control"), default=False)
    frequency = models.CharField(_("frequency"), max_length=12, choices=Frequency.choices)
    evidence_months = models.PositiveSmallIntegerField(
        _("evidence every"), null=True, blank=True, help_text=_("Months; empty: none is asked for.")
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(condition=Q(type__in=ControlType.values), name="%(class)s_known_type"),
            models.CheckConstraint(condition=Q(nature__in=Nature.values), name="%(class)s_known_nature"),
            models.CheckConstraint(
                condition=Q(frequency__in=Frequency.values), name="%(class)s_known_frequency"
            ),
            models.CheckConstraint(
                condition=Q(evidence_months__isnull=True)
                | Q(evidence_months__range=(SHORTEST_CADENCE, LONGEST_CADENCE)),
                name="%(class)s_cadence_in_range",
            ),
        ]


@pghistory.track(obj_field=pghistory.ObjForeignKey(related_name="control_events"))
class Control(Said, Record):
    """Something that the organisation does on purpose against what may go wrong. What it is exactly stands in its versions.

    Its title is the record's; with type, nature, key, frequency and cadence it is that of the version in force, or of the draft
    before there was one. `implementation` says how far it is carried out, whatever is approved. While it is in force and carried out
    its owner is asked for evidence: by `evidence_on`, the end of a period of `evidence_months`, all of which are counted from
    `evidence_from`. `effectiveness` and `rated_on` repeat the latest rating.
    """

    record_ptr = models.OneToOneField(
        Record, models.CASCADE, parent_link=True, primary_key=True, related_name="as_control"
    )
    implementation = models.CharField(
        _("implementation"),
        max_length=16,
        choices=Implementation.choices,
        default=Implementation.NOT_STARTED,
        editable=False,
    )
    implementation_note = models.CharField(_("why, or how far"), max_length=2_000, blank=True, editable=False)
    evidence_from = models.DateField(_("evidence counted from"), null=True, blank=True, editable=False)
    evidence_on = models.DateField(_("evidence due"), null=True, blank=True, editable=False)
    effectiveness = models.CharField(
        _("effectiveness"), max_length=12, choices=Effectiveness.choices, blank=True, editable=False
    )
    rated_on = models.DateField(_("rated on"), null=True, blank=True, editable=False)
    current = models.ForeignKey(
        "controls.ControlVersion",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("version in force"),
        editable=False,
    )

    objects: ClassVar[Any] = ControlQuerySet.as_manager()

    class Meta:
        verbose_name = _("control")
        verbose_name_plural = _("controls")
        indexes = [
            models.Index(
                fields=["evidence_on"], name="control_evidence_due", condition=Q(evidence_on__isnull=False)
            )
        ]
        constraints = [
            *Said.Meta.constraints,
            models.CheckConstraint(
                condition=Q(implementation__in=Implementation.values), name="control_known_implementation"
            ),
            models.CheckConstraint(
                condition=~Q(implementation=Implementation.NOT_APPLICABLE) | ~Q(implementation_note=""),
                name="control_not_applicable_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(effectiveness__in=["", *Effectiveness.values]), name="control_known_effectiveness"
            ),
            models.CheckConstraint(
                condition=Q(evidence_on__isnull=True) | Q(evidence_from__isnull=False),
                name="control_evidence_counted_from_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    @property
    def is_retired(self) -> bool:
        """Tell whether it is not carried out any more."""
        return self.state == ControlState.RETIRED

    @property
    def is_in_force(self) -> bool:
        """Tell whether a version of it holds."""
        return self.state in IN_FORCE

    @property
    def is_operating(self) -> bool:
        """Tell whether it is in force, and carried out at least in part."""
        return self.is_in_force and self.implementation in OPERATING

    @property
    def is_evidence_asked(self) -> bool:
        """Tell whether evidence of it is due on a day."""
        return self.is_operating and self.evidence_on is not None
