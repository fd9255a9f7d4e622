"""The list of frameworks, and its file."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from compliance.filters import FrameworkFilters
from compliance.models import Framework
from compliance.parts import framework_badge
from compliance.querysets import FrameworkQuerySet
from compliance.selectors import frameworks_visible
from foundation.lists.pages import OPEN_FIRST
from foundation.records.pages import RecordList
from foundation.ui.columns import Column
from foundation.ui.components import When
from foundation.ui.structure import Action, EmptyState


class FrameworkList(RecordList):
    """All frameworks that the reader may know of."""

    title = lazy("Frameworks")
    rows_label = lazy("Frameworks")
    filterset_class = FrameworkFilters
    default_filters = OPEN_FIRST
    columns = (
        Column("reference", lazy("Reference"), order=("pk",)),
        Column("title", lazy("Name"), order=("title",), is_title=True),
        Column("publisher", lazy("Publisher"), order=("publisher",)),
        Column("edition", lazy("Version")),
        Column("requirements", lazy("Requirements"), at_end=True),
        Column("accepted", lazy("Accepted"), order=("current__accepted_at",)),
        Column("state", lazy("State")),
        Column("owner", lazy("Owner"), is_extra=True),
    )
    default_sort = "title"
    file_name = "frameworks"
    trail_action = "compliance.list.exported"

    def get_rows(self) -> FrameworkQuerySet:
        """Return the frameworks, with their current editions."""
        return frameworks_visible(self.request.user).select_related("current", "owner")

    def sees_all(self, keys: QuerySet[Any]) -> bool:
        """Tell whether the reader may read all these frameworks."""
        visible = Framework.objects.visible_to(self.request.user).filter(pk__in=keys)
        return bool(visible.count() == Framework.objects.filter(pk__in=keys).count())

    def get_subtitle(self) -> str:
        """Return what the list holds."""
        return _("Standards, laws and rules of our own that audits test against")

    def get_actions(self) -> Sequence[Action]:
        """Offer what the reader may do."""
        if not self.request.access.has("compliance.manage"):  # type: ignore[attr-defined]
            return ()  # what is new holds for the whole organisation
        return (
            Action(_("Write by hand"), reverse("compliance:framework-create"), icon="pencil"),
            Action(_("Import"), reverse("compliance:import"), icon="upload", primary=True),
        )

    def get_empty_state(self) -> EmptyState:
        """Say what to do first, to those who may, and to whom nothing is shown that it takes a role."""
        if not self.may("records.view"):
            text = _(
                "Who reads the records of some unit reads the frameworks. You find your part on your desk."
            )
            return EmptyState(_("Nothing that you may see"), text, "book")
        return EmptyState(
            _("No frameworks yet"),
            _("What the organisation is held against stands here, requirement by requirement."),
            "book",
            self.get_actions(),
        )

    def cell_edition(self, row: Framework) -> str:
        """Name the current edition."""
        return row.current.label if row.current else _("none accepted yet")

    def cell_requirements(self, row: Framework) -> int:
        """Return how many requirements can be tested."""
        return row.current.testable_count if row.current else 0

    def cell_accepted(self, row: Framework) -> When:
        """Show since when the current edition counts."""
        return When(row.current.accepted_at if row.current else None, self.now)

    def cell_state(self, row: Framework) -> Any:
        """Name the state."""
        return framework_badge(row.state)
