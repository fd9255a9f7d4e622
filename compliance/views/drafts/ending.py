"""Accepting a draft, once what it changes was looked at; and dropping it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from compliance.catalogues import compare
from compliance.selectors import draft_digest, sketches_of
from compliance.services import EditionRefused, StaleDraft, draft_drop, edition_accept
from compliance.views.differences import difference_context
from compliance.views.drafts.base import DraftFormPage, OfDraft
from foundation.ui.form_pages import CONFLICT, UNPROCESSABLE, ConfirmPage
from foundation.ui.lists import RESULTS
from foundation.ui.pages import fills
from foundation.ui.structure import Action, Crumb


class DraftDrop(DraftFormPage, ConfirmPage):
    """Drops the draft."""

    submit_label = lazy("Drop the draft")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Drop it, if nobody else was faster."""
        return super().post(request, *args, **kwargs) if self.draft else self.go_on(self.lost())

    def prepare(self) -> None:
        """Find the draft; that of a retired framework can be dropped, too."""
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

    def write(self, form: Any) -> str:
        """Drop it."""
        draft_drop(edition=self.about, actor=self.actor, now=self.now)
        messages.success(self.request, _("The draft is dropped"))
        return self.framework.get_absolute_url()


class DraftAccept(OfDraft):
    """Shows what the draft changes against what counts, and accepts it."""

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Show it."""
        _draft = self.some_draft
        if self.refusal:
            raise PermissionDenied(self.refusal)
        return self._show()

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Accept it, if it still says what was looked at."""
        draft = self.draft
        if draft is None:
            return redirect(self.lost())
        seen = request.POST.get("seen", "")
        try:
            edition_accept(edition=draft, actor=self.actor, now=self.now, seen=seen)
        except StaleDraft as stale:
            messages.warning(request, str(stale))
            return self._show(status=CONFLICT)
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
        difference = compare(sketches_of(current), sketches_of(draft))
        accept = Action(
            _("Accept this version"),
            self.url("draft-accept"),
            icon="circle-check",
            primary=True,
            posts=True,
            fields={"seen": draft_digest(draft, self.framework)},
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
