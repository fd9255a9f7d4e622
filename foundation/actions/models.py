"""What somebody has to do about a record, until when."""

from typing import Any, ClassVar

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.actions.querysets import ActionQuerySet
from foundation.records.models import Record


@pghistory.track(obj_field=pghistory.ObjForeignKey(related_name="action_events"))
class Action(Record):
    """A piece of work that follows from a record (its source), with an owner, a due date and what came of it.

    It belongs to its source's unit, and is as confidential as its source.
    """

    record_ptr = models.OneToOneField(
        Record, models.CASCADE, parent_link=True, primary_key=True, related_name="as_action"
    )
    source = models.ForeignKey(Record, models.PROTECT, related_name="actions", verbose_name=_("follows from"))
    description = models.TextField(_("what is to be done"), blank=True, max_length=10_000)
    due_on = models.DateField(_("due on"))
    outcome = models.TextField(_("what came of it"), blank=True, max_length=10_000)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True, editable=False)

    objects: ClassVar[Any] = ActionQuerySet.as_manager()

    class Meta:
        verbose_name = _("action")
        verbose_name_plural = _("actions")
        indexes = [models.Index(fields=["source", "due_on"], name="action_source_due")]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(source=models.F("record_ptr")), name="action_not_its_own_source"
            ),
        ]
