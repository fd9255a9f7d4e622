"""Audits, the series that they recur in, and the programmes that they belong to."""

from datetime import date
from typing import Any, ClassVar

import pghistory
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import DateField, ExpressionWrapper, F, Q
from django.db.models.expressions import CombinedExpression
from django.utils.translation import gettext_lazy as _

from audits.choices import AuditRole, AuditType
from audits.querysets import AuditQuerySet, ProgrammeQuerySet
from audits.schedule import EARLIEST, LATEST, LONGEST
from foundation.accounts.models import BusinessUnit
from foundation.records.choices import Confidentiality
from foundation.records.models import Record


def _days_field(label: Any, default: int) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(label, default=default, validators=[MaxValueValidator(LONGEST)])


def _day(expression: CombinedExpression) -> ExpressionWrapper:
    return ExpressionWrapper(expression, output_field=DateField())


def _offset_constraints(prefix: str) -> list[models.CheckConstraint]:
    return [
        models.CheckConstraint(
            condition=Q(fieldwork_days__lte=F("report_days")) & Q(report_days__lte=F("follow_up_days")),
            name=f"{prefix}_dates_in_order",
            violation_error_message=_(
                "The report is due after the fieldwork ends, and the follow-up after the report."
            ),
        ),
        models.CheckConstraint(
            condition=Q(preparation_days__lte=LONGEST) & Q(follow_up_days__lte=LONGEST),
            name=f"{prefix}_dates_near_start",
            violation_error_message=_("All dates lie within two years of the start."),
        ),
        models.CheckConstraint(
            condition=Q(type__in=AuditType.values),
            name=f"{prefix}_known_type",
            violation_error_message=_("There is no such type of audit."),
        ),
        models.CheckConstraint(
            condition=Q(starts_on__range=(EARLIEST, LATEST)),
            name=f"{prefix}_starts_in_range",
            violation_error_message=_("Use a date between 2000 and 2100."),
        ),
    ]


@pghistory.track(obj_field=pghistory.ObjForeignKey(related_name="programme_events"), exclude=["submission"])
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
    submission = models.UUIDField(_("form"), null=True, unique=True, editable=False)

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


class AuditSeries(models.Model):
    """A recurring audit: the rule by which it recurs, and what each next occurrence starts from.

    `starts_on` is the first occurrence, from which the rule counts; `next_on` is the nominal date of the next
    occurrence that has no audit yet, empty when there is none.
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
    preparation_days = _days_field(_("preparation starts, days before"), 28)
    fieldwork_days = _days_field(_("fieldwork ends, days after"), 4)
    report_days = _days_field(_("report due, days after"), 18)
    follow_up_days = _days_field(_("follow-up due, days after"), 90)
    created_at = models.DateTimeField(_("created at"))

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
            *_offset_constraints("series"),
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


@pghistory.track(
    obj_field=pghistory.ObjForeignKey(related_name="audit_events"), exclude=["next_due_on", "submission"]
)
class Audit(Record):
    """One audit: what is examined, against which criteria, by whom, and when.

    All dates are days in the organisation's time zone. Each `*_on` is stored beside the number of days by which it
    lies before or after `starts_on`, and the database holds both to it. `next_due_on` is the date of the step that
    the audit's state waits for; it is written with the state and the dates, and empty once nothing is due.
    """

    record_ptr = models.OneToOneField(
        Record, models.CASCADE, parent_link=True, primary_key=True, related_name="as_audit"
    )
    type = models.CharField(_("type"), max_length=20, choices=AuditType.choices)
    scope = models.TextField(_("scope"), blank=True, max_length=10_000)
    criteria = models.TextField(_("criteria"), blank=True, max_length=10_000)
    objectives = models.TextField(_("objectives"), blank=True, max_length=10_000)
    programme = models.ForeignKey(
        Programme,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="audits",
        verbose_name=_("programme"),
    )
    lead_auditor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="led_audits",
        verbose_name=_("lead auditor"),
    )
    starts_on = models.DateField(_("fieldwork starts"))
    preparation_days = _days_field(_("preparation starts, days before"), 28)
    fieldwork_days = _days_field(_("fieldwork ends, days after"), 4)
    report_days = _days_field(_("report due, days after"), 18)
    follow_up_days = _days_field(_("follow-up due, days after"), 90)
    preparation_on = models.DateField(_("preparation starts"))
    fieldwork_ends_on = models.DateField(_("fieldwork ends"))
    report_due_on = models.DateField(_("report due"))
    follow_up_on = models.DateField(_("follow-up due"))
    next_due_on = models.DateField(_("next due"), null=True, blank=True, editable=False)
    series = models.ForeignKey(
        AuditSeries,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="audits",
        verbose_name=_("series"),
        editable=False,
    )
    occurrence_on = models.DateField(_("occurrence"), null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True, editable=False)
    external_reference = models.CharField(
        _("external reference"),
        max_length=60,
        blank=True,
        help_text=_(
            "Its number elsewhere. An import that brings it again changes this audit, and makes no second."
        ),
    )
    submission = models.UUIDField(_("form"), null=True, unique=True, editable=False)

    objects: ClassVar[Any] = AuditQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit")
        verbose_name_plural = _("audits")
        indexes = [
            models.Index(fields=["-starts_on", "-record_ptr"], name="audit_start"),
            models.Index(
                fields=["next_due_on"],
                name="audit_due",
                condition=Q(next_due_on__isnull=False),
            ),
            models.Index(fields=["lead_auditor", "next_due_on"], name="audit_lead_due"),
        ]
        constraints = [
            *_offset_constraints("audit"),
            models.CheckConstraint(
                condition=Q(
                    preparation_on=_day(F("starts_on") - F("preparation_days")),
                    fieldwork_ends_on=_day(F("starts_on") + F("fieldwork_days")),
                    report_due_on=_day(F("starts_on") + F("report_days")),
                    follow_up_on=_day(F("starts_on") + F("follow_up_days")),
                ),
                name="audit_dates_follow_days",
            ),
            models.CheckConstraint(
                condition=Q(series__isnull=True, occurrence_on__isnull=True)
                | Q(series__isnull=False, occurrence_on__isnull=False),
                name="audit_occurrence_of_series",
            ),
            models.UniqueConstraint(
                fields=["external_reference"],
                condition=~Q(external_reference=""),
                name="audit_external_reference_once",
                violation_error_message=_("Another audit has this external reference."),
            ),
            models.UniqueConstraint(
                fields=["series", "occurrence_on"],
                name="audit_occurrence_once",
                violation_error_message=_("This occurrence is planned already."),
            ),
        ]

    def is_late(self, on: date) -> bool:
        """Tell whether the step that the audit waits for was due before a day."""
        return self.next_due_on is not None and self.next_due_on < on
