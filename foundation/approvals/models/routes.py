"""The ways that approvals go, by the kind of record: data, which the organisation may change."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.approvals.models.circles import SOMEBODY, Circle

MOST_STAGES = 5
LONGEST_DAYS = 365


class Route(models.Model):
    """The way of approvals of a kind of record, where the organisation has set one: else it is the one of its app.

    A request copies the stages when it is asked, so that a change bends none that is under way. `version` grows with each
    change and tells a stale edit.
    """

    kind = models.CharField(_("kind of record"), max_length=40, unique=True)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("changed by")
    )
    changed_at = models.DateTimeField(_("changed at"))

    class Meta:
        verbose_name = _("approval route")
        verbose_name_plural = _("approval routes")
        ordering = ["kind"]

    def __str__(self) -> str:
        return self.kind


class RouteStage(Circle):
    """A stage of a route: `needed` of those in its circle, all asked at once; the next begins when it is complete."""

    route = models.ForeignKey(Route, models.CASCADE, related_name="stages", verbose_name=_("route"))
    position = models.PositiveSmallIntegerField(_("position"))
    label = models.CharField(_("label"), max_length=200)
    needed = models.PositiveSmallIntegerField(
        _("decisions needed"), default=1, validators=[MinValueValidator(1), MaxValueValidator(20)]
    )
    days = models.PositiveSmallIntegerField(
        _("days to decide"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_DAYS)],
    )

    class Meta:
        verbose_name = _("stage of a route")
        verbose_name_plural = _("stages of a route")
        ordering = ["route", "position"]
        constraints = [
            models.UniqueConstraint(fields=["route", "position"], name="approval_stage_order"),
            models.CheckConstraint(condition=models.Q(needed__range=(1, 20)), name="approval_stage_needs"),
            models.CheckConstraint(
                condition=models.Q(days__isnull=True) | models.Q(days__range=(1, LONGEST_DAYS)),
                name="approval_stage_days",
            ),
            models.CheckConstraint(condition=SOMEBODY, name="approval_stage_by_somebody"),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.label}"
