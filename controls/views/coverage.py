"""How far a framework is covered by controls: group by group, requirement by requirement, and as a file."""

from collections.abc import Mapping, Sequence
from functools import cached_property, partial
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from compliance.models import Framework, RequirementText
from compliance.selectors import branches_of, frameworks_visible
from compliance.selectors.outline import Branch, text_matches
from controls.choices import Coverage
from controls.parts import coverage_badge
from controls.selectors.coverage import (
    LEVELS,
    Level,
    branch_at,
    coverage_lines,
    coverage_of,
    levels_of,
    links_of,
)
from foundation.accounts.permissions import person_of
from foundation.trail.services import entry_write
from foundation.ui.columns import Column, QuickFilter
from foundation.ui.components import Link, Listing, Reference
from foundation.ui.filters import FilterSet
from foundation.ui.lists import ListPage
from foundation.ui.structure import Action, Crumb, EmptyState

GAPS = "gaps"


class CoverageFilters(FilterSet):
    """What the requirements of a framework are narrowed by."""

    q = django_filters.CharFilter(method="by_text", label=lazy("Search"), max_length=100)
    group = django_filters.ChoiceFilter(method="by_group", label=lazy("Group"), choices=())
    coverage = django_filters.ChoiceFilter(
        method="by_coverage",
        label=lazy("Coverage"),
        choices=[(GAPS, lazy("Gaps: not in force, or none")), *Coverage.choices],
    )

    def __init__(self, *args: Any, branches: Sequence[Branch] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.branches = {branch.key: branch for branch in branches}
        self.filters["group"].extra["choices"] = [(key, str(one)) for key, one in self.branches.items()]

    def by_text(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Keep those with these words, or an identifier that begins so."""
        return rows.filter(text_matches(value))

    def by_group(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Keep those of a group."""
        branch = self.branches[value]
        return rows.filter(position__range=(branch.first, branch.last))

    def by_coverage(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Keep those that are covered so far, or those that no control in force covers."""
        if value == GAPS:
            return rows.filter(level__gte=LEVELS.index(Coverage.PENDING))
        return rows.filter(level=LEVELS.index(value))


class CoverageList(ListPage):
    """What a framework requires, each with how far the controls cover it that the reader may know of.

    It is a page of the framework: as long as that is, however many records there are, and it may ask what a record's page may.
    """

    rows_label = lazy("Requirements")
    template_name = "controls/coverage_list.html"
    columns = (
        Column("identifier", lazy("Requirement"), order=("position",)),
        Column("title", lazy("Title"), is_title=True),
        Column("group", lazy("Group")),
        Column("coverage", lazy("Coverage"), order=("level", "position")),
        Column("controls", lazy("Controls")),
    )
    default_sort = "identifier"
    page_size = 50
    file_name = "coverage"
    quick_filters = (
        QuickFilter(lazy("All"), {}),
        QuickFilter(lazy("Gaps"), {"coverage": GAPS}),
        QuickFilter(lazy("Partly covered"), {"coverage": Coverage.PARTLY.value}),
    )

    @cached_property
    def framework(self) -> Framework:
        """Return the framework, of those that the reader may read."""
        found = frameworks_visible(self.request.user).select_related("current")
        framework: Framework = get_object_or_404(found, reference=self.kwargs["reference"])
        if framework.current is None:
            raise Http404
        return framework

    @cached_property
    def branches(self) -> list[Branch]:
        """Return the groups of the current edition."""
        assert self.framework.current is not None
        return branches_of(self.framework.current)

    @cached_property
    def levels(self) -> list[Level]:
        """Return how far each requirement is covered."""
        return levels_of(self.framework, self.request.user)

    @cached_property
    def filterset_class(self) -> Any:  # type: ignore[override]
        """Return the filters, with the groups that this framework has."""
        return partial(CoverageFilters, branches=self.branches)

    @property
    def title(self) -> str:  # type: ignore[override]
        """Name the framework."""
        return _("Coverage of %(framework)s") % {"framework": self.framework.title}

    def get_subtitle(self) -> str:
        """Say what counts."""
        return _("Version %(label)s. Counted are the controls that you may know of.") % {
            "label": self.framework.current
        }

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        framework = self.framework
        return (
            Crumb(_("Frameworks"), reverse("compliance:framework-list")),
            Crumb(framework.reference, framework.get_absolute_url()),
            Crumb(_("Coverage")),
        )

    def get_actions(self) -> Sequence[Action]:
        """Lead to the controls."""
        return (Action(_("Controls"), reverse("controls:control-list"), icon="shield-check"),)

    def get_rows(self) -> QuerySet[RequirementText]:
        """Return what can be covered, with how far it is."""
        return coverage_lines(self.framework, self.request.user, self.levels).defer(
            "statement", "guidance", "objectives", "words"
        )

    def get_extra_context(self) -> Mapping[str, Any]:
        """Return how far all of it is covered, and each group."""
        whole, groups = coverage_of(
            self.framework, self.request.user, branches=self.branches, levels=self.levels
        )
        return {"whole": whole, "groups": [(group, self.url(group=group.key)) for group in groups]}

    def get_empty_state(self) -> EmptyState:
        """Say that there is nothing to cover."""
        return EmptyState(_("Nothing is required"), "", "list-check")

    def prepare_rows(self, rows: list[Any]) -> list[Any]:
        """Read the controls of all rows at once."""
        found = links_of(rows, self.request.user)
        for row in rows:
            row.control_links = found.get(row.requirement_id, [])
        return rows

    def record_export(self, fmt: str) -> None:
        """Leave in the trail that it was taken away."""
        entry_write(
            action="controls.coverage.exported",
            actor=person_of(self.request),
            record=self.framework,
            after={"format": fmt, "edition": str(self.framework.current)},
        )

    def cell_identifier(self, row: Any) -> Link:
        """Link the requirement."""
        return Link(row.identifier, reverse("compliance:requirement-detail", args=[row.requirement_id]))

    def cell_group(self, row: Any) -> str:
        """Name the group that it stands in."""
        return str(self.branches[branch_at(self.branches, row.position)])

    def cell_coverage(self, row: Any) -> Any:
        """Say how far it is covered."""
        return coverage_badge(LEVELS[row.level])

    def cell_controls(self, row: Any) -> Any:
        """Link its controls."""
        return Listing(
            tuple(
                Reference(link.control.reference, link.control.get_absolute_url())
                for link in row.control_links
            )
        )

    def export_controls(self, row: Any) -> str:
        """Name its controls, with how much of it each covers and where that stands."""
        return "; ".join(
            f"{link.control.reference} {link.control.title} ({link.get_extent_display()},"
            f" {link.control.get_implementation_display()})"
            for link in row.control_links
        )
