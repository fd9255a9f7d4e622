"""The page of a programme."""

from collections.abc import Sequence
from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from audits.choices import ProgrammeState
from audits.models import AuditListing, Programme
from audits.permissions import can_change_programme
from audits.views.lists import audit_badge, confidentiality_of
from foundation.approvals.choices import REQUEST_TONES, RequestState
from foundation.approvals.selectors import latest_request
from foundation.lifecycle.pages import record_steps, transition_actions
from foundation.records.pages import HISTORY_TAB, RecordDetailPage
from foundation.ui.components import Due, Link, Listing, Person, Reference, When
from foundation.ui.filters import ANY
from foundation.ui.record_page import TabPage
from foundation.ui.structure import Action, Crumb, EmptyState, Fact, Step

SHOWN = 200


class ProgrammePage(RecordDetailPage):
    """A programme: its objectives, its approval and the year's audits."""

    tabs = (
        TabPage("overview", lazy("Overview"), "audits/programme_overview.html"),
        HISTORY_TAB,
    )
    record: Programme

    def get_record(self) -> Programme:
        """Return the programme, of those that the reader may see."""
        programmes = Programme.objects.visible_to(self.request.user)
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
        return actions

    def get_steps(self) -> Sequence[Step]:
        """Return the state bar."""
        return record_steps(self.record)

    def get_facts(self) -> Sequence[Fact]:
        """Return whose programme it is, and who approved it."""
        programme = self.record
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
        """Return the year's audits, and the latest request for approval."""
        rows = AuditListing.objects.visible_to(self.request.user).unarchived().filter(programme=programme)
        audits = list(rows.select_related("unit", "lead_auditor").order_by("starts_on", "pk")[: SHOWN + 1])
        asked = latest_request(programme)
        return {
            "audit_columns": [label for label, _cell in self._cells(audits[0])] if audits else [],
            "audits": [self._cells(audit) for audit in audits[:SHOWN]],
            "count_text": _("more than %(count)d") % {"count": SHOWN} if len(audits) > SHOWN else len(audits),
            "all_url": f"{reverse('audits:audit-list')}?programme={programme.reference}&state={ANY}",
            "request_for_approval": asked,
            "approval_tone": REQUEST_TONES[RequestState(asked.state)] if asked else "",
            "no_audits": self._no_audits(),
        }

    def _cells(self, row: AuditListing) -> list[tuple[str, Any]]:
        """Return what the page shows of an audit, each value with its label."""
        return [
            (_("Reference"), Reference(row.reference, row.get_absolute_url())),
            (_("Title"), Link(row.title, row.get_absolute_url())),
            (_("Type"), row.get_type_display()),
            (_("State"), audit_badge(row.state)),
            (_("Lead auditor"), Person(row.lead_auditor.full_name)),
            (_("Fieldwork starts"), When(row.starts_on, self.now)),
            (_("Next due"), Due(row.next_due_on, self.now)),
        ]

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
