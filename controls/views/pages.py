"""The page of a control, the page of one of its versions, and the steps of its life."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from controls.approvals import cadence_words
from controls.filters import SOON
from controls.models import Control, ControlVersion
from controls.parts import effectiveness_badge, implementation_badge, version_badge
from controls.permissions import (
    can_give_evidence,
    can_rate,
    can_write,
    can_write_now,
    operating_refusal,
    rating_refusal,
    settling_refusal,
)
from controls.selectors import controls_visible, evidence_of, ratings_of, version_of, versions_of
from controls.selectors.mappings import documents_of, requirements_of
from controls.views.access import control_crumbs
from controls.views.versions import changes_of, texts_of
from foundation.accounts.organisation import organisation_day
from foundation.accounts.permissions import person_of
from foundation.approvals.choices import REQUEST_TONES, RequestState
from foundation.approvals.selectors import latest_request
from foundation.lifecycle.pages import TransitionPage, record_steps, transition_actions
from foundation.records.pages import HISTORY_TAB, RecordDetailPage
from foundation.ui.components import Due, Listing, Person, When
from foundation.ui.dates import day_words
from foundation.ui.record_page import TabPage
from foundation.ui.structure import Action, Crumb, Fact, Step
from policies.parts import document_badge


class ControlPage(RecordDetailPage):
    """A control: what it says, its evidence, its ratings, its versions."""

    tabs: ClassVar[Sequence[TabPage]] = (
        TabPage("overview", lazy("Control"), "controls/control_overview.html", "shield-check"),
        TabPage("mapping", lazy("Covers"), "controls/control_mapping.html", "list-check", 10),
        TabPage("evidence", lazy("Evidence"), "controls/control_evidence.html", "report-search", 20),
        TabPage("ratings", lazy("Ratings"), "controls/control_ratings.html", "chart-bar", 30),
        TabPage("versions", lazy("Versions"), "controls/control_versions.html", "refresh", 40),
        HISTORY_TAB,
    )
    record: Control

    def get_record(self) -> Control:
        """Return the control, of those that the reader may know of."""
        found: Control = get_object_or_404(
            controls_visible(self.request.user)
            .with_parts_of(self.request.user)
            .select_related("current__written_by"),
            reference=self.kwargs["reference"],
        )
        return found

    @property
    def version(self) -> ControlVersion:
        """Return the version that is shown: in force, or the draft before there is one."""
        return self.record.current or self.record.coming[0]  # type: ignore[attr-defined]

    def get_tab_url(self, key: str) -> str:
        """Return the address of a tab."""
        if key == "overview":
            return self.record.get_absolute_url()
        return reverse("controls:control-tab", args=[self.record.reference, key])

    def get_title(self) -> str:
        """Return the control's title."""
        return self.record.title

    def get_subtitle(self) -> Any:
        """Return the reference, the type and the version in force."""
        parts = [self.record.reference, self.record.get_type_display()]
        if self.record.is_key:
            parts.append(_("key control"))
        if self.record.current:
            parts.append(_("version %(label)s") % {"label": self.record.current.number})
        return Listing(tuple(parts), " · ")

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        return control_crumbs(None, Crumb(self.record.reference))

    def get_actions(self) -> Sequence[Action]:
        """Return the steps that the reader may take, and the ways to the forms."""
        control, user = self.record, person_of(self.request)

        def url(name: str, *more: str) -> str:
            return reverse(f"controls:{name}", args=[control.reference, *more])

        actions = transition_actions(control, user, lambda name: url("control-transition", name))
        if can_write_now(user, control):
            actions.insert(0, Action(_("Write"), url("draft-write"), icon="pencil"))
        if can_rate(user, control) and rating_refusal(control, user) is None:
            actions.insert(0, Action(_("Rate"), url("control-rate"), icon="chart-bar"))
        today = organisation_day(self.now)
        if operating_refusal(control) is None and can_give_evidence(user, control, today):
            is_asked = control.owner_id == user.pk and control.is_evidence_asked
            is_soon = is_asked and control.evidence_on <= today + SOON  # type: ignore[operator]
            give = Action(
                _("Give evidence"), url("evidence-give"), icon="report-search", primary=bool(is_soon)
            )
            actions.insert(0, give)
        if can_write(user, control) and settling_refusal(control) is None:
            actions.insert(0, Action(_("Implementation"), url("control-implement"), icon="progress"))
            actions.insert(0, Action(_("Edit details"), url("control-edit"), icon="settings"))
        return actions

    def get_steps(self) -> Sequence[Step]:
        """Return the state bar."""
        return record_steps(self.record)

    def get_facts(self) -> Sequence[Fact]:
        """Return whose control it is, how far it is carried out, and how well it works."""
        control = self.record
        facts = [
            Fact(_("Implementation"), implementation_badge(control.implementation)),
            Fact(_("Effectiveness"), effectiveness_badge(control.effectiveness)),
        ]
        if control.rated_on:
            facts.append(Fact(_("Rated"), When(control.rated_on, self.now)))
        facts += [
            Fact(_("Evidence"), cadence_words(control.evidence_months)),
            *(
                [Fact(_("Evidence due"), Due(control.evidence_on, self.now))]
                if control.is_evidence_asked
                else []
            ),
            Fact(_("Owner"), Person(control.owner.full_name)),
            Fact(_("Business unit"), control.unit.name),
            Fact(_("Type"), control.get_type_display()),
            Fact(_("Nature"), control.get_nature_display()),
            Fact(_("How often"), control.get_frequency_display()),
            Fact(_("Key control"), _("Yes") if control.is_key else _("No")),
        ]
        if version := control.current:
            facts.append(Fact(_("In force since"), When(version.approved_at, self.now)))
        facts += [
            Fact(_("Next version"), Listing((str(version.number), version_badge(version.state)), " "))
            for version in control.coming  # type: ignore[attr-defined]
        ]
        facts.append(Fact(_("Confidentiality"), control.get_confidentiality_display()))
        return facts

    def get_extra_context(self) -> dict[str, Any]:
        """Return what is late, for every tab to say."""
        control = self.record
        is_late = control.is_evidence_asked and control.evidence_on < organisation_day(self.now)  # type: ignore[operator]
        return {
            "evidence_late_since": day_words(control.evidence_on) if is_late and control.evidence_on else ""
        }

    def context_overview(self, control: Control) -> dict[str, Any]:
        """Return what holds; before anything does, the draft. And what the next version changes."""
        asked, version = latest_request(control), self.version
        coming = control.coming  # type: ignore[attr-defined]
        return {
            "version": version,
            "is_draft": control.current_id is None,
            "texts": texts_of(version),
            "changes": changes_of(control.current, coming[0]) if control.current and coming else [],
            "coming": coming[0] if coming else None,
            "request_for_approval": asked,
            "approval_tone": REQUEST_TONES[RequestState(asked.state)] if asked else "",
        }

    def context_mapping(self, control: Control) -> dict[str, Any]:
        """Return the requirements and documents that it is mapped to, and how to change that."""
        user = person_of(self.request)
        may_map = can_write(user, control) and settling_refusal(control) is None
        links = list(requirements_of(control, user))
        return {
            "requirements": links,
            "documents": [
                (link, document_badge(link.document.state)) for link in documents_of(control, user)
            ],
            "withdrawn": sum(link.requirement.is_withdrawn for link in links),
            "may_map": may_map,
        }

    def context_evidence(self, control: Control) -> dict[str, Any]:
        """Return what was given, the latest first."""
        return {"evidence": list(evidence_of(control)), "refusal": operating_refusal(control) or ""}

    def context_ratings(self, control: Control) -> dict[str, Any]:
        """Return how the control was rated, the latest first."""
        ratings = [(rating, effectiveness_badge(rating.effectiveness)) for rating in ratings_of(control)]
        return {"ratings": ratings}

    def context_versions(self, control: Control) -> dict[str, Any]:
        """Return all versions, the newest first."""
        return {
            "versions": [
                (
                    version,
                    version_badge(version.state),
                    reverse("controls:version-detail", args=[control.reference, version.number]),
                )
                for version in versions_of(control)
            ]
        }


