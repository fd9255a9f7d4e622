"""Writing a version by hand: the draft's tree, its lines, and accepting or dropping it."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from compliance.catalogues import compare
from compliance.choices import FrameworkState, NodeKind
from compliance.forms.lines import DraftForm, LineForm
from compliance.models import Edition, Framework, RequirementText
from compliance.permissions import MANAGE
from compliance.selectors import levels_of, nodes_of
from compliance.selectors.outline import lines_of
from compliance.services import (
    EditionRefused,
    LineRefused,
    StaleLine,
    draft_begin,
    draft_drop,
    edition_accept,
    line_add,
    line_change,
    line_move,
    line_remove,
)
from compliance.views.differences import difference_context
from foundation.accounts.models import User
from foundation.accounts.permissions import person_of, right_check
from foundation.ui.conflicts import EditConflict
from foundation.ui.form_pages import CONFLICT, UNPROCESSABLE, ConfirmPage, FormPage
from foundation.ui.lists import RESULTS
from foundation.ui.pages import Page, fills
from foundation.ui.structure import Action, Crumb


class OfFramework(Page):
    """A page about the draft of a framework."""

    @property
    def actor(self) -> User:
        """Return who is signed in."""
        return person_of(self.request)

    @cached_property
    def framework(self) -> Framework:
        """Return the framework, of those that the reader may read and change."""
        frameworks = Framework.objects.visible_to(self.actor).select_related("unit", "owner", "current")
        found: Framework = get_object_or_404(frameworks, reference=self.kwargs["reference"])
        right_check(user=self.actor, right=MANAGE, unit_id=found.unit_id)
        return found

    @cached_property
    def draft(self) -> Edition | None:
        """Return the framework's draft, if there is one."""
        found: Edition | None = self.framework.editions.filter(accepted_at__isnull=True).first()
        return found

    @property
    def some_draft(self) -> Edition:
        """Return the framework's draft; raise Http404 where there is none."""
        if self.draft is None:
            raise Http404
        return self.draft

    def line(self, pk: int) -> RequirementText:
        """Return a line of the draft."""
        found: RequirementText = get_object_or_404(
            self.some_draft.texts.select_related("edition__framework"), pk=pk
        )
        return found

    def url(self, name: str, *args: Any) -> str:
        """Return the address of one of the pages."""
        return reverse(f"compliance:{name}", args=[self.framework.reference, *args])

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        return (
            Crumb(_("Frameworks"), reverse("compliance:framework-list")),
            Crumb(self.framework.reference, self.framework.get_absolute_url()),
            Crumb(_("Draft"), self.url("draft")),
        )


