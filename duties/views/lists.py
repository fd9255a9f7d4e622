"""The list of activities, and its file."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from duties.choices import Duty
from duties.filters import ActivityFilters
from duties.models import ActivityListing
from duties.parts import day_shown, state_badge
from duties.permissions import MANAGE
from foundation.lists.pages import OPEN_FIRST, OPEN_LATE_MINE_ALL
from foundation.records.pages import LongRecordList
from foundation.ui.columns import Column
from foundation.ui.structure import Action, EmptyState

# The columns that are read from the activity itself.
OF_ACTIVITIES = ("task", "outcome", "skip_reason")


class ActivityList(LongRecordList):
    """All activities that the reader may know of."""

    listing = ActivityListing
    title = lazy("Duty activities")
    rows_label = lazy("Duty activities")
    filterset_class = ActivityFilters
    default_filters = OPEN_FIRST
    quick_filters = OPEN_LATE_MINE_ALL
    primary_filters = ("q", "duty", "state", "unit")
    columns = (
        Column("reference", lazy("Reference"), order=("pk",)),
        Column("title", lazy("Title"), order=("title",), is_title=True),
        Column("duty", lazy("Duty"), order=("duty", "due_on")),
        Column("day", lazy("Due"), order=("due_on",)),
        Column("state", lazy("State")),
        Column("unit", lazy("Business unit")),
        Column("owner", lazy("Owner")),
        Column("done_on", lazy("Done on"), is_extra=True),
        Column("task", lazy("What is to be done"), exports_only=True),
        Column("outcome", lazy("Outcome"), exports_only=True),
        Column("skip_reason", lazy("Why it was skipped"), exports_only=True),
    )
    default_sort = "day"
    file_name = "duty-activities"
    trail_action = "duties.list.exported"

    def get_written(self, rows: Any) -> "QuerySet[ActivityListing]":
        """Add the activities themselves where a column says more of them."""
        return rows.select_related("activity") if any(self.holds(name) for name in OF_ACTIVITIES) else rows

    def get_subtitle(self) -> str:
        """Return what the list holds."""
        return _("What the thirteen duties ask for: who does it until when, and what came of it")

    def get_actions(self) -> Sequence[Action]:
        """Return the ways to the year and, for who may, to plan one."""
        year = Action(_("Year planner"), reverse("duties:year-planner"), icon="calendar-stats")
        if not self.may(MANAGE):
            return (year,)
        return (
            year,
            Action(_("Starter plan"), reverse("duties:starter-plan"), icon="list-check"),
            Action(_("Plan an activity"), reverse("duties:activity-create"), icon="plus", primary=True),
        )

    def get_empty_state(self) -> EmptyState:
        """Say what to do first."""
        return EmptyState(
            _("No activities yet"),
            _("Take over from the starter plan what each duty may begin with, or plan your own."),
            "calendar-repeat",
            actions=self.get_actions(),
        )

    def cell_duty(self, row: ActivityListing) -> str:
        """Name the duty."""
        return Duty(row.duty).title

    def cell_day(self, row: ActivityListing) -> Any:
        """Show by when it is due."""
        return day_shown(row, self.now)

    def cell_done_on(self, row: ActivityListing) -> Any:
        """Show when it was reported done."""
        return row.done_on

    def cell_state(self, row: ActivityListing) -> Any:
        """Name the state."""
        return state_badge(row.state)

    def cell_task(self, row: ActivityListing) -> str:
        """Say what is to be done."""
        return row.activity.task

    def cell_outcome(self, row: ActivityListing) -> str:
        """Say what came of it."""
        return row.activity.outcome

    def cell_skip_reason(self, row: ActivityListing) -> str:
        """Say why it was skipped."""
        return row.activity.skip_reason
