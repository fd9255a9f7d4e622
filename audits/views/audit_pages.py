"""The page of an audit."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from audits.choices import AuditRole, AuditState
from audits.models import Audit, AuditSeries, Check
from audits.parts.checklist import progress_html
from audits.permissions import can_change_audit, can_see_checks
from audits.schedule import next_step
from audits.selectors import (
    Upcoming,
    activity_of,
    audits_with_people,
    evidence_of,
    findings_of,
    frameworks_named,
    people_of,
    recurrence_of,
    report_is_open,
    steps_of,
    upcoming,
)
from audits.selectors.checks import check_counts
from audits.views.audit_report import documents_context
from audits.views.audit_tabs import EvidenceTab, FindingsTab
from audits.views.reports import report_context
from foundation.accounts.access import access_of
from foundation.accounts.organisation import organisation_zone
from foundation.accounts.permissions import person_of
from foundation.deadlines.facts import reminders_fact, snooze_notes
from foundation.deadlines.models import Deadline
from foundation.deadlines.selectors import deadlines_of
from foundation.lifecycle.pages import record_steps, transition_actions
from foundation.records.pages import HISTORY_TAB, RecordDetailPage
from foundation.records.parts import confidentiality_of
from foundation.records.selectors import known_name
from foundation.ui.addresses import address_of
from foundation.ui.components import Due, Link, Listing, Person, Reference, Text, When
from foundation.ui.dates import short_day
from foundation.ui.record_page import TabPage
from foundation.ui.structure import Action, Crumb, Fact, Step

LATEST = 5


class AuditPage(RecordDetailPage):
    """An audit: its state and the steps out of it, what it examines, its dates, its people, its series."""

    tabs = (
        TabPage("overview", lazy("Overview"), "audits/audit_overview.html"),
        TabPage("checklist", lazy("Checklist"), "audits/tab_checklist.html", "checklist", 20),
        TabPage("findings", lazy("Findings"), "audits/audit_rows.html", "flag", 40),
        TabPage("evidence", lazy("Evidence"), "audits/audit_rows.html", "report-search", 50),
        TabPage("report", lazy("Report"), "audits/tab_report.html", "file-text", 60),
        HISTORY_TAB,
    )
    record: Any  # an audit, with `framework_names` and `has_open_report` besides

    def get_record(self) -> Audit:
        """Return the audit, of those that the reader may see."""
        audits = audits_with_people(self.request.user)  # type: ignore[arg-type]
        named = frameworks_named(self.request.user)  # type: ignore[arg-type]
        audits = audits.annotate(framework_names=named, has_open_report=report_is_open())
        return get_object_or_404(audits, reference=self.kwargs["reference"])

    def get_tabs(self) -> Sequence[TabPage]:
        """Leave out what tells of the checklist for who does not see it: the report is theirs to read once it was approved."""
        hidden = set() if self.sees_checks else {"checklist"}
        if not (self.sees_checks or self.record.has_open_report):
            hidden.add("report")
        return [tab for tab in super().get_tabs() if tab.key not in hidden]

    @cached_property
    def sees_checks(self) -> bool:
        """Tell whether the reader sees what is tested, and what came of it."""
        return can_see_checks(self.request.user, self.record)

    def get_tab_url(self, key: str) -> str:
        """Return the address of a tab."""
        if key == "overview":
            return self.record.get_absolute_url()
        return reverse("audits:audit-tab", args=[self.record.reference, key])

    def get_tab_rows(self) -> Mapping[str, QuerySet[Any]]:
        """Return what is counted on the audit's own tabs."""
        user: Any = self.request.user
        rows = {"findings": findings_of(self.record, user), "evidence": evidence_of(self.record, user)}
        return {"checklist": Check.objects.filter(audit=self.record), **rows} if self.sees_checks else rows

    def get_title(self) -> str:
        """Return the audit's title."""
        return self.record.title

    def get_subtitle(self) -> Any:
        """Return the reference, the type, how it recurs and who leads it."""
        parts = [self.record.reference, self.record.get_type_display()]
        if self.record.series:
            parts.append(self._recurrence_words(self.record.series))
        parts.append(_("lead auditor %(person)s") % {"person": self.record.lead_auditor})
        return Listing(tuple(parts), " · ")

    def _recurrence_words(self, series: AuditSeries) -> str:
        """Say when the audit recurs."""
        if series.ended_at:
            return _("series ended")
        if series.next_on is None:
            return _("last of its series")
        return _("recurs, next %(day)s") % {"day": short_day(series.next_on, now=self.now)}

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        return (Crumb(_("Audits"), reverse("audits:audit-list")), Crumb(self.record.reference))

    def get_actions(self) -> Sequence[Action]:
        """Return the steps that the reader may take, and the way to the form."""
        reference = self.record.reference

        def step_url(name: str) -> str:
            return reverse("audits:audit-transition", args=[reference, name])

        actions = transition_actions(self.record, self.request.user, step_url)  # type: ignore[arg-type]
        if can_change_audit(person_of(self.request), self.record):
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
            facts.append(Fact(_("Reminders"), self._reminders(step.kind)))
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
        if audit.framework_names:
            links = (
                Link(one["title"], address_of("compliance:framework-detail", one["reference"]))
                for one in audit.framework_names
            )
            facts.append(Fact(_("Frameworks"), Listing(tuple(links))))
        if audit.report_approved_by:
            approved = (Person(audit.report_approved_by.full_name), When(audit.report_approved_at, self.now))
            facts.append(Fact(_("Report approved"), Listing(approved, " ")))
        if audit.external_reference:
            facts.append(Fact(_("External reference"), audit.external_reference))
        facts.append(Fact(_("Confidentiality"), confidentiality_of(audit)))
        return facts

    def _reminders(self, kind: str) -> str:
        """Say when people are reminded of the date that the audit waits for, and whether that is put off."""
        deadline = self._open_dates.get(kind)
        return reminders_fact(deadline, now=self.now, reader=self.request.user) if deadline else ""

    @cached_property
    def _open_dates(self) -> dict[str, Deadline]:
        return {deadline.kind: deadline for deadline in deadlines_of(self.record)}

    def _programme(self) -> Any:
        programme = known_name(self.request.user, self.record.programme_id)
        if programme is None:
            return None
        return Listing((Reference(programme.reference, programme.get_absolute_url()), programme.title), " ")

    def context_overview(self, audit: Audit) -> dict[str, Any]:
        """Return the dates, the people and the series."""
        people = people_of(audit)
        return {
            "dates": steps_of(audit, notes=snooze_notes(self._open_dates.values(), now=self.now)),
            "roles": [
                (_role_label(role, len(people.get(role, []))), people.get(role, [])) for role in AuditRole
            ],
            "texts": [
                (_("Scope"), audit.scope),
                (_("Criteria"), audit.criteria),
                (_("Objectives"), audit.objectives),
            ],
            "moments": activity_of(audit, self.request.user, count=LATEST),  # type: ignore[arg-type]
            "history_url": self.get_tab_url("history"),
            **report_context(audit, self.request.user),  # type: ignore[arg-type]
            **self._checks_context(audit),
            **self._series_context(audit),
        }

    def context_findings(self, audit: Audit) -> dict[str, Any]:
        """Return the findings that the reader may know of, and how many there are of each grade."""
        return FindingsTab(audit, user=self.request.user, now=self.now).context()  # type: ignore[arg-type]

    def context_report(self, audit: Audit) -> dict[str, Any]:
        """Return the reports that were made of the audit, and whether the reader may make another."""
        return documents_context(audit, user=self.request.user, now=self.now)  # type: ignore[arg-type]

    def _checks_context(self, audit: Audit) -> dict[str, Any]:
        """Return how far the checklist is, for who sees it."""
        counts = check_counts(audit) if self.sees_checks else {}
        is_empty = not any(counts.values())
        if not self.sees_checks or (is_empty and not audit.is_open):
            return {}
        return {
            "checks_progress": "" if is_empty else progress_html(counts),
            "checklist_url": self.get_tab_url("checklist"),
        }

    def context_evidence(self, audit: Audit) -> dict[str, Any]:
        """Return the requests for evidence that the reader may know of, and how many there are in each state."""
        return EvidenceTab(audit, user=self.request.user, now=self.now).context()  # type: ignore[arg-type]

    def _series_context(self, audit: Audit) -> dict[str, Any]:
        """Return the series with its next dates, and what the reader may do with them."""
        may_plan = access_of(self.request.user).has("audits.plan", audit.unit_id)
        series = audit.series
        if series is None or series.ended_at:
            begin = Action(
                _("Let it recur again") if series else _("Let it recur"),
                self._series_url("edit"),
                icon="repeat",
            )
            return {
                "no_dates_text": _("The series has ended.") if series else _("This audit does not recur."),
                "series_actions": [begin] if may_plan and audit.is_open else [],
            }
        change = Action(_("Change how it recurs"), self._series_url("edit"), icon="repeat")
        coming = upcoming(series, user=self.request.user, today=self._today())  # type: ignore[arg-type]
        end = Action(_("End the series"), self._series_url("end"), icon="ban", danger=True, asks=True)
        return {
            "series_text": recurrence_of(series).describe(),
            "occurrences": [self._occurrence(one, may_plan) for one in coming],
            "may_plan": may_plan,
            "no_dates_text": _("The series has come to its end."),
            "series_actions": [change, end] if may_plan else [],
        }

    def _occurrence(self, one: Upcoming, may_plan: bool) -> dict[str, Any]:
        """Return an occurrence, with the ways to change it."""
        names: list[tuple[Any, str]] = []
        if may_plan and one.is_open_to_change:
            names = [(_("Skip"), "skip"), (_("Move"), "move")]
        elif may_plan and one.is_open_to_restore:
            names = [(_("Put back"), "restore")]
        arguments = [self.record.reference, one.by_rule.isoformat()]
        return {
            "by_rule": one.by_rule,
            "day": one.day,
            "audit": one.audit,
            "is_planned": one.is_planned,
            "state": AuditState(one.audit.state).label if one.audit else "",
            "exception": one.exception,
            "links": [
                {"label": label, "url": reverse(f"audits:occurrence-{name}", args=arguments)}
                for label, name in names
            ],
        }

    def _series_url(self, name: str) -> str:
        return reverse(f"audits:series-{name}", args=[self.record.reference])

    def _today(self) -> date:
        return self.now.astimezone(organisation_zone()).date()


def _role_label(role: AuditRole, count: int) -> Text:
    """Name those who play a part in an audit, one or several."""
    return ngettext("Auditee", "Auditees", count) if role == AuditRole.AUDITEE else role.label
