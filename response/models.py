"""Whom an incident response plan calls, and when somebody last made sure of that; and its exercises."""

from typing import Any, ClassVar

import pghistory
import pgtrigger
from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.records.listings import RecordListing
from foundation.records.models import Record
from foundation.ui.addresses import address_of
from policies.models import Document, DocumentVersion
from response.choices import OPEN, ExerciseState, ExerciseType, Result
from response.querysets import ContactQuerySet, ExerciseListingQuerySet, ExerciseQuerySet

# People change their numbers and their work without telling the plan; a quarter is what NIST SP 800-84 takes for contact lists.
USUAL_CADENCE, LONGEST_CADENCE = 3, 12  # months


@pghistory.track()
class Contact(models.Model):
    """A role in an incident, and who takes it: a person of the portal, or somebody outside by name.

    `position` is the order of calling. By `confirm_by`, `cadence_months` after it was last confirmed (or written), somebody makes sure that
    name and numbers are right. What is taken off the sheet keeps its row.
    """

    plan = models.ForeignKey(Document, models.PROTECT, related_name="contacts", verbose_name=_("plan"))
    position = models.PositiveSmallIntegerField(_("order of calling"))
    role = models.CharField(_("role"), max_length=120)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("person"),
    )
    outside = models.CharField(_("name of somebody outside"), max_length=200, blank=True)
    phone = models.CharField(_("phone"), max_length=60, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    after_hours = models.CharField(_("out of hours"), max_length=300, blank=True)
    deputy = models.CharField(_("deputy"), max_length=300, blank=True)
    cadence_months = models.PositiveSmallIntegerField(
        _("confirmed every (months)"),
        default=USUAL_CADENCE,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_CADENCE)],
    )
    confirmed_on = models.DateField(_("last confirmed on"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("confirmed by"),
    )
    confirm_by = models.DateField(_("to be confirmed by"))
    revision = models.PositiveIntegerField(_("times written"), default=1)
    removed_at = models.DateTimeField(_("removed at"), null=True, blank=True)

    objects: ClassVar[Any] = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact of a plan")
        verbose_name_plural = _("contacts of plans")
        ordering = ["plan", "position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, outside="") | (Q(person__isnull=True) & ~Q(outside="")),
                name="contact_is_somebody",
            ),
            models.CheckConstraint(condition=~Q(phone="") | ~Q(email=""), name="contact_can_be_reached"),
            models.CheckConstraint(
                condition=Q(cadence_months__range=(1, LONGEST_CADENCE)), name="contact_cadence_in_range"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_on__isnull=True, confirmed_by__isnull=True)
                | Q(confirmed_on__isnull=False, confirmed_by__isnull=False),
                name="contact_confirmed_by_somebody",
            ),
        ]
        indexes = [
            models.Index(
                fields=["plan", "position"], condition=Q(removed_at__isnull=True), name="contact_of_plan"
            )
        ]
        triggers = [pgtrigger.Protect(name="contact_kept", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.role}: {self.name}"

    @property
    def name(self) -> str:
        """Return who it is."""
        return self.person.full_name if self.person else self.outside

    @property
    def has_left(self) -> bool:
        """Tell whether the person of the portal who is named is no longer here."""
        return self.person is not None and not self.person.is_active


def months_after(day: Any, months: int) -> Any:
    """Return the day so many months later; a month's end stays one."""
    return day + relativedelta(months=months)


_EXERCISE_FIXED = """
    IF EXISTS (SELECT FROM records_record WHERE id = OLD.record_ptr_id AND state IN ('closed', 'cancelled'))
            AND (NEW.record_ptr_id, NEW.plan_id, NEW.version_in_force_id, NEW.type, NEW.planned_on, NEW.rrule, NEW.held_on,
                NEW.scenario, NEW.what_happened)
            IS DISTINCT FROM
            (OLD.record_ptr_id, OLD.plan_id, OLD.version_in_force_id, OLD.type, OLD.planned_on, OLD.rrule, OLD.held_on,
                OLD.scenario, OLD.what_happened) THEN
        RAISE EXCEPTION 'What a closed exercise says is fixed.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""
_OBJECTIVE_FIXED = """
    IF EXISTS (
        SELECT FROM records_record WHERE state IN ('closed', 'cancelled')
        AND id IN (CASE WHEN TG_OP <> 'INSERT' THEN OLD.exercise_id END, CASE WHEN TG_OP <> 'DELETE' THEN NEW.exercise_id END)
    ) THEN
        RAISE EXCEPTION 'The objectives of a closed exercise do not change.' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
"""


@pghistory.track(obj_field=pghistory.ObjForeignKey(related_name="exercise_events"))
class Exercise(Record):
    """A plan put to the test: around a table, on systems, or by calling whom it names.

    `version_in_force` is what the plan said when it was held (before: when it was planned). With an `rrule` (RFC 5545, counted from
    `planned_on`) the next one is planned when this one is closed or cancelled.
    """

    record_ptr = models.OneToOneField(
        Record, models.CASCADE, parent_link=True, primary_key=True, related_name="as_exercise"
    )
    plan = models.ForeignKey(Document, models.PROTECT, related_name="exercises", verbose_name=_("plan"))
    version_in_force = models.ForeignKey(
        DocumentVersion, models.PROTECT, related_name="+", verbose_name=_("version in force")
    )
    type = models.CharField(_("type"), max_length=10, choices=ExerciseType.choices)
    planned_on = models.DateField(_("planned on"))
    rrule = models.CharField(_("recurrence"), max_length=300, blank=True)
    scenario = models.TextField(_("scenario"), max_length=8_000, blank=True)
    held_on = models.DateField(_("held on"), null=True, blank=True)
    what_happened = models.TextField(_("what happened"), max_length=8_000, blank=True)

    objects: ClassVar[Any] = ExerciseQuerySet.as_manager()

    class Meta:
        verbose_name = _("exercise")
        verbose_name_plural = _("exercises")
        constraints = [
            models.CheckConstraint(condition=Q(type__in=ExerciseType.values), name="exercise_known_type"),
        ]
        indexes = [
            models.Index(fields=["planned_on", "record_ptr"], name="exercise_by_day"),
        ]
        triggers = [
            pgtrigger.Protect(name="exercise_kept", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="exercise_fixed_once_closed",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                func=_EXERCISE_FIXED,
            ),
        ]


class Objective(models.Model):
    """What an exercise is to show, and whether it did."""

    exercise = models.ForeignKey(
        Exercise, models.PROTECT, related_name="objectives", verbose_name=_("exercise")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    text = models.CharField(_("objective"), max_length=400)
    result = models.CharField(_("result"), max_length=10, choices=Result.choices, default=Result.OPEN)
    note = models.CharField(_("note"), max_length=1_000, blank=True)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        verbose_name = _("objective of an exercise")
        verbose_name_plural = _("objectives of exercises")
        ordering = ["exercise", "position"]
        constraints = [
            models.UniqueConstraint(fields=["exercise", "position"], name="objective_order"),
            models.CheckConstraint(condition=Q(result__in=Result.values), name="objective_known_result"),
            models.CheckConstraint(condition=~Q(text=""), name="objective_says_what"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="objective_fixed_once_closed",
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.Before,
                func=_OBJECTIVE_FIXED,
            ),
        ]

    def __str__(self) -> str:
        return self.text


# What filters ask, besides the columns that an index starts with: a page is found without a look at the rows.
ASKED = ["unit", "owner", "confidentiality", "is_archived", "state", "type", "due_on", "needle"]


def _asked(*but: str) -> list[str]:
    return [name for name in ASKED if name not in but]


class ExerciseListing(RecordListing):
    """What lists of exercises filter, sort and show: one narrow row beside each, written by triggers (migration 0003).

    `due_on` is the day of one that is still to be held.
    """

    exercise = models.OneToOneField(Exercise, models.CASCADE, primary_key=True, related_name="listing")
    plan = models.ForeignKey(
        Document,
        models.DO_NOTHING,
        related_name="+",
        verbose_name=_("plan"),
        db_constraint=False,
        db_index=False,
    )
    state = models.CharField(_("state"), max_length=40, choices=ExerciseState.choices)
    type = models.CharField(_("type"), max_length=10, choices=ExerciseType.choices)
    planned_on = models.DateField(_("planned on"))
    held_on = models.DateField(_("held on"), null=True)
    due_on = models.DateField(_("to be held on"), null=True)

    objects: ClassVar[Any] = ExerciseListingQuerySet.as_manager()

    class Meta:
        verbose_name = _("listed exercise")
        verbose_name_plural = _("listed exercises")
        indexes = [
            models.Index(fields=["planned_on", "exercise"], include=_asked(), name="exercise_listing_day"),
            models.Index(
                fields=["unit", "planned_on", "exercise"],
                include=_asked("unit"),
                name="exercise_listing_unit_day",
            ),
            models.Index(
                fields=["planned_on", "exercise"],
                include=_asked(),
                name="exercise_listing_open",
                condition=Q(state__in=OPEN),
            ),
            models.Index(
                fields=["due_on", "exercise"],
                include=_asked("due_on"),
                name="exercise_listing_due",
                condition=Q(due_on__isnull=False),
            ),
            models.Index(fields=["plan", "exercise"], name="exercise_listing_plan"),
            models.Index(fields=["title", "exercise"], name="exercise_listing_title"),
            models.Index(fields=["owner", "exercise"], name="exercise_listing_owner"),
        ]

    def get_absolute_url(self) -> str:
        """Return the path of the exercise's page."""
        return address_of("response:exercise-detail", self.reference)
