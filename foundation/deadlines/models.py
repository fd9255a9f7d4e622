"""Due dates, the ladders of reminders that lead up to them, and the clock that they are reckoned by."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _

from foundation.accounts.validators import validate_time_zone
from foundation.deadlines.querysets import DeadlineQuerySet
from foundation.records.models import Record


class Ladder(models.Model):
    """When people are reminded of a date: days before it, on the day, and while it is late.

    `version` grows with each change and tells a stale edit.
    """

    key = models.SlugField(_("key"), unique=True)
    name = models.CharField(_("name"), max_length=100)
    days_before = ArrayField(
        models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(730)]),
        verbose_name=_("days before"),
        default=list,
        blank=True,
    )
    on_the_day = models.BooleanField(_("on the morning of the day"), default=True)
    late_daily_for = models.PositiveSmallIntegerField(
        _("days of daily reminders when late"), default=3, validators=[MaxValueValidator(60)]
    )
    late_weekly = models.BooleanField(_("weekly after that"), default=True)
    escalate_after = models.PositiveSmallIntegerField(
        _("days late before the manager and the CISO are told"),
        null=True,
        blank=True,
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
    )
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    class Meta:
        verbose_name = _("reminder ladder")
        verbose_name_plural = _("reminder ladders")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                name="ladder_name_once",
                violation_error_message=_("Another ladder has this name."),
            ),
            models.CheckConstraint(condition=models.Q(days_before__len__lte=20), name="ladder_days_before"),
            models.CheckConstraint(condition=models.Q(late_daily_for__lte=60), name="ladder_late_daily"),
            models.CheckConstraint(
                condition=models.Q(escalate_after__isnull=True) | models.Q(escalate_after__range=(1, 365)),
                name="ladder_escalation",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Deadline(models.Model):
    """Something of a record that is due at an instant, and who must see to it.

    A whole-day date (`due_on`) is due until midnight at its end in the organisation's time zone; `due_at` (UTC) is
    that midnight. Where nobody may do what is due (`is_stuck`), the assignee sees to it that somebody may. What is closed was met, or dropped
    (`was_dropped`): its record was cancelled, its request withdrawn. Until the morning of `snoozed_until` (a day of the organisation) nobody is reminded, but for escalations.
    `next_rung` counts days from the due date (−30, 0, 3); both `next_*` are empty when no reminder is left. `revision`
    counts the dates that it had, for calendars that follow it; `changed_at` is when it was last set.
    Written by `deadline_set()` and `deadline_close()` in the transaction of the fact.
    """

    # No index of their own: the constraint and indexes below serve, and each more slows the scan.
    record = models.ForeignKey(
        Record, models.CASCADE, related_name="deadlines", verbose_name=_("record"), db_index=False
    )
    kind = models.CharField(_("kind"), max_length=60)
    key = models.CharField(_("which of its kind"), max_length=60, blank=True)
    due_on = models.DateField(_("due on"), null=True, blank=True)
    due_at = models.DateTimeField(_("due at"))
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="deadlines",
        verbose_name=_("assigned to"),
        db_index=False,
    )
    is_stuck = models.BooleanField(_("nobody may do it"), default=False, db_default=False)
    ladder = models.ForeignKey(
        Ladder, models.PROTECT, related_name="deadlines", verbose_name=_("reminders"), db_index=False
    )
    next_rung = models.IntegerField(_("next rung"), null=True, blank=True)
    next_reminder_at = models.DateTimeField(_("next reminder at"), null=True, blank=True)
    snoozed_until = models.DateField(_("snoozed until"), null=True, blank=True)
    snooze_reason = models.CharField(_("snoozed because"), max_length=500, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    was_dropped = models.BooleanField(_("closed without being met"), default=False, db_default=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    changed_at = models.DateTimeField(_("changed at"), db_default=Now())
    revision = models.PositiveIntegerField(_("revision"), db_default=0, default=0)

    objects: ClassVar[Any] = DeadlineQuerySet.as_manager()

    class Meta:
        verbose_name = _("deadline")
        verbose_name_plural = _("deadlines")
        constraints = [
            models.UniqueConstraint(fields=["record", "kind", "key"], name="deadline_once"),
            models.CheckConstraint(
                condition=models.Q(next_rung__isnull=True, next_reminder_at__isnull=True)
                | models.Q(next_rung__isnull=False, next_reminder_at__isnull=False),
                name="deadline_rung_and_instant",
            ),
            models.CheckConstraint(
                condition=models.Q(was_dropped=False) | models.Q(closed_at__isnull=False),
                name="deadline_dropped_is_closed",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_reminder_at", "id"],
                name="deadline_to_remind",
                condition=models.Q(closed_at__isnull=True, next_reminder_at__isnull=False),
            ),
            models.Index(
                fields=["assignee", "due_at"],
                name="deadline_of_assignee",
                condition=models.Q(closed_at__isnull=True),
            ),
            models.Index(fields=["due_at"], name="deadline_open", condition=models.Q(closed_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.record_id} {self.kind}: {self.due_at:%Y-%m-%d}"


class ReminderClock(models.Model):
    """The time zone and hour of the day that all open deadlines were last reckoned with: one row.

    The scan compares it with the organisation's settings, so that a change of those is noticed however it was made.
    """

    time_zone = models.CharField(_("time zone"), max_length=64, validators=[validate_time_zone])
    reminder_hour = models.PositiveSmallIntegerField(_("reminder hour"))

    class Meta:
        verbose_name = _("clock of the reminders")
        verbose_name_plural = _("clock of the reminders")
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="reminder_clock_is_single"),
        ]

    def __str__(self) -> str:
        return f"{self.time_zone}, {self.reminder_hour}:00"
