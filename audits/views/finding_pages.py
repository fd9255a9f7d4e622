"""The page of a finding, and its steps."""

from collections.abc import Sequence
from typing import Any

from django.db.models import OuterRef, Subquery
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from audits.choices import FINDING_TONES, GRADE_TONES, AuditRole, FindingState, Grade
from audits.models import Finding
from audits.permissions import auditor_refusal, can_answer_finding, can_change_finding
from audits.selectors import (
    Repeat,
    activity_of,
    evidence_files_of,
    findings_with_people,
    framework_name,
    playing,
    repeats_of,
    required_of,
    stuck_words,
)
from audits.services.finding_dates import ANSWER, CLOSING, REVIEW
from audits.views.badges import grade_badge, repeat_badge
from foundation.accounts.models import User
from foundation.accounts.requests import PersonRequest
from foundation.conversation.markdown import markdown_html
from foundation.deadlines.facts import reminders_fact
from foundation.deadlines.models import Deadline
from foundation.deadlines.selectors import deadlines_of
from foundation.files.selectors import newer_than, version_url
from foundation.lifecycle.pages import TransitionPage, offer_actions, offer_forward, record_steps
from foundation.lifecycle.services import Offer, available_transitions
from foundation.records.names import RecordName
from foundation.records.pages import HISTORY_TAB, RecordDetailPage
from foundation.records.parts import confidentiality_of
from foundation.records.selectors import known_name
from foundation.ui.components import Due, Listing, Person, Reference, When
from foundation.ui.record_page import TabPage
from foundation.ui.structure import Action, Crumb, Fact, Step

LATEST = 5
SEEN_TO = {FindingState.ANSWERED: lazy("To be looked at"), FindingState.AGREED: lazy("To be closed")}


