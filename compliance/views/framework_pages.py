"""The page of a framework, and the steps of its life."""

from collections.abc import Sequence
from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from compliance.models import Framework
from compliance.selectors import requirements_of
from foundation.lifecycle.pages import TransitionPage, record_steps, transition_actions
from foundation.records.pages import HISTORY_TAB, RecordDetailPage
from foundation.ui.components import Listing, Person, When
from foundation.ui.record_page import TabPage
from foundation.ui.structure import Action, Crumb, Fact, Step


class FrameworkPage(RecordDetailPage):
    """A framework: what it requires, and its editions."""

    tabs = (
        TabPage("overview", lazy("Requirements"), "compliance/framework_overview.html"),
        HISTORY_TAB,
    )
    record: Framework

    def get_record(self) -> Framework:
        """Return the framework, of those that the reader may read."""
        frameworks = Framework.objects.visible_to(self.request.user)
        found: Framework = get_object_or_404(
            frameworks.select_related("unit", "owner", "current__accepted_by"),
            reference=self.kwargs["reference"],
        )
        return found

    def get_tab_url(self, key: str) -> str:
        """Return the address of a tab."""
        if key == "overview":
            return self.record.get_absolute_url()
        return reverse("compliance:framework-tab", args=[self.record.reference, key])

    def get_title(self) -> str:
        """Return the framework's name."""
        return self.record.title

    def get_subtitle(self) -> Any:
        """Return the reference, the publisher and the current version."""
        parts = [self.record.reference, self.record.publisher]
        if self.record.current:
            parts.append(_("version %(label)s") % {"label": self.record.current.label})
        return Listing(tuple(part for part in parts if part), " · ")

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        return (
            Crumb(_("Frameworks"), reverse("compliance:framework-list")),
            Crumb(self.record.reference),
        )

    def get_actions(self) -> Sequence[Action]:
        """Return the steps that the reader may take."""
        reference = self.record.reference

        def step_url(name: str) -> str:
            return reverse("compliance:framework-transition", args=[reference, name])

        return transition_actions(self.record, self.request.user, step_url)  # type: ignore[arg-type]

    def get_steps(self) -> Sequence[Step]:
        """Return the state bar."""
        return record_steps(self.record)

    def get_facts(self) -> Sequence[Fact]:
        """Return whose framework it is, and which edition counts."""
        framework = self.record
        facts = [
            Fact(_("Publisher"), framework.publisher or "–"),
            Fact(_("Owner"), Person(framework.owner.full_name)),
        ]
        if edition := framework.current:
            facts.append(Fact(_("Version"), edition.label))
            facts.append(Fact(_("Requirements"), str(edition.testable_count)))
            facts.append(Fact(_("Accepted"), When(edition.accepted_at, self.now)))
            if edition.accepted_by:
                facts.append(Fact(_("Accepted by"), Person(edition.accepted_by.full_name)))
        return facts

    def context_overview(self, framework: Framework) -> dict[str, Any]:
        """Return what the current edition requires."""
        return {"texts": requirements_of(framework.current) if framework.current else []}


class FrameworkStep(TransitionPage):
    """Confirms and takes a step of a framework."""

    def get_record(self) -> Framework:
        """Return the framework, of those that the reader may read."""
        frameworks = Framework.objects.visible_to(self.request.user).select_related("unit", "owner")
        found: Framework = get_object_or_404(frameworks, reference=self.kwargs["reference"])
        return found

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        return (
            Crumb(_("Frameworks"), reverse("compliance:framework-list")),
            Crumb(self.record.reference, self.record.get_absolute_url()),
            Crumb(self.step.label),
        )
