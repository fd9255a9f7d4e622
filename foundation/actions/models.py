"""What somebody has to do about a record, until when."""

from typing import Any, ClassVar

import pghistory
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.actions.querysets import ActionQuerySet
from foundation.deadlines.ladders import FIRST_DAY, LAST_DAY
from foundation.records.models import Record

DUE_MESSAGE = _("Use a date between 1970 and 2999.")


@pghistory.track(obj_field=pghistory.ObjForeignKey(related_name="action_events"))
class Action(Record):
    """A piece of work that follows from a record (its source), with an owner, a due date and what came of it.

    It belongs to its source's unit, is as confidential as its source, and names those who own its source or take part in it.
    """

    record_ptr = models.OneToOneField(
        Record, models.CASCADE, parent_link=True, primary_key=True, related_name="as_action"
    )
    source = models.ForeignKey(Record, models.PROTECT, related_name="actions", verbose_name=_("follows from"))
    description = models.TextField(_("what is to be done"), blank=True, max_length=10_000)
    due_on = models.DateField(
        _("due on"),
        validators=[MinValueValidator(FIRST_DAY, DUE_MESSAGE), MaxValueValidator(LAST_DAY, DUE_MESSAGE)],
    )
    outcome = models.TextField(_("what came of it"), blank=True, max_length=10_000)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True, editable=False)

    objects: ClassVar[Any] = ActionQuerySet.as_manager()

    class Meta:
        verbose_name = _("action")
        verbose_name_plural = _("actions")
        indexes = [
            models.Index(fields=["source", "due_on"], name="action_source_due"),
            models.Index(fields=["due_on"], name="action_due"),
            # The list opens with what is open: found without a look at all that was done before.
            models.Index(
                fields=["due_on", "record_ptr"],
                name="action_due_undone",
                condition=models.Q(done_at__isnull=True),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(source=models.F("record_ptr")), name="action_not_its_own_source"
            ),
            models.CheckConstraint(
                condition=models.Q(due_on__range=(FIRST_DAY, LAST_DAY)),
                name="action_due_in_range",
                violation_error_message=DUE_MESSAGE,
            ),
        ]
