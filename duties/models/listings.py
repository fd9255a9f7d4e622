"""The narrow copies of activities, which lists and counts read."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from duties.choices import OPEN, ActivityState, Duty
from duties.models.activities import Activity
from duties.querysets import ActivityListingQuerySet
from foundation.records.listings import RecordListing
from foundation.ui.addresses import address_of

# What filters ask, besides the columns that an index starts with: a page is found without a look at the rows.
ASKED = ["unit", "owner", "confidentiality", "is_archived", "state", "duty", "late_on", "needle"]


def _asked(*but: str) -> list[str]:
    return [name for name in ASKED if name not in but]


class ActivityListing(RecordListing):
    """What lists of activities filter, sort and show: one narrow row beside each, written by triggers (migrations 0002 and 0008).

    `late_on` is the day by which one that is still to be done is due.
    """

    activity = models.OneToOneField(Activity, models.CASCADE, primary_key=True, related_name="listing")
    duty = models.PositiveSmallIntegerField(_("duty"), choices=Duty.choices)
    state = models.CharField(_("state"), max_length=40, choices=ActivityState.choices)
    due_on = models.DateField(_("due on"))
    late_on = models.DateField(_("to be done by"), null=True)
    done_on = models.DateField(_("done on"), null=True)
    skipped_on = models.DateField(_("skipped on"), null=True)

    objects: ClassVar[Any] = ActivityListingQuerySet.as_manager()

    class Meta:
        verbose_name = _("listed activity")
        verbose_name_plural = _("listed activities")
        indexes = [
            models.Index(fields=["due_on", "activity"], include=_asked(), name="activity_listing_day"),
            models.Index(
                fields=["unit", "due_on", "activity"],
                include=_asked("unit"),
                name="activity_listing_unit_day",
            ),
            models.Index(
                fields=["duty", "due_on", "activity"],
                include=_asked("duty"),
                name="activity_listing_duty_day",
            ),
            models.Index(
                fields=["due_on", "activity"],
                include=_asked(),
                name="activity_listing_open",
                condition=Q(state__in=OPEN),
            ),
            models.Index(
                fields=["late_on", "activity"],
                include=_asked("late_on"),
                name="activity_listing_late",
                condition=Q(late_on__isnull=False),
            ),
            # The first that is still to be done of each duty.
            models.Index(
                fields=["duty", "late_on", "activity"],
                include=["unit", "owner", "confidentiality", "is_archived"],
                name="activity_listing_next",
                condition=Q(late_on__isnull=False),
            ),
            models.Index(fields=["title", "activity"], name="activity_listing_title"),
            models.Index(fields=["owner", "activity"], name="activity_listing_owner"),
        ]

    def get_absolute_url(self) -> str:
        """Return the path of the activity's page."""
        return address_of("duties:activity-detail", self.reference)
