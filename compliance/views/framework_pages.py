"""The page of a framework, and the steps of its life."""

from collections.abc import Sequence
from typing import Any, cast
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from compliance.forms import OutlineForm
from compliance.imports.sheets import edition_sheet
from compliance.models import Edition, Framework
from compliance.parts import counts_words
from compliance.permissions import can_change_framework, can_manage_framework
from compliance.selectors import counts_now, lines_matching
from compliance.services import retired_refusal
from compliance.views.outlines import found_context, outline_context
from foundation.accounts.permissions import person_of
from foundation.lifecycle.pages import TransitionPage, record_steps, transition_actions
from foundation.records.pages import HISTORY_TAB, RecordDetailPage
from foundation.records.parts import confidentiality_of
from foundation.trail.services import entry_write
from foundation.ui.components import Listing, Person, When
from foundation.ui.exports import FORMATS, export_response
from foundation.ui.lists import RESULTS
from foundation.ui.pages import fills
from foundation.ui.record_page import TabPage
from foundation.ui.structure import Action, Crumb, EmptyState, Fact, Step

LINES_A_PAGE = 100
MOST_DIGITS = 6


class FrameworkPage(RecordDetailPage):
    """A framework: what it requires, and its editions."""

    tabs = (
        TabPage("overview", lazy("Requirements"), "compliance/framework_overview.html", "list-check"),
        TabPage("versions", lazy("Versions"), "compliance/framework_versions.html", "refresh", 10),
        HISTORY_TAB,
    )
    record: Framework

    def get_record(self) -> Framework:
        """Return the framework, of those that the reader may read."""
        frameworks = Framework.objects.visible_to(self.request.user).with_parts_of(self.request.user)
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
        """Return the steps that the reader may take, and the ways to the forms."""
        reference = self.record.reference

        def step_url(name: str) -> str:
            return reverse("compliance:framework-transition", args=[reference, name])

        actions = transition_actions(self.record, self.request.user, step_url)  # type: ignore[arg-type]
        if can_change_framework(self.request.user, self.record):
            actions[:0] = [
                Action(_("Edit"), reverse("compliance:framework-edit", args=[reference]), icon="pencil"),
                Action(self._draft_words(), reverse("compliance:draft", args=[reference]), icon="file-text"),
                Action(
                    _("Import a version"),
                    f"{reverse('compliance:import')}?framework={reference}",
                    icon="upload",
                ),
            ]
        return actions

    def _draft_words(self) -> str:
        label = self.record.editions.filter(accepted_at__isnull=True).values_list("label", flat=True).first()
        return _("Go on with draft %(label)s") % {"label": label} if label else _("Draft a version")

    def get_steps(self) -> Sequence[Step]:
        """Return the state bar."""
        return record_steps(self.record)

    def get_facts(self) -> Sequence[Fact]:
        """Return whose framework it is, and which edition counts."""
        framework = self.record
        facts = [
            Fact(_("Publisher"), framework.publisher or "–"),
            Fact(_("Owner"), Person(framework.owner.full_name)),
            Fact(_("Confidentiality"), confidentiality_of(framework)),
        ]
        if edition := framework.current:
            facts.append(Fact(_("Version"), edition.label))
            facts.append(Fact(_("Requirements"), number_format(edition.testable_count, force_grouping=True)))
            facts.append(Fact(_("Accepted"), When(edition.accepted_at, self.now)))
            if edition.accepted_by:
                facts.append(Fact(_("Accepted by"), Person(edition.accepted_by.full_name)))
        return facts

    def context_overview(self, framework: Framework) -> dict[str, Any]:
        """Return what an edition requires: group by group, or what answers to the reader's question."""
        edition = self._edition(framework)
        if edition is None:
            return {"nothing": self._nothing_yet()}
        form = OutlineForm(self.request.GET, auto_id="id_%s")
        asked = form.asked()
        context: dict[str, Any] = {
            "edition": edition,
            "is_current": edition.pk == framework.current_id,
            "fields": [form[name] for name in form.fields],
            "files": [self._link(export=fmt) for fmt in FORMATS],
            "clear_url": self._link(),
        }
        version = {"version": one} if (one := self.request.GET.get("version", "")) else {}
        if any(asked.values()):
            parameters = version | {name: self.request.GET.get(name, "") for name in form.fields}
            lines = lines_matching(edition, **asked)
            return context | found_context(self.request, lines, size=LINES_A_PAGE, parameters=parameters)
        return context | outline_context(self.request, edition, size=LINES_A_PAGE, parameters=version)

    def get_extra_context(self) -> dict[str, Any]:
        """Return why nothing can be changed, for those who could otherwise."""
        may = can_manage_framework(self.request.user, self.record)
        return {"refusal": retired_refusal(self.record) if may else ""}

    def context_versions(self, framework: Framework) -> dict[str, Any]:
        """Return the editions, the newest first; a draft is for those who may change it."""
        editions = framework.editions.select_related("accepted_by", "imported_by").order_by("-number")
        if not can_manage_framework(self.request.user, framework):
            editions = editions.accepted()
        found = list(editions)
        for draft in (edition for edition in found if edition.is_draft):
            vars(draft).update(counts_now(draft))
        accepted = [edition for edition in found if not edition.is_draft]
        older = dict(zip([one.pk for one in accepted], accepted[1:], strict=False))
        return {
            "editions": [
                (
                    edition,
                    edition.pk == framework.current_id,
                    counts_words(edition),
                    self._differences_url(edition) if edition.pk in older else "",
                    self._restore_url(edition) if self._may_restore(edition) else "",
                )
                for edition in found
            ]
        }

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Return the page, or the requirements as a file."""
        fmt = request.GET.get("export", "")
        if fmt in FORMATS and "tab" not in kwargs:
            framework = self.record = self.get_record()
            edition = self._edition(framework)
            if edition is None:
                raise Http404
            entry_write(
                action="compliance.requirements.exported",
                actor=person_of(request),
                record=framework,
                after={"edition": edition.label, "format": fmt},
            )
            return cast(
                "HttpResponse",
                export_response(fmt, edition_sheet(edition, fmt), day=timezone.localdate(self.now)),
            )
        return super().get(request, *args, **kwargs)

    def get_template(self, tab: TabPage) -> str:
        """Return the template of the page, or of the tree alone."""
        is_part = tab.key == "overview" and fills(self.request, RESULTS)
        return "compliance/_outline.html" if is_part else super().get_template(tab)

    def _edition(self, framework: Framework) -> Edition | None:
        """Return the edition that the address asks for, else the current one."""
        number = self.request.GET.get("version", "")
        if not number:
            return framework.current
        if not number.isdecimal() or len(number) > MOST_DIGITS:
            raise Http404
        found: Edition = get_object_or_404(framework.editions.accepted(), number=int(number))
        return found

    def _link(self, **more: str) -> str:
        """Return the address of this tab for the same edition, with more in its query."""
        version = {"version": one} if (one := self.request.GET.get("version", "")) else {}
        query = urlencode({**version, **more})
        return f"{self.record.get_absolute_url()}?{query}" if query else self.record.get_absolute_url()

    def _differences_url(self, edition: Edition) -> str:
        return reverse("compliance:edition-differences", args=[self.record.reference, edition.number])

    def _may_restore(self, edition: Edition) -> bool:
        """Tell whether an edition was accepted before, does not count now, and the reader may make it count again."""
        is_earlier = not edition.is_draft and edition.pk != self.record.current_id
        return is_earlier and can_change_framework(self.request.user, self.record)

    def _restore_url(self, edition: Edition) -> str:
        return reverse("compliance:edition-restore", args=[self.record.reference, edition.number])

    def _nothing_yet(self) -> EmptyState:
        actions = []
        if can_change_framework(self.request.user, self.record):
            import_url = f"{reverse('compliance:import')}?framework={self.record.reference}"
            actions = [
                Action(_("Import a version"), import_url, icon="upload"),
                Action(
                    _("Write it by hand"),
                    reverse("compliance:draft", args=[self.record.reference]),
                    icon="pencil",
                    primary=True,
                ),
            ]
        return EmptyState(
            _("No version was accepted yet"),
            _("What it requires stands here as soon as one was."),
            "list-check",
            actions,
        )


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