class VersionPage(ControlPage):
    """One version of a control, as it was or will be, and what it changed."""

    tabs: ClassVar[Sequence[TabPage]] = (
        TabPage("overview", lazy("Control"), "controls/control_overview.html", "shield-check"),
    )
    shown: ControlVersion
    before: ControlVersion | None

    def get_tabs(self) -> Sequence[TabPage]:
        """Show the version alone: all else is the control's."""
        return self.tabs

    def get_record(self) -> Control:
        """Return the control that the version is of, of those that the reader may know of."""
        control = super().get_record()
        version, self.before = version_of(control, self.kwargs["number"])
        if version is None:
            raise Http404
        self.shown = version
        return control

    def get_tab_url(self, key: str) -> str:
        """Return the address of the version."""
        return reverse("controls:version-detail", args=[self.record.reference, self.shown.number])

    def get_title(self) -> str:
        """Return the title that the version has."""
        return self.shown.title

    def get_subtitle(self) -> Any:
        """Return the reference, the version and its state."""
        label = _("version %(label)s") % {"label": self.shown.number}
        return Listing((self.record.reference, label, version_badge(self.shown.state)), " · ")

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        return control_crumbs(self.record, Crumb(_("Version %(label)s") % {"label": self.shown.number}))

    def get_actions(self) -> Sequence[Action]:
        """Offer no step: they are the control's."""
        return ()

    def get_steps(self) -> Sequence[Step]:
        """Show no state bar: it is the control's."""
        return ()

    def get_facts(self) -> Sequence[Fact]:
        """Return what the version says besides its words, who wrote it, and when it held."""
        version = self.shown
        facts = [
            Fact(_("Type"), version.get_type_display()),
            Fact(_("Nature"), version.get_nature_display()),
            Fact(_("How often"), version.get_frequency_display()),
            Fact(_("Key control"), _("Yes") if version.is_key else _("No")),
            Fact(_("Evidence"), cadence_words(version.evidence_months)),
            Fact(_("Written by"), Person(version.written_by.full_name)),
            Fact(_("Written"), When(version.written_at, self.now)),
        ]
        if version.approved_at:
            facts.append(Fact(_("In force since"), When(version.approved_at, self.now)))
        if version.ended_at:
            facts.append(Fact(_("Ended"), When(version.ended_at, self.now)))
        return facts

    def get_extra_context(self) -> dict[str, Any]:
        """Say nothing of what is late: that is the control's."""
        return {}

    def context_overview(self, control: Control) -> dict[str, Any]:
        """Return the version's texts, what it changed, and the approval that it has."""
        version = self.shown
        asked = version.approval
        return {
            "version": version,
            "texts": texts_of(version),
            "changes": changes_of(self.before, version) if self.before else [],
            "digest": version.digest,
            "request_for_approval": asked,
            "approval_tone": REQUEST_TONES[RequestState(asked.state)] if asked else "",
        }


class ControlStep(TransitionPage):
    """Confirms and takes a step of a control."""

    def get_record(self) -> Control:
        """Return the control, of those that the reader may know of."""
        found: Control = get_object_or_404(
            controls_visible(self.request.user), reference=self.kwargs["reference"]
        )
        return found

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        return control_crumbs(self.record, Crumb(self.step.label))  # type: ignore[arg-type]