class DraftPage(OfFramework, FormPage):
    """The tree of the draft, with what can be done to each line; where there is no draft, the form that begins one."""

    form_class = DraftForm
    submit_label = lazy("Begin the draft")

    def prepare(self) -> None:
        """Find the framework, and check that it may be changed."""
        retired = self.framework.state == FrameworkState.RETIRED
        self.open_unless(_("It is retired: take it into use again first.") if retired else None)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the draft."""
        self.prepare()
        if self.draft is None:
            return super().get(request, *args, **kwargs)
        lines = levels_of(list(lines_of(self.draft)), above=0)
        context = {
            "title": _("Draft %(label)s") % {"label": self.draft.label},
            "subtitle": self.framework.title,
            "crumbs": (*self.get_crumbs()[:2], Crumb(_("Draft"))),
            "actions": (
                Action(_("Drop the draft"), self.url("draft-drop"), icon="trash", danger=True, asks=True),
                Action(_("Add a line"), self.url("line-create"), icon="plus"),
                Action(_("Look at the changes"), self.url("draft-accept"), icon="circle-check", primary=True),
            ),
            "framework": self.framework,
            "lines": lines,
        }
        return render(request, "compliance/draft.html", context)

    def get_title(self) -> str:
        """Return the heading of the form."""
        return _("Draft a version")

    def get_subtitle(self) -> str:
        """Say what the draft begins with."""
        if self.framework.current:
            return _(
                "It begins as a copy of version %(label)s; what counts stays as it is until you accept the draft."
            ) % {"label": self.framework.current.label}
        return _("It begins empty.")

    def get_cancel_url(self) -> str:
        """Return to the framework."""
        return self.framework.get_absolute_url()

    def save(self, form: DraftForm) -> str:
        """Begin the draft."""
        if self.framework.state == FrameworkState.RETIRED:
            raise ValidationError(_("It is retired: take it into use again first."))
        try:
            draft_begin(
                framework=self.framework, label=form.cleaned_data["label"], actor=self.actor, now=self.now
            )
        except EditionRefused as refused:
            raise ValidationError(str(refused)) from refused
        return self.url("draft")


class LineFormPage(OfFramework, FormPage):
    """What adding a line and changing one have in common."""

    form_class = LineForm

    def get_subtitle(self) -> str:
        """Name the framework and its draft."""
        return f"{self.framework.title} · {self.some_draft.label}"

    def get_cancel_url(self) -> str:
        """Return to the draft."""
        return self.url("draft")

    def saved(self, line: RequirementText) -> str:
        """Return to the line in the draft."""
        return f"{self.url('draft')}#line-{line.pk}"


class LineCreate(LineFormPage):
    """Adds a line: at the end of what stands in the one that the address names (`?in=`), or of all."""

    title = lazy("Add a line")

    def prepare(self) -> None:
        """Find the draft, and what the line stands in."""
        within = self.request.GET.get("in", "")
        if within and not within.isdecimal():
            raise Http404
        self.parent = self.line(int(within[:18])) if within else None
        _draft = self.some_draft

    def get_form_arguments(self) -> dict[str, Any]:
        """Say whether it may be a group."""
        return {"may_be_group": self.parent is None or self.parent.kind == NodeKind.GROUP}

    def get_title(self) -> str:
        """Say where it goes."""
        if self.parent is None:
            return _("Add a line")
        return _("Add to %(line)s") % {"line": str(self.parent).strip()}

    def save(self, form: LineForm) -> str:
        """Add the line."""
        try:
            line = line_add(
                edition=self.some_draft,
                parent=self.parent,
                kind=form.cleaned_data.get("kind", NodeKind.REQUIREMENT.value),
                said=form.values(),
                actor=self.actor,
                now=self.now,
            )
        except (EditionRefused, LineRefused) as refused:
            raise _shown(refused) from refused
        return self.saved(line)


class LineEdit(LineFormPage):
    """Changes what a line says."""

    def prepare(self) -> None:
        """Find the line."""
        self.about = self.line(self.kwargs["line"])

    def get_form_arguments(self) -> dict[str, Any]:
        """Return the line."""
        return {"line": self.about}

    def get_title(self) -> str:
        """Name the line."""
        return _("Edit %(line)s") % {"line": str(self.about).strip()}

    def save(self, form: LineForm) -> str:
        """Change the line."""
        try:
            line = line_change(
                line=self.about,
                said=form.values(),
                actor=self.actor,
                now=self.now,
                digest=form.cleaned_data["version"],
            )
        except StaleLine as stale:
            raise EditConflict(form.conflict_with(stale.line)) from stale
        except (EditionRefused, LineRefused) as refused:
            raise _shown(refused) from refused
        return self.saved(line)


class LineMove(OfFramework):
    """Moves a line up or down among those that stand beside it."""

    def post(self, request: HttpRequest, reference: str, line: int, way: str) -> HttpResponse:
        """Move it."""
        try:
            line_move(line=self.line(line), up=way == "up", actor=self.actor, now=self.now)
        except EditionRefused as refused:
            messages.error(request, str(refused))
            return redirect(self.framework.get_absolute_url())
        return redirect(f"{self.url('draft')}#line-{line}")


class LineRemove(OfFramework, ConfirmPage):
    """Takes a line out of the draft."""

    submit_label = lazy("Remove")

    def prepare(self) -> None:
        """Find the line."""
        self.about = self.line(self.kwargs["line"])

    def get_title(self) -> str:
        """Name the line."""
        return _("Remove %(line)s?") % {"line": str(self.about).strip()}

    def get_text(self) -> str:
        """Say what goes with it."""
        return _(
            "All that stands in it goes with it. Earlier versions keep it. To say where it went instead, edit it and mark it as withdrawn."
        )

    def is_dangerous(self) -> bool:
        """Warn."""
        return True

    def get_cancel_url(self) -> str:
        """Return to the draft."""
        return self.url("draft")

    def save(self, form: Any) -> str:
        """Remove it."""
        try:
            line_remove(line=self.about, actor=self.actor, now=self.now)
        except EditionRefused as refused:
            raise ValidationError(str(refused)) from refused
        return self.url("draft")


class DraftDrop(OfFramework, ConfirmPage):
    """Drops the draft."""

    submit_label = lazy("Drop the draft")

    def prepare(self) -> None:
        """Find the draft."""
        self.about = self.some_draft

    def get_title(self) -> str:
        """Name the draft."""
        return _("Drop the draft %(label)s?") % {"label": self.about.label}

    def get_text(self) -> str:
        """Say what is lost."""
        return _("Everything written in it is lost. What counts today stays as it is.")

    def is_dangerous(self) -> bool:
        """Warn."""
        return True

    def get_cancel_url(self) -> str:
        """Return to the draft."""
        return self.url("draft")

    def save(self, form: Any) -> str:
        """Drop it."""
        try:
            draft_drop(edition=self.about, actor=self.actor, now=self.now)
        except EditionRefused as refused:
            raise ValidationError(str(refused)) from refused
        messages.success(self.request, _("The draft is dropped"))
        return self.framework.get_absolute_url()


class DraftAccept(OfFramework):
    """Shows what the draft changes against what counts, and accepts it."""

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Show it."""
        return self._show()

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Accept it, if it still says what was looked at."""
        draft = self.some_draft
        if request.POST.get("seen", "") != self._seen(draft):
            messages.warning(request, _("The draft was changed meanwhile: look again."))
            return self._show(status=CONFLICT)
        try:
            edition_accept(edition=draft, actor=self.actor, now=self.now)
        except EditionRefused as refused:
            messages.error(request, str(refused))
            return self._show(status=UNPROCESSABLE)
        messages.success(
            request,
            _("Version %(label)s of %(framework)s is accepted")
            % {"label": draft.label, "framework": self.framework.reference},
        )
        return redirect(self.framework.get_absolute_url())

    def _show(self, *, status: int = 200) -> HttpResponse:
        draft, current = self.some_draft, self.framework.current
        difference = compare(nodes_of(current) if current else (), nodes_of(draft))
        accept = Action(
            _("Accept this version"),
            self.url("draft-accept"),
            icon="circle-check",
            primary=True,
            posts=True,
            fields={"seen": self._seen(draft)},
        )
        context = {
            "title": _("What the draft %(label)s changes") % {"label": draft.label},
            "subtitle": self.framework.title,
            "crumbs": (*self.get_crumbs(), Crumb(_("Changes"))),
            "actions": (Action(_("Go on writing"), self.url("draft"), icon="pencil"), accept),
            **difference_context(self.request, difference),
        }
        part = fills(self.request, RESULTS)
        template = "compliance/_differences.html" if part else "compliance/edition_differences.html"
        return render(self.request, template, context, status=status)

    def _seen(self, draft: Edition) -> str:
        """Return what tells whether the draft, or what it is compared with, changed since."""
        lines = draft.texts.order_by("position").values_list("pk", "digest", "parent_id")
        return digest_of([draft.pk, self.framework.current_id, list(lines)])


def digest_of(value: Any) -> str:
    """Return the SHA-256 of a plain value."""
    return sha256(repr(value).encode()).hexdigest()


def _shown(refused: EditionRefused | LineRefused) -> ValidationError:
    field = getattr(refused, "field", "")
    return ValidationError({field: str(refused)} if field else str(refused))