class FindingPage(RecordDetailPage):
    """A finding: what the auditors say, what is answered, what is done about it, and whether it was found before."""

    request: PersonRequest
    record: Finding
    tabs = (
        TabPage("overview", lazy("Overview"), "audits/finding_overview.html"),
        HISTORY_TAB,
    )

    def get_record(self) -> Finding:
        """Return the finding, of those that the reader may see."""
        dates = Deadline.objects.open().filter(record_id=OuterRef("pk"), kind__in=(REVIEW, CLOSING))
        findings = findings_with_people(self.request.user).annotate(
            seen_to_on=Subquery(dates.values("due_on")[:1]),
            seen_to_by=Subquery(dates.values("assignee_id")[:1]),
            is_stuck=Subquery(dates.values("is_stuck")[:1]),
        )
        return get_object_or_404(findings, reference=self.kwargs["reference"])

    def get_tab_url(self, key: str) -> str:
        """Return the address of a tab."""
        if key == "overview":
            return self.record.get_absolute_url()
        return reverse("audits:finding-tab", args=[self.record.reference, key])

    def get_title(self) -> str:
        """Return what falls short."""
        return self.record.title

    def get_subtitle(self) -> Listing:
        """Return the reference, the grade, whether it is a repeat, and the audit."""
        parts: list[Any] = [self.record.reference, grade_badge(self.record.grade)]
        if self.earlier:
            parts.append(repeat_badge())
        if self.audit_name:
            link = Reference(self.audit_name.reference, self.audit_name.get_absolute_url())
            parts.append(Listing((link, self.audit_name.title), " "))
        return Listing(tuple(parts), " · ")

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        crumbs = [Crumb(_("Audits"), reverse("audits:audit-list"))]
        if self.audit_name:
            crumbs.append(Crumb(self.audit_name.reference, self.audit_name.get_absolute_url()))
        crumbs.append(Crumb(_("Findings"), reverse("audits:finding-list")))
        return (*crumbs, Crumb(self.record.reference))

    @cached_property
    def audit_name(self) -> RecordName | None:
        """Return what the audit is called, where the reader may know of it."""
        return known_name(self.request.user, self.record.audit_id)

    @cached_property
    def repeats(self) -> list[Repeat]:
        """Return the findings of other audits with the same requirement and unit, of those that the reader may know of."""
        return repeats_of(self.record, self.request.user)

    @property
    def earlier(self) -> list[Repeat]:
        """Return those that were raised before this one."""
        return [one for one in self.repeats if one.pk < self.record.pk]

    def get_actions(self) -> Sequence[Action]:
        """Return the steps that the reader may take, and the ways to the forms of either side."""
        reference = self.record.reference

        def step_url(name: str) -> str:
            return reverse("audits:finding-transition", args=[reference, name])

        actions = offer_actions(self.offers, self.record, step_url)
        if can_change_finding(self.request.user, self.record):
            actions.insert(
                0, Action(_("Edit"), reverse("audits:finding-edit", args=[reference]), icon="pencil")
            )
        if can_answer_finding(self.request.user, self.record):
            url = reverse("audits:finding-answer", args=[reference])
            is_first = not self.record.response
            actions.append(Action(_("Write the answer"), url, icon="pencil", primary=is_first))
        return actions

    @cached_property
    def offers(self) -> list[Offer]:
        """Return the steps that the reader may take."""
        return available_transitions(self.record, self.request.user)

    def _held_up(self) -> str:
        """Return what is to be done before the auditors can agree, or close, for those who would take that step."""
        forward = offer_forward(self.offers, self.record)
        if forward is None or forward.refusal is None or self.record.state == FindingState.RAISED:
            return ""
        is_judge = auditor_refusal(finding=self.record, user=self.request.user) is None
        return forward.refusal if is_judge else ""

    def get_steps(self) -> Sequence[Step]:
        """Return the state bar."""
        return record_steps(self.record)

    def get_facts(self) -> Sequence[Fact]:
        """Return what the finding waits for, and whose it is."""
        finding = self.record
        facts = [Fact(_("Raised"), When(finding.raised_on, self.now))]
        facts += self._waits_for()
        if finding.closed_at:
            label = _("Withdrawn") if finding.state == FindingState.WITHDRAWN else _("Closed")
            facts.append(Fact(label, When(finding.closed_at, self.now)))
        facts += [
            Fact(_("Grade"), grade_badge(finding.grade)),
            Fact(_("Owner"), Person(finding.owner.full_name)),
            Fact(_("Business unit"), finding.unit.name),
        ]
        if finding.requirement is not None:
            facts.append(Fact(_("Requirement"), finding.requirement.identifier))
            facts.append(Fact(_("Framework"), framework_name(finding.requirement.framework, finding)))
        if count := len(self.earlier):
            words = ngettext("%(count)d time", "%(count)d times", count) % {"count": count}
            facts.append(Fact(_("Found before"), words))
        facts += [
            Fact(_("Lead auditor"), Person(lead.full_name)) for lead in playing(finding, AuditRole.LEAD)
        ]
        facts.append(Fact(_("Confidentiality"), confidentiality_of(finding)))
        return facts

    def _waits_for(self) -> list[Fact]:
        """Return the date that the finding waits for, and whom; of its answer, when people are reminded of it, too."""
        finding: Any = self.record
        if finding.seen_to_on is not None:
            waits_for = _("Nobody may do it") if self._stuck else Person(self._seen_to_by.full_name)
            by = Fact(_("Waits for"), waits_for)
            return [Fact(SEEN_TO[finding.state], Due(finding.seen_to_on, self.now)), by]
        if finding.state != FindingState.RAISED:
            return []
        facts = [Fact(_("Answer due"), Due(finding.answer_due_on, self.now))]
        for deadline in deadlines_of(finding):
            if deadline.kind == ANSWER:
                words = reminders_fact(deadline, now=self.now, reader=self.request.user)
                facts.append(Fact(_("Reminders"), words))
        return facts

    @cached_property
    def _seen_to_by(self) -> User:
        """Return whom it waits for; no query for who is named in it."""
        finding: Any = self.record
        key = finding.seen_to_by
        named = {part.user_id: part.user for part in finding.participants.all()}
        return named[key] if key in named else User.objects.get(pk=key)

    @cached_property
    def _stuck(self) -> str:
        """Return why nobody may see to it for the auditors, where that is so."""
        finding: Any = self.record
        if finding.seen_to_on is None:
            return ""
        return stuck_words(self.record, person=self._seen_to_by, is_stuck=finding.is_stuck, now=self.now)

    def context_overview(self, finding: Finding) -> dict[str, Any]:
        """Return what was required, what shows it, whether it was found before, and what happened lately."""
        required = required_of(finding, self.request.user)
        return {
            "stuck": self._stuck,
            "held_up": self._held_up(),
            "required": required,
            "statement": markdown_html(required.text.statement) if required else "",
            "evidence_files": [
                (version, version_url(version), newer_than(version))
                for version in evidence_files_of(finding, self.request.user)
            ],
            "repeats": [
                (
                    one,
                    Grade(one.grade).label,
                    GRADE_TONES[one.grade],
                    FindingState(one.state).label,
                    FINDING_TONES[one.state],
                )
                for one in self.repeats
            ],
            "may_answer": can_answer_finding(self.request.user, finding),
            "answer_url": reverse("audits:finding-answer", args=[finding.reference]),
            "moments": activity_of(finding, self.request.user, count=LATEST),
            "history_url": self.get_tab_url("history"),
        }


class FindingStep(TransitionPage):
    """Confirms and takes a step of a finding."""

    def get_record(self) -> Finding:
        """Return the finding, of those that the reader may see."""
        return get_object_or_404(findings_with_people(self.actor), reference=self.kwargs["reference"])

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        return (
            Crumb(_("Findings"), reverse("audits:finding-list")),
            Crumb(self.record.reference, self.record.get_absolute_url()),
            Crumb(self.step.label),
        )
