"""Recurring audits."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from audits.choices import AuditRole, AuditType
from audits.models.dates import days_field, offset_constraints
from audits.schedule import EARLIEST, LATEST
from compliance.models import Framework
from foundation.accounts.models import BusinessUnit
from foundation.records.choices import Confidentiality


class AuditSeries(models.Model):
    """A recurring audit: the rule by which it recurs, and what each next occurrence starts from.

    `starts_on` is the first occurrence, from which the rule counts; `next_on` is the nominal date of the next
    occurrence that has no audit yet, empty when there is none. `recurs_since` is when it was written down, or let
    recur again after its end.
    """

    rrule = models.CharField(_("recurrence"), max_length=300)
    starts_on = models.DateField(_("first occurrence"))
    next_on = models.DateField(_("next occurrence to plan"), null=True, blank=True, editable=False)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True, editable=False)
    title = models.CharField(_("title"), max_length=200)
    type = models.CharField(_("type"), max_length=20, choices=AuditType.choices)
    scope = models.TextField(_("scope"), blank=True, max_length=10_000)
    criteria = models.TextField(_("criteria"), blank=True, max_length=10_000)
    objectives = models.TextField(_("objectives"), blank=True, max_length=10_000)
    unit = models.ForeignKey(BusinessUnit, models.PROTECT, related_name="+", verbose_name=_("business unit"))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("owner"),
    )
    lead_auditor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("lead auditor"),
    )
    confidentiality = models.CharField(
        _("confidentiality"),
        max_length=12,
        choices=Confidentiality.choices,
        default=Confidentiality.INTERNAL,
    )
    preparation_days = days_field(_("preparation starts, days before"), 28)
    fieldwork_days = days_field(_("fieldwork ends, days after"), 4)
    report_days = days_field(_("report due, days after"), 18)
    follow_up_days = days_field(_("follow-up due, days after"), 90)
    frameworks = models.ManyToManyField(Framework, related_name="+", verbose_name=_("frameworks"), blank=True)
    recurs_since = models.DateTimeField(_("recurs since"), editable=False)

    class Meta:
        verbose_name = _("audit series")
        verbose_name_plural = _("audit series")
        indexes = [
            models.Index(
                fields=["next_on"],
                name="series_to_plan",
                condition=Q(next_on__isnull=False),
            )
        ]
        constraints = [
            *offset_constraints("series"),
            models.CheckConstraint(condition=~Q(rrule=""), name="series_has_rule"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(next_on__isnull=True),
                name="series_ended_has_no_next",
            ),
            models.CheckConstraint(
                condition=Q(confidentiality__in=Confidentiality.values),
                name="series_known_confidentiality",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.rrule})"


class SeriesPerson(models.Model):
    """Somebody who takes part in each next occurrence of a series, besides its lead auditor."""

    series = models.ForeignKey(AuditSeries, models.CASCADE, related_name="people", verbose_name=_("series"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("person"),
    )
    role = models.CharField(_("part"), max_length=40, choices=AuditRole.choices)

    class Meta:
        verbose_name = _("person of a series")
        verbose_name_plural = _("people of a series")
        constraints = [
            models.UniqueConstraint(fields=["series", "role", "user"], name="series_person_once"),
            models.CheckConstraint(
                condition=Q(role__in=[AuditRole.TEAM, AuditRole.AUDITEE]),
                name="series_person_known_role",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.role}"


class SeriesException(models.Model):
    """An occurrence that does not follow the rule: moved to another date, or (no date) skipped."""

    series = models.ForeignKey(
        AuditSeries, models.CASCADE, related_name="exceptions", verbose_name=_("series")
    )
    occurrence_on = models.DateField(_("occurrence"))
    moved_to = models.DateField(_("moved to"), null=True, blank=True)
    reason = models.TextField(_("reason"), max_length=2_000)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("decided by"),
    )
    created_at = models.DateTimeField(_("decided at"))

    class Meta:
        verbose_name = _("exception of a series")
        verbose_name_plural = _("exceptions of a series")
        constraints = [
            models.UniqueConstraint(fields=["series", "occurrence_on"], name="series_exception_once"),
            models.CheckConstraint(
                condition=Q(moved_to__isnull=True)
                | (Q(moved_to__range=(EARLIEST, LATEST)) & ~Q(moved_to=F("occurrence_on"))),
                name="series_exception_moves",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="series_exception_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.occurrence_on} → {self.moved_to or '–'}"

    @property
    def is_skip(self) -> bool:
        """Tell whether the occurrence does not take place at all."""
        return self.moved_to is None
