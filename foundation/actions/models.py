"""What somebody has to do about a record, until when, and the narrow copies that lists read."""

from typing import Any, ClassVar

import pghistory
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.accounts.models import BusinessUnit
from foundation.actions.choices import ActionState
from foundation.actions.querysets import ActionListingQuerySet, ActionQuerySet
from foundation.records.choices import Confidentiality
from foundation.records.models import Record
from foundation.ui.addresses import address_of
from foundation.ui.dates import FIRST_DAY, LAST_DAY

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


# What filters ask, besides the columns that an index starts with: a page is found without a look at the rows.
ASKED = ["unit", "owner", "confidentiality", "is_archived", "state", "source", "needle"]


class ActionListing(models.Model):
    """What the list of actions filters, sorts and shows: one narrow row beside each action.

    A list of 100,000 would join and scan two wide tables otherwise. The database's triggers write it (migration 0006)
    whenever the action or its record changes; nothing else does. `needle` is what the text filter searches: the title
    and the reference in lower case.
    """

    action = models.OneToOneField(Action, models.CASCADE, primary_key=True, related_name="listing")
    # No constraints on what is copied: the action and its record have them.
    source = models.ForeignKey(
        Record,
        models.DO_NOTHING,
        related_name="+",
        verbose_name=_("follows from"),
        db_constraint=False,
        db_index=False,
    )
    reference = models.CharField(_("reference"), max_length=40)
    title = models.CharField(_("title"), max_length=200)
    needle = models.TextField()
    state = models.CharField(_("state"), max_length=40, choices=ActionState.choices)
    confidentiality = models.CharField(_("confidentiality"), max_length=12, choices=Confidentiality.choices)
    is_archived = models.BooleanField(_("archived"))
    unit = models.ForeignKey(
        BusinessUnit,
        models.DO_NOTHING,
        related_name="+",
        verbose_name=_("business unit"),
        db_constraint=False,
        db_index=False,
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.DO_NOTHING,
        related_name="+",
        verbose_name=_("owner"),
        db_constraint=False,
        db_index=False,
    )
    due_on = models.DateField(_("due on"))
    done_at = models.DateTimeField(_("done at"), null=True)

    objects: ClassVar[Any] = ActionListingQuerySet.as_manager()

    class Meta:
        verbose_name = _("listed action")
        verbose_name_plural = _("listed actions")
        indexes = [
            models.Index(fields=["due_on", "action"], include=ASKED, name="action_listing_due"),
            models.Index(
                fields=["unit", "due_on", "action"],
                include=[name for name in ASKED if name != "unit"],
                name="action_listing_unit_due",
            ),
            # The list opens with what is open.
            models.Index(
                fields=["state", "due_on", "action"],
                include=[name for name in ASKED if name != "state"],
                name="action_listing_state_due",
            ),
            models.Index(fields=["owner", "due_on"], name="action_listing_owner_due"),
            models.Index(fields=["title", "action"], name="action_listing_title"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    def get_absolute_url(self) -> str:
        """Return the path of the action's page."""
        return address_of("actions:action-detail", self.reference)

    @property
    def is_restricted(self) -> bool:
        """Tell whether only those named in it and the CISO may know of it."""
        return self.confidentiality == Confidentiality.RESTRICTED
