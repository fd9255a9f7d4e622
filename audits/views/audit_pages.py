"""The page of an audit."""

from collections.abc import Sequence
from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from audits.choices import AuditRole, AuditState
from audits.models import Audit
from audits.permissions import can_change_audit
from audits.schedule import next_step
from audits.selectors import people_of, steps_of
from foundation.lifecycle.pages import record_steps, transition_actions
from foundation.ui.components import Due, Link, Listing, Person, When
from foundation.ui.record_page import RecordPage, TabPage
from foundation.ui.structure import Action, Crumb, Fact, Step


class AuditPage(RecordPage):
    """An audit: its state and the steps out of it, what it examines, its dates, its people, its series."""

    tabs = (
        TabPage("overview", lazy("Overview"), "audits/audit_overview.html"),
        TabPage("history", lazy("History"), "records/tab_history.html", "history"),
    )
    record: Audit

    def get_record(self) -> Audit:
        """Return the audit, of those that the reader may see."""
        audits = Audit.objects.visible_to(self.request.user).select_related(
            "unit", "owner", "lead_auditor", "programme", "series"
        )
        found: Audit = get_object_or_404(
            audits.prefetch_related("participants__user"), reference=self.kwargs["reference"]
        )
        return found

    def get_tab_url(self, key: str) -> str:
        """Return the address of a tab."""
        if key == "overview":
            return self.record.get_absolute_url()
        return reverse("audits:audit-tab", args=[self.record.reference, key])

    def get_title(self) -> str:
        """Return the audit's title."""
        return self.record.title

    def get_subtitle(self) -> Any:
        """Return the reference, the type, how it recurs and who leads it."""
        parts: list[Any] = [self.record.reference, self.record.get_type_display()]
        parts.append(_("lead auditor %(person)s") % {"person": self.record.lead_auditor})
        return Listing(tuple(parts), " · ")

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        return (Crumb(_("Audits"), reverse("audits:audit-list")), Crumb(self.record.reference))

    def get_actions(self) -> Sequence[Action]:
        """Return the steps that the reader may take, and the way to the form."""
        reference = self.record.reference

        def step_url(name: str) -> str:
            return reverse("audits:audit-transition", args=[reference, name])

        actions = transition_actions(self.record, self.request.user, step_url)  # type: ignore[arg-type]
        if can_change_audit(self.request.user, self.record):
            edit = Action(_("Edit"), reverse("audits:audit-edit", args=[reference]), icon="pencil")
            actions.insert(0, edit)
        return actions

    def get_steps(self) -> Sequence[Step]:
        """Return the state bar."""
        return record_steps(self.record)

    def get_facts(self) -> Sequence[Fact]:
        """Return what the audit waits for, and whose it is."""
        audit = self.record
        facts = []
        if step := next_step(audit.state):
            facts.append(Fact(step.label, Due(audit.next_due_on, self.now)))
        elif audit.closed_at:
            label = _("Cancelled") if audit.state == AuditState.CANCELLED else _("Closed")
            facts.append(Fact(label, When(audit.closed_at, self.now)))
        facts += [
            Fact(_("Lead auditor"), Person(audit.lead_auditor.full_name)),
            Fact(_("Owner"), Person(audit.owner.full_name)),
            Fact(_("Business unit"), audit.unit.name),
            Fact(_("Type"), audit.get_type_display()),
            Fact(_("Programme"), self._programme()),
        ]
        if audit.external_reference:
            facts.append(Fact(_("External reference"), audit.external_reference))
        facts.append(Fact(_("Confidentiality"), audit.get_confidentiality_display()))
        return facts

    def _programme(self) -> Any:
        programme = self.record.programme
        return Link(programme.title, programme.get_absolute_url(), programme.reference) if programme else None

    def context_overview(self, audit: Audit) -> dict[str, Any]:
        """Return the dates, the people and the series."""
        people = people_of(audit)
        return {
            "dates": steps_of(audit),
            "roles": [(role.label, people.get(role, [])) for role in AuditRole],
            "texts": [
                (_("Scope"), audit.scope),
                (_("Criteria"), audit.criteria),
                (_("Objectives"), audit.objectives),
            ],
        }
