"""The lists of audits and of programmes, and their files."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from audits.choices import OPEN_AUDIT_STATES, AuditType
from audits.filters import AuditFilters, ProgrammeFilters
from audits.models import Audit, AuditListing, Programme
from audits.parts.year_grid import moved_words
from audits.querysets import ProgrammeQuerySet
from audits.selectors import DUTY
from audits.views.badges import audit_badge, programme_badge
from foundation.actions.selectors import late_actions_of_duty
from foundation.lists.pages import OPEN_FIRST, OPEN_LATE_MINE_ALL
from foundation.records.pages import LongRecordList, RecordList
from foundation.ui.columns import Column
from foundation.ui.components import Badge, Due, Icon, Part, Person, Text, When
from foundation.ui.navigation import also_count
from foundation.ui.structure import Action, Crumb, EmptyState

PLAN = "audits.plan"


class AuditList(LongRecordList):
    """All audits that the reader may know of."""

    listing = AuditListing
    joined = ("unit", "lead_auditor", "owner")
    right_for_many = PLAN
    assign_page, move_page = "audits:audits-assign", "audits:audits-move"
    title = lazy("Audits")
    rows_label = lazy("Audits")
    filterset_class = AuditFilters
    primary_filters = ("q", "state", "type", "unit")
    default_filters = OPEN_FIRST
    quick_filters = OPEN_LATE_MINE_ALL
    columns = (
        Column("reference", lazy("Reference"), order=("pk",)),
        Column("title", lazy("Title"), order=("title",), is_title=True),
        Column("type", lazy("Type")),
        Column("state", lazy("State")),
        Column("unit", lazy("Business unit")),
        Column("lead_auditor", lazy("Lead auditor")),
        Column("starts_on", lazy("Fieldwork starts"), order=("starts_on",)),
        Column("next_due_on", lazy("Next due"), order=("next_due_on",)),
        Column("owner", lazy("Owner"), is_extra=True),
        Column("programme", lazy("Programme"), is_extra=True),
        Column("recurs", lazy("Recurring"), is_extra=True),
        Column("moved", lazy("Moved since approval"), is_extra=True),
        Column("confidentiality", lazy("Confidentiality"), is_extra=True),
    )
    template_name = "audits/audit_list.html"
    default_sort = "next_due_on"
    file_name = "audits"
    trail_action = "audits.list.exported"
    programmes: dict[int, str]
    approved: dict[int, date]

    def prepare_rows(self, rows: list[Any]) -> list[Any]:
        """Find out which of the programmes the reader may know of, where they are named."""
        if self.holds("programme"):
            visible = Programme.objects.visible_to(self.request.user)
            named = visible.filter(pk__in={row.programme_id for row in rows})
            self.programmes = dict(named.values_list("pk", "reference"))
        if self.holds("moved"):
            approved = Audit.objects.filter(pk__in=[row.pk for row in rows], approved_starts_on__isnull=False)
            self.approved = dict(approved.values_list("pk", "approved_starts_on"))
        return rows

    def keys_shown(self, rows: list[Any]) -> set[int]:
        """Return the keys of the audits, and of the programmes that are named."""
        return super().keys_shown(rows) | set(self.programmes)

    def get_extra_context(self) -> Mapping[str, Any]:
        """Count the late actions that follow from audits: with the numbers of the side bar."""
        also_count(self.request, {"late_actions": late_actions_of_duty(DUTY, self.reader, self.now)})
        return {
            "late_actions_url": f"{reverse('actions:action-list')}?{urlencode({'late': 'on', 'duty': DUTY})}"
        }

    def get_subtitle(self) -> str:
        """Return what the list holds."""
        return _("Planned, under way and closed; each with the date that it waits for")

    def get_actions(self) -> Sequence[Action]:
        """Offer what the reader may do."""
        actions = [
            Action(_("Findings"), reverse("audits:finding-list"), icon="flag"),
            Action(_("Year"), reverse("audits:year-now"), icon="calendar-stats"),
            Action(_("Programmes"), reverse("audits:programme-list"), icon="calendar-event"),
        ]
        if self.may("audits.import"):
            actions.append(Action(_("Import"), reverse("audits:import"), icon="upload"))
        if self.may(PLAN):
            actions.append(
                Action(_("Plan an audit"), reverse("audits:audit-create"), icon="plus", primary=True)
            )
        return actions

    def get_empty_state(self) -> EmptyState:
        """Say what to do first, to those who may."""
        if self.may(PLAN):
            text = _("Plan the first one: everyone concerned is reminded from then on.")
        else:
            text = _("Audits that you take part in will stand here.")
        return EmptyState(_("No audits yet"), text, "clipboard-check", self.get_actions()[3:])

    def signs_of(self, row: AuditListing) -> Sequence[Part]:
        """Say what recurs and what is restricted."""
        recurs = (Icon("repeat", _("recurring"), "icon-sm text-secondary"),) if row.recurs else ()
        return (*recurs, *super().signs_of(row))

    def cell_type(self, row: AuditListing) -> Text:
        """Name the type."""
        return AuditType(row.type).label

    def cell_state(self, row: AuditListing) -> Badge:
        """Name the state."""
        return audit_badge(row.state)

    def cell_lead_auditor(self, row: AuditListing) -> Person:
        """Name the lead auditor."""
        return Person(row.lead_auditor.full_name)

    def cell_starts_on(self, row: AuditListing) -> When:
        """Show when the fieldwork starts."""
        return When(row.starts_on, self.now)

    def cell_next_due_on(self, row: AuditListing) -> Due:
        """Show the date that the audit waits for, and how far off it is."""
        return Due(row.next_due_on, self.now)

    def cell_programme(self, row: AuditListing) -> str:
        """Name the programme, where the reader may know of it."""
        return self.programmes.get(row.programme_id or 0, "")

    def cell_recurs(self, row: AuditListing) -> str:
        """Say whether it recurs."""
        return _("yes") if row.recurs else _("no")

    def cell_moved(self, row: AuditListing) -> str:
        """Say by how much the start has moved since it was approved."""
        return moved_words(self.export_moved(row))

    def export_moved(self, row: AuditListing) -> int | None:
        """Return by how many days it has moved; None without an approved start."""
        approved = self.approved.get(row.pk)
        return (row.starts_on - approved).days if approved else None


class ProgrammeList(RecordList):
    """All programmes that the reader may know of."""

    right_for_many = PLAN
    assign_page = "audits:programmes-assign"
    title = lazy("Audit programmes")
    rows_label = lazy("Programmes")
    filterset_class = ProgrammeFilters
    columns = (
        Column("reference", lazy("Reference"), order=("pk",)),
        Column("title", lazy("Title"), order=("title",), is_title=True),
        Column("year", lazy("Year"), order=("year",)),
        Column("state", lazy("State")),
        Column("unit", lazy("Business unit")),
        Column("owner", lazy("Owner")),
        Column("audits_count", lazy("Audits"), at_end=True),
        Column("open_count", lazy("Open"), at_end=True),
    )
    default_sort = "-year"
    file_name = "audit-programmes"

    def get_rows(self) -> ProgrammeQuerySet:
        """Return the programmes, each with how many of the audits that the reader may know of it has."""
        programmes: ProgrammeQuerySet = Programme.objects.visible_to(self.request.user).unarchived()
        return programmes.select_related("unit", "owner")

    def prepare_rows(self, rows: list[Any]) -> list[Any]:
        """Count the audits of the programmes shown, at once."""
        counts = {
            row["programme_id"]: row
            for row in AuditListing.objects.visible_to(self.request.user)
            .filter(programme__in=[programme.pk for programme in rows])
            .values("programme_id")
            .annotate(audits=Count("pk"), open=Count("pk", filter=Q(state__in=OPEN_AUDIT_STATES)))
        }
        for programme in rows:
            counted = counts.get(programme.pk, {})
            programme.audits_count = counted.get("audits", 0)
            programme.open_count = counted.get("open", 0)
        return rows

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        return (Crumb(_("Audits"), reverse("audits:audit-list")), Crumb(self.title))

    def get_actions(self) -> Sequence[Action]:
        """Offer what the reader may do."""
        if not self.may(PLAN):
            return ()
        return (
            Action(_("Year"), reverse("audits:year-now"), icon="calendar-stats"),
            Action(_("Draft a programme"), reverse("audits:programme-create"), icon="plus", primary=True),
        )

    def get_empty_state(self) -> EmptyState:
        """Say what to do first."""
        return EmptyState(
            _("No programmes yet"),
            _("A programme says what is to be audited in a year, and to what end."),
            "calendar-event",
            self.get_actions(),
        )

    def cell_state(self, row: Programme) -> Badge:
        """Name the state."""
        return programme_badge(row.state)
