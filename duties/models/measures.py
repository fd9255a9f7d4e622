"""What was measured of the duties day by day, and who answers for each of them."""

from typing import Any, ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from duties.choices import Duty, DutyPart

LONGEST_KEY = 120

# A day that was missed stays missed: nothing is written behind what was measured later.
_ONWARD = """
    IF (SELECT min(day) FROM written)
            < (SELECT max(day) FROM duties_indicatorday WHERE id NOT IN (SELECT id FROM written)) THEN
        RAISE EXCEPTION 'What was not measured on its day is not written later.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
"""


class IndicatorDay(models.Model):
    """What an indicator of a duty said on a day of the organisation's: written once, on that day, and never again.

    `key` is `Measure.key`. `count` and `of` are over all units, without records that few may know of (restricted, or
    withheld from somebody); `restricted` and `restricted_of` are of these alone. `units` has the same four by the key of a unit, for those who read the records of some units. `of` is empty where
    the number is no part of another. A day without a row was not measured.
    """

    day = models.DateField(_("day"))
    key = models.CharField(_("indicator"), max_length=LONGEST_KEY)
    count = models.PositiveIntegerField(_("number"))
    restricted = models.PositiveIntegerField(_("number of restricted records"))
    of = models.PositiveIntegerField(_("of"), null=True)
    restricted_of = models.PositiveIntegerField(_("of so many restricted records"), null=True)
    units = models.JSONField(_("by unit"))
    measured_at = models.DateTimeField(_("measured at"))

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        verbose_name = _("measured day of an indicator")
        verbose_name_plural = _("measured days of indicators")
        constraints = [
            models.UniqueConstraint(fields=["key", "day"], name="indicator_day_once"),
            models.CheckConstraint(
                condition=Q(of__isnull=True, restricted_of__isnull=True)
                | Q(of__gte=models.F("count"), restricted_of__gte=models.F("restricted")),
                name="indicator_day_part_of_whole",
            ),
        ]
        indexes = [models.Index(fields=["day"], name="indicator_day_day")]
        triggers = [
            pgtrigger.Protect(name="indicator_day_kept", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="indicator_day_onward",
                level=pgtrigger.Statement,
                operation=pgtrigger.Insert,
                when=pgtrigger.After,
                referencing=pgtrigger.Referencing(new="written"),
                func=_ONWARD,
            ),
            pgtrigger.Trigger(
                name="indicator_days_kept",
                level=pgtrigger.Statement,
                operation=pgtrigger.Truncate,
                when=pgtrigger.Before,
                func="RAISE EXCEPTION 'What was measured is kept.' USING ERRCODE = 'insufficient_privilege';",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key}, {self.day:%Y-%m-%d}: {self.count}"


class DutyPost(models.Model):
    """Who answers for a duty, or stands beside that person as a deputy."""

    duty = models.PositiveSmallIntegerField(_("duty"), choices=Duty.choices)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="duty_posts", verbose_name=_("person")
    )
    part = models.CharField(_("part"), max_length=12, choices=DutyPart.choices)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        verbose_name = _("post of a duty")
        verbose_name_plural = _("posts of duties")
        ordering = ["duty", "-part", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(duty__in=Duty.values), name="duty_post_known_duty"),
            models.CheckConstraint(condition=Q(part__in=DutyPart.values), name="duty_post_known_part"),
            models.UniqueConstraint(fields=["duty", "person"], name="duty_post_person_once"),
            models.UniqueConstraint(
                fields=["duty"], condition=Q(part=DutyPart.RESPONSIBLE), name="duty_post_one_responsible"
            ),
        ]

    def __str__(self) -> str:
        return f"{Duty(self.duty).title}: {self.person}"
