"""Making a version that was accepted earlier the current one again: look at what that changes, then say so."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from compliance.catalogues import compare
from compliance.models import Edition, Framework
from compliance.permissions import MANAGE
from compliance.selectors import sketches_of
from compliance.services import EditionRefused, EditionStale, edition_restore
from compliance.views.differences import difference_context
from foundation.accounts.permissions import person_of, right_check
from foundation.ui.form_pages import CONFLICT, UNPROCESSABLE
from foundation.ui.lists import RESULTS
from foundation.ui.pages import Page, fills
from foundation.ui.structure import Action, Crumb


class EditionRestore(Page):
    """What would change if an earlier version counted again, and making it so."""

    @cached_property
    def edition(self) -> Edition:
        """Return the accepted version, of a framework that the reader may read and change."""
        framework: Framework = get_object_or_404(
            Framework.objects.visible_to(self.request.user), reference=self.kwargs["reference"]
        )
        right_check(user=self.request.user, right=MANAGE, unit_id=framework.unit_id)
        editions = framework.editions.accepted().select_related("framework__current")
        found: Edition = get_object_or_404(editions, number=self.kwargs["number"])
        return found

    def get(self, request: HttpRequest, reference: str, number: int) -> HttpResponse:
        """Show it."""
        return self._show()

    def post(self, request: HttpRequest, reference: str, number: int) -> HttpResponse:
        """Make it current, if what counts is still what was looked at."""
        edition, asked = self.edition, request.POST.get("against", "")
        try:
            edition_restore(
                edition=edition,
                against=int(asked) if asked.isdecimal() and len(asked) < 19 else None,
                actor=person_of(request),
                now=self.now,
            )
        except EditionRefused as refused:
            del self.edition  # what counts is read again
            messages.warning(request, str(refused))
            return self._show(status=CONFLICT if isinstance(refused, EditionStale) else UNPROCESSABLE)
        messages.success(
            request,
            _("Version %(label)s of %(framework)s is current again")
            % {"label": edition.label, "framework": edition.framework.reference},
        )
        return redirect(edition.framework.get_absolute_url())

    def _show(self, *, status: int = 200) -> HttpResponse:
        edition, framework = self.edition, self.edition.framework
        current = framework.current
        assert current is not None, "there is an accepted version"
        context: dict[str, Any] = {
            "title": _("Make version %(label)s current again") % {"label": edition.label},
            "subtitle": _("%(framework)s · what changes against version %(label)s")
            % {"framework": framework.title, "label": current.label},
            "crumbs": (
                Crumb(_("Frameworks"), reverse("compliance:framework-list")),
                Crumb(framework.reference, framework.get_absolute_url()),
                Crumb(_("Versions"), framework.get_tab_url("versions")),
                Crumb(edition.label),
            ),
            "actions": self._actions(edition, current),
            **difference_context(self.request, compare(sketches_of(current), sketches_of(edition))),
        }
        part = fills(self.request, RESULTS)
        template = "compliance/_differences.html" if part else "compliance/edition_differences.html"
        return render(self.request, template, context, status=status)

    def _actions(self, edition: Edition, current: Edition) -> list[Action]:
        if edition == current:
            return []
        return [
            Action(
                _("Make it current again"),
                reverse("compliance:edition-restore", args=[edition.framework.reference, edition.number]),
                icon="arrow-back-up",
                primary=True,
                posts=True,
                fields={"against": str(current.pk)},
            )
        ]
