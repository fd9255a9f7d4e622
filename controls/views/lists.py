"""The list of controls, and its file."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from controls.filters import ControlFilters
from controls.models import ControlListing
from controls.parts import control_badge, effectiveness_badge, implementation_badge
from controls.permissions import WRITE
from foundation.lists.pages import OPEN_FIRST
from foundation.records.pages import LongRecordList
from foundation.ui.columns import Column, QuickFilter
from foundation.ui.components import Due
from foundation.ui.filters import ANY
from foundation.ui.structure import Action, EmptyState


class ControlList(LongRecordList):
    """All controls that the reader may know of."""

    listing = ControlListing
    title = lazy("Controls")
    rows_label = lazy("Controls")
    filterset_class = ControlFilters
    primary_filters = ("q", "state", "implementation", "evidence")
    default_filters = OPEN_FIRST
    quick_filters = (
        QuickFilter(lazy("Not retired"), OPEN_FIRST),
        QuickFilter(lazy("Evidence overdue"), {"evidence": "late"}),
        QuickFilter(lazy("Key controls"), {"key": "on"}),
        QuickFilter(lazy("Mine"), {"mine": "on"}),
        QuickFilter(lazy("All"), {"state": ANY}),
    )
    columns = (
        Column("reference", lazy("Reference"), order=("pk",)),
        Column("title", lazy("Title"), order=("title",), is_title=True),
        Column("type", lazy("Type"), order=("type",)),
        Column("state", lazy("State")),
        Column("implementation", lazy("Implementation"), order=("implementation",)),
        Column("effectiveness", lazy("Effectiveness"), order=("effectiveness",)),
        Column("evidence", lazy("Evidence"), order=("due_on",)),
        Column("owner", lazy("Owner")),
        Column("unit", lazy("Business unit"), is_extra=True),
        Column("nature", lazy("Nature"), is_extra=True),
        Column("key", lazy("Key control"), is_extra=True),
        Column("frequency", lazy("How often"), is_extra=True),
        Column("rated", lazy("Rated on"), order=("rated_on",), is_extra=True),
        Column("confidentiality", lazy("Confidentiality"), is_extra=True),
    )
    default_sort = "reference"
    file_name = "controls"
    trail_action = "controls.list.exported"

    def get_subtitle(self) -> str:
        """Return what the list holds."""
        return _("What the organisation does against what may go wrong, how far, and how well it works")

    def get_actions(self) -> Sequence[Action]:
        """Offer what the reader may do."""
        if not self.request.access.has_anywhere(WRITE):  # type: ignore[attr-defined]
            return ()
        return (Action(_("Write a control"), reverse("controls:control-create"), icon="plus", primary=True),)

    def get_empty_state(self) -> EmptyState:
        """Say what to do first, to those who may."""
        return EmptyState(
            _("No controls yet"),
            _("Write down what is done already: who does what, how often, and how one sees it."),
            "shield-check",
            self.get_actions(),
        )

    def cell_type(self, row: ControlListing) -> str:
        """Name the type."""
        return row.get_type_display()

    def cell_nature(self, row: ControlListing) -> str:
        """Name the nature."""
        return row.get_nature_display()

    def cell_frequency(self, row: ControlListing) -> str:
        """Name how often it is carried out."""
        return row.get_frequency_display()

    def cell_key(self, row: ControlListing) -> str:
        """Tell whether it is a key control."""
        return str(_("Yes") if row.is_key else _("No"))

    def cell_state(self, row: ControlListing) -> Any:
        """Name the state."""
        return control_badge(row.state)

    def cell_implementation(self, row: ControlListing) -> Any:
        """Name how far it is carried out."""
        return implementation_badge(row.implementation)

    def cell_effectiveness(self, row: ControlListing) -> Any:
        """Name the latest rating."""
        return effectiveness_badge(row.effectiveness)

    def cell_rated(self, row: ControlListing) -> Any:
        """Return the day of the latest rating."""
        return row.rated_on

    def cell_evidence(self, row: ControlListing) -> Due:
        """Show when evidence is due."""
        return Due(row.due_on, self.now)

    def export_evidence(self, row: ControlListing) -> Any:
        """Return the day."""
        return row.due_on
