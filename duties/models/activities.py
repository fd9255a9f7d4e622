"""Activities of duties, and their checklists."""

from typing import Any, ClassVar

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from duties.choices import Duty
from duties.models.series import MOST_TASK as MOST_TASK
from duties.models.series import ActivitySeries
from duties.querysets import ActivityQuerySet
from foundation.records.models import Record

MOST_OUTCOME = 20_000
MOST_ITEMS, LONGEST_ITEM = 30, 300

_ACTIVITY_FIXED = """
    IF EXISTS (SELECT FROM records_record WHERE id = OLD.record_ptr_id AND state IN ('sign_off', 'done', 'skipped'))
            AND (NEW.duty, NEW.task, NEW.evidence_wanted, NEW.needs_sign_off, NEW.due_on, NEW.outcome)
            IS DISTINCT FROM
            (OLD.duty, OLD.task, OLD.evidence_wanted, OLD.needs_sign_off, OLD.due_on, OLD.outcome) THEN
        RAISE EXCEPTION 'What an activity says is fixed once it has ended.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""
_ITEM_FIXED = """
    IF EXISTS (
        SELECT FROM records_record WHERE state IN ('sign_off', 'done', 'skipped')
        AND id IN (CASE WHEN TG_OP <> 'INSERT' THEN OLD.activity_id END, CASE WHEN TG_OP <> 'DELETE' THEN NEW.activity_id END)
    ) THEN
        RAISE EXCEPTION 'The checklist of an activity that has ended does not change.' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
"""


@pghistory.track(obj_field=pghistory.ObjForeignKey(related_name="activity_events"), exclude=["writers"])
class Activity(Record):
    """A piece of work that a duty asks for: by whom, until when, what it consists of, and what came of it.

    One of a series stands for its `occurrence_on`, the day by the rule; `due_on` may be another. `writers` are the keys of all who
    wrote on the outcome: none of them signs it off. `done_on` is the day of the organisation's on which it was reported done, `skipped_on` that on
    which it was skipped.
    """

    record_ptr = models.OneToOneField(
        Record, models.CASCADE, parent_link=True, primary_key=True, related_name="as_activity"
    )
    duty = models.PositiveSmallIntegerField(_("duty"), choices=Duty.choices)
    task = models.TextField(_("what is to be done"), blank=True, max_length=MOST_TASK)
    evidence_wanted = models.TextField(_("what counts as evidence"), blank=True, max_length=2_000)
    needs_sign_off = models.BooleanField(_("needs a sign-off"), default=False)
    due_on = models.DateField(_("due on"))
    outcome = models.TextField(_("outcome"), blank=True, max_length=MOST_OUTCOME)
    writers = ArrayField(models.BigIntegerField(), verbose_name=_("wrote the outcome"), default=list)
    done_on = models.DateField(_("done on"), null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("done by"),
    )
    skipped_on = models.DateField(_("skipped on"), null=True, blank=True)
    skip_reason = models.TextField(_("why it was skipped"), blank=True, max_length=5_000)
    series = models.ForeignKey(
        ActivitySeries,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="activities",
        verbose_name=_("recurring activity"),
    )
    occurrence_on = models.DateField(_("occurrence"), null=True, blank=True)

    objects: ClassVar[Any] = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name = _("duty activity")
        verbose_name_plural = _("duty activities")
        constraints = [
            models.CheckConstraint(condition=Q(duty__in=Duty.values), name="activity_known_duty"),
            models.CheckConstraint(
                condition=Q(series__isnull=True, occurrence_on__isnull=True)
                | Q(series__isnull=False, occurrence_on__isnull=False),
                name="activity_stands_for_an_occurrence",
            ),
            models.CheckConstraint(
                condition=Q(done_on__isnull=True, done_by__isnull=True)
                | Q(done_on__isnull=False, done_by__isnull=False),
                name="activity_done_by_somebody",
            ),
            models.UniqueConstraint(fields=["series", "occurrence_on"], name="activity_occurrence_once"),
        ]
        triggers = [
            pgtrigger.Protect(name="activity_kept", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="activity_fixed_once_ended",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                func=_ACTIVITY_FIXED,
            ),
        ]

    @property
    def duty_entry(self) -> Duty:
        """Return the duty that asks for it."""
        return Duty(self.duty)


class ChecklistItem(models.Model):
    """Something that an activity consists of, and who did it when."""

    activity = models.ForeignKey(
        Activity, models.PROTECT, related_name="items", verbose_name=_("activity"), db_index=False
    )
    position = models.PositiveSmallIntegerField(_("position"))
    text = models.CharField(_("item"), max_length=LONGEST_ITEM)
    is_required = models.BooleanField(_("needed"), default=True)
    ticked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("done by"),
    )
    ticked_at = models.DateTimeField(_("done at"), null=True, blank=True)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        verbose_name = _("item of a checklist")
        verbose_name_plural = _("items of checklists")
        ordering = ["activity", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "position"],
                name="checklist_item_order",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(fields=["activity", "text"], name="checklist_item_once"),
            models.CheckConstraint(condition=~Q(text=""), name="checklist_item_says_what"),
            models.CheckConstraint(
                condition=Q(ticked_by__isnull=True, ticked_at__isnull=True)
                | Q(ticked_by__isnull=False, ticked_at__isnull=False),
                name="checklist_item_done_by_somebody",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="checklist_item_fixed_once_ended",
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.Before,
                func=_ITEM_FIXED,
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def is_done(self) -> bool:
        """Tell whether it is done."""
        return self.ticked_at is not None
