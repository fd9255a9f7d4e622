"""The list of exercises, and its file."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from foundation.lists.pages import OPEN_FIRST, OPEN_LATE_MINE_ALL
from foundation.records.choices import Confidentiality
from foundation.records.pages import LongRecordList
from foundation.ui.addresses import address_of
from foundation.ui.columns import Column
from foundation.ui.structure import Action, EmptyState
from response.filters import ExerciseFilters
from response.models import ExerciseListing
from response.parts import day_shown, plan_named, state_badge
from response.permissions import MANAGE

# The columns that are read from the exercise itself.
OF_EXERCISES = ("version", "scenario", "what_happened")


class ExerciseList(LongRecordList):
    """All exercises that the reader may know of."""

    listing = ExerciseListing
    title = lazy("Exercises")
    rows_label = lazy("Exercises")
    filterset_class = ExerciseFilters
    default_filters = OPEN_FIRST
    quick_filters = OPEN_LATE_MINE_ALL
    primary_filters = ("q", "state", "type", "unit")
    columns = (
        Column("reference", lazy("Reference"), order=("pk",)),
        Column("title", lazy("Title"), order=("title",), is_title=True),
        Column("plan", lazy("Plan"), order=("plan__title",)),
        Column("type", lazy("Type"), order=("type",)),
        Column("day", lazy("Day"), order=("planned_on",)),
        Column("state", lazy("State")),
        Column("unit", lazy("Business unit")),
        Column("owner", lazy("Owner")),
        Column("version", lazy("Version"), is_extra=True),
        Column("scenario", lazy("Scenario"), exports_only=True),
        Column("what_happened", lazy("What happened"), exports_only=True),
    )
    default_sort = "day"
    file_name = "exercises"
    trail_action = "response.list.exported"

    def get_written(self, rows: Any) -> "QuerySet[ExerciseListing]":
        """Add the plans, where the reader may know of them, and the exercises themselves where a column says more of them."""
        written = rows.with_plans_for(self.request.user) if self.holds("plan") else rows
        if not any(self.holds(name) for name in OF_EXERCISES):
            return written
        told = written.select_related("exercise__version_in_force")
        return told.defer("exercise__version_in_force__body")

    def keys_shown(self, rows: list[Any]) -> set[int]:
        """Return the keys of the rows, and of the plans that are linked."""
        named = {row.plan_id for row in rows if row.plan_reference} if self.holds("plan") else set()
        return super().keys_shown(rows) | named

    def get_subtitle(self) -> str:
        """Return what the list holds."""
        return _("Incident response plans put to the test, and what came of it")

    def get_actions(self) -> Sequence[Action]:
        """Offer what the reader may do."""
        if not self.may(MANAGE):
            return ()
        url = reverse("response:exercise-begin")
        return (Action(_("Plan an exercise"), url, icon="plus", primary=True),)

    def get_empty_state(self) -> EmptyState:
        """Say where one is planned, and lead there who may."""
        return EmptyState(
            _("No exercises yet"),
            _("An exercise shows whether an incident response plan works before it has to."),
            "users-group",
            self.get_actions(),
        )

    def cell_plan(self, row: Any) -> Any:
        """Name the plan."""
        url = address_of("policies:document-detail", row.plan_reference) if row.plan_reference else ""
        return plan_named(row.plan_title, url, is_restricted=row.plan_kept == Confidentiality.RESTRICTED)

    def cell_type(self, row: ExerciseListing) -> str:
        """Name the type."""
        return row.get_type_display()

    def cell_day(self, row: ExerciseListing) -> Any:
        """Show when it was held, or is to be."""
        return day_shown(row, self.now)

    def export_day(self, row: ExerciseListing) -> Any:
        """Return the day."""
        return row.held_on or row.planned_on

    def cell_state(self, row: ExerciseListing) -> Any:
        """Name the state."""
        return state_badge(row.state)

    def cell_version(self, row: ExerciseListing) -> str:
        """Name the version that was exercised."""
        return row.exercise.version_in_force.label

    def cell_scenario(self, row: ExerciseListing) -> str:
        """Say what is supposed to happen."""
        return row.exercise.scenario

    def cell_what_happened(self, row: ExerciseListing) -> str:
        """Say what did."""
        return row.exercise.what_happened
