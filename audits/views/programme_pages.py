"""The page of a programme."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from audits.choices import ProgrammeState
from audits.models import Programme
from audits.permissions import can_change_programme
from audits.querysets import AuditListingQuerySet
from audits.selectors.year import Unit
from audits.views.year_parts import YearParts
from foundation.approvals.choices import REQUEST_TONES, RequestState
from foundation.approvals.selectors import latest_request
from foundation.lifecycle.pages import record_steps, transition_actions
from foundation.records.pages import HISTORY_TAB, RecordDetailPage
from foundation.records.parts import confidentiality_of
from foundation.ui.components import Listing, Person, When
from foundation.ui.filters import ANY
from foundation.ui.record_page import TabPage
from foundation.ui.structure import Action, Crumb, EmptyState, Fact, Step

WIDE = ("coverage", "load")


class ProgrammePage(YearParts, RecordDetailPage):
    """A programme: its year at a glance, its approval, what it covers, and who carries it."""

    tabs = (
        TabPage("overview", lazy("Overview"), "audits/programme_overview.html"),
        TabPage("coverage", lazy("Coverage"), "audits/_coverage.html", order=1),
        TabPage("load", lazy("Load"), "audits/_load.html", order=2),
        HISTORY_TAB,
    )
    template_name = "audits/programme_page.html"
    record: Programme

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        """Return the page with one tab, or the programme's plan as a file."""
        if request.GET.get("export"):
            self.record = self.get_record()
            if file := self.export():
                return file
        return super().get(request, *args, **kwargs)

    def get_record(self) -> Programme:
        """Return the programme, of those that the reader may see."""
        programmes = Programme.objects.visible_to(self.request.user).with_parts_of(self.request.user)
        found: Programme = get_object_or_404(
            programmes.select_related("unit", "owner", "drafted_by", "approved_by"),
            reference=self.kwargs["reference"],
        )
        return found

    def get_tab_url(self, key: str) -> str:
        """Return the address of a tab."""
        if key == "overview":
            return self.record.get_absolute_url()
        return reverse("audits:programme-tab", args=[self.record.reference, key])

    def get_title(self) -> str:
        """Return the programme's title."""
        return self.record.title

    def get_subtitle(self) -> Any:
        """Return the reference, the year and the unit."""
        return Listing((self.record.reference, str(self.record.year), self.record.unit.name), " · ")

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        return (
            Crumb(_("Audits"), reverse("audits:audit-list")),
            Crumb(_("Programmes"), reverse("audits:programme-list")),
            Crumb(self.record.reference),
        )

    def get_actions(self) -> Sequence[Action]:
        """Return the steps that the reader may take, and the ways to the forms."""
        reference = self.record.reference

        def step_url(name: str) -> str:
            return reverse("audits:programme-transition", args=[reference, name])

        actions = transition_actions(self.record, self.request.user, step_url)  # type: ignore[arg-type]
        if can_change_programme(self.request.user, self.record):
            edit = Action(_("Edit"), reverse("audits:programme-edit", args=[reference]), icon="pencil")
            actions.insert(0, edit)
        if url := self._plan_url():
            actions.insert(0, Action(_("Plan an audit"), url, icon="plus"))
        year = Action(_("Whole year"), reverse("audits:year", args=[self.record.year]), icon="calendar-stats")
        return [year, *actions]

    def get_steps(self) -> Sequence[Step]:
        """Return the state bar."""
        return record_steps(self.record)

    def get_facts(self) -> Sequence[Fact]:
        """Return whose programme it is, and who approved it; nothing beside what needs the whole width."""
        programme = self.record
        if self.kwargs.get("tab") in WIDE:
            return ()
        facts = [
            Fact(_("Year"), str(programme.year)),
            Fact(_("Owner"), Person(programme.owner.full_name)),
            Fact(_("Business unit"), programme.unit.name),
            Fact(_("Drafted by"), Person(programme.drafted_by.full_name)),
        ]
        if programme.approved_by:
            facts.append(Fact(_("Approved by"), Person(programme.approved_by.full_name)))
            facts.append(Fact(_("Approved"), When(programme.approved_at, self.now)))
        facts.append(Fact(_("Confidentiality"), confidentiality_of(programme)))
        return facts

    def context_overview(self, programme: Programme) -> dict[str, Any]:
        """Return the year at a glance, and the latest request for approval."""
        asked = latest_request(programme)
        return {
            **self.year_context(),
            "request_for_approval": asked,
            "approval_tone": REQUEST_TONES[RequestState(asked.state)] if asked else "",
            "no_audits": self._no_audits(),
        }

    def context_coverage(self, programme: Programme) -> dict[str, Any]:
        """Return what three years of audits cover of the programme's unit and those below it."""
        return self.coverage_context()

    def context_load(self, programme: Programme) -> dict[str, Any]:
        """Return what each auditor carries of the programme."""
        return {
            **self.load_context(),
            "whole_year_url": reverse("audits:year-part", args=[self.year, "load"]),
        }

    # What the parts of a year are asked about.

    @property
    def year(self) -> int:
        """Return the programme's year."""
        return self.record.year

    def get_rows(self) -> AuditListingQuerySet:
        """Return the programme's audits."""
        return self.visible.filter(programme=self.record)

    def get_units(self) -> dict[int, Unit]:
        """Return the programme's unit and those below it, as far as the reader reads their records."""
        within = self.units[self.record.unit_id].path
        return {pk: unit for pk, unit in super().get_units().items() if unit.path.startswith(within)}

    def get_part_url(self, key: str) -> str:
        """Return the address of a tab."""
        return self.get_tab_url(key)

    def get_file_name(self) -> str:
        """Name the file after the programme."""
        return self.record.reference

    def get_list_parameters(self) -> dict[str, Any]:
        """Name the programme, in whatever year its audits start."""
        return {"programme": self.record.reference, "state": ANY}

    def _no_audits(self) -> EmptyState:
        """Say what comes next, to those who may."""
        url = self._plan_url()
        return EmptyState(
            _("No audits yet"),
            _("What the programme audits stands here, with its dates."),
            "clipboard-check",
            [Action(_("Plan an audit"), url, icon="plus", primary=True)] if url else [],
        )

    def _plan_url(self) -> str:
        """Return where an audit of this programme is planned, for those who may."""
        access = self.request.access  # type: ignore[attr-defined]
        if self.record.state == ProgrammeState.CLOSED or not access.has("audits.plan", self.record.unit_id):
            return ""
        return f"{reverse('audits:audit-create')}?programme={self.record.reference}"
