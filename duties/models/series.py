"""What recurring activities recur by."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from duties.choices import Duty
from duties.querysets import SeriesQuerySet
from foundation.accounts.models import BusinessUnit
from foundation.records.choices import Confidentiality

MOST_TASK = 8_000


class ActivitySeries(models.Model):
    """A recurring activity: the rule by which it recurs, and what each next occurrence starts from.

    `starts_on` is the occurrence from which the rule counts, `last_on` the day by the rule of the latest one that is planned, `next_on`
    that of the next, empty when there is none. `recurs_since` is when it was written down, or let recur again after its end.
    `checklist` holds the items as pairs: the text, and whether it is needed. `starter` is the key of the activity of the starter plan
    that it was taken over from.
    """

    rrule = models.CharField(_("recurrence"), max_length=300)
    starts_on = models.DateField(_("first occurrence"))
    last_on = models.DateField(_("latest planned occurrence"))
    next_on = models.DateField(_("next occurrence to plan"), null=True, blank=True)
    recurs_since = models.DateTimeField(_("recurs since"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    starter = models.CharField(_("from the starter plan"), max_length=60, blank=True)
    title = models.CharField(_("title"), max_length=200)
    duty = models.PositiveSmallIntegerField(_("duty"), choices=Duty.choices)
    task = models.TextField(_("what is to be done"), blank=True, max_length=MOST_TASK)
    evidence_wanted = models.TextField(_("what counts as evidence"), blank=True, max_length=2_000)
    needs_sign_off = models.BooleanField(_("needs a sign-off"), default=False)
    checklist = models.JSONField(_("checklist"), default=list, blank=True)
    unit = models.ForeignKey(BusinessUnit, models.PROTECT, related_name="+", verbose_name=_("business unit"))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("owner")
    )
    confidentiality = models.CharField(
        _("confidentiality"),
        max_length=12,
        choices=Confidentiality.choices,
        default=Confidentiality.INTERNAL,
    )

    objects: ClassVar[SeriesQuerySet] = SeriesQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("recurring activity")
        verbose_name_plural = _("recurring activities")
        constraints = [
            models.CheckConstraint(condition=~Q(rrule=""), name="activity_series_has_rule"),
            models.CheckConstraint(condition=Q(duty__in=Duty.values), name="activity_series_known_duty"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(next_on__isnull=True),
                name="activity_series_ended_has_no_next",
            ),
            models.CheckConstraint(
                condition=Q(next_on__isnull=True) | Q(next_on__gt=models.F("last_on")),
                name="activity_series_goes_forward",
            ),
            models.CheckConstraint(
                condition=Q(confidentiality__in=Confidentiality.values),
                name="activity_series_known_confidentiality",
            ),
            models.UniqueConstraint(
                fields=["starter"], condition=~Q(starter=""), name="activity_series_starter_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_on"], condition=Q(next_on__isnull=False), name="activity_series_to_plan"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.rrule})"
