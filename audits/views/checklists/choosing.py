"""Putting a checklist together: from frameworks, from an earlier audit, and what is taken out again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from audits.forms.checks import CopyForm, chosen_of
from audits.models import Audit, Check
from audits.selectors.checks import audits_to_copy
from audits.selectors.requirements import frameworks_to_choose, tree_of
from audits.services import Added, CheckRefused, checks_add, checks_copy, checks_remove, choosing_refusal
from audits.views.checklists.access import audit_for, checklist_url, crumbs_to, refuse
from compliance.models import Framework
from compliance.parts.tree import keys_sent, tree_html
from compliance.selectors.choosing import texts_below, texts_of_all, texts_with
from foundation.accounts.models import User
from foundation.accounts.permissions import person_of
from foundation.ui.form_pages import UNPROCESSABLE, CommentForm, ConfirmPage, FormPage
from foundation.ui.pages import Page
from foundation.ui.structure import Crumb

MOST_SOURCES = 100
NAMED = 8
WORDS = 200


class Choosing(Page):
    """What the pages have in common: the audit, and whether its list may be changed now."""

    @property
    def actor(self) -> User:
        """Return who is signed in."""
        return person_of(self.request)

    @cached_property
    def audit(self) -> Audit:
        """Return the audit, for who may put its checklist together now."""
        audit = audit_for(self.actor, self.kwargs["reference"])
        refuse(choosing_refusal(self.actor, audit))
        return audit


class ChecksAdd(Choosing):
    """Lets the audit test what frameworks require: one is chosen, then all of it, groups, or single requirements."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Show the frameworks, the tree of one, or (to a script) which lines of it have the words asked for."""
        frameworks = frameworks_to_choose(self.actor, self.audit)
        reference = request.GET.get("framework", "")[:40]
        if not reference:
            return self._show("audits/checks_add.html", {"frameworks": list(frameworks)})
        framework = self._framework(reference)
        words = request.GET.get("q", "").strip()[:WORDS]
        fitting = texts_with(framework, words) if words else None
        if not request.accepts("text/html"):
            return JsonResponse({"lines": None if fitting is None else sorted(fitting)})
        return self._show_tree(framework, words, fitting)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Add what was ticked."""
        framework = self._framework(request.POST.get("framework", "")[:40])
        if request.POST.get("all"):
            texts = texts_of_all(framework)
        else:
            below = texts_below(framework, keys_sent(request.POST, "group"))
            texts = [*keys_sent(request.POST, "text"), *below]
        if not texts:
            messages.error(request, _("Tick what the audit is to test."))
            return self._show_tree(framework, "", None, status=UNPROCESSABLE)
        try:
            added = checks_add(audit=self.audit, texts=texts, actor=self.actor, now=self.now)
        except CheckRefused as refused:
            messages.error(request, str(refused))
            return self._show_tree(framework, "", None, status=UNPROCESSABLE)
        tell_added(request, added)
        return redirect(checklist_url(self.audit))

    def _framework(self, reference: str) -> Framework:
        frameworks = frameworks_to_choose(self.actor, self.audit)
        framework = frameworks.filter(reference=reference).first() if reference.isprintable() else None
        if framework is None:
            raise Http404
        return framework

    def _show_tree(
        self, framework: Framework, words: str, fitting: set[int] | None, *, status: int = 200
    ) -> HttpResponse:
        lines = tree_of(framework, self.audit)
        testable = [line for line in lines if not line.is_group]
        context = {
            "framework": framework,
            "tree": tree_html(lines, fitting=fitting, inside=_("in the checklist")),
            "total": len(testable),
            "inside": sum(line.is_in for line in testable),
            "words": words,
            "fitting": fitting,
        }
        return self._show("audits/checks_tree.html", context, status=status)

    def _show(self, template: str, more: dict[str, Any], *, status: int = 200) -> HttpResponse:
        title = _("Add requirements")
        context = {
            "now": self.now,
            "title": title,
            "subtitle": str(self.audit),
            "crumbs": crumbs_to(self.audit, title),
            "audit": self.audit,
            "list_url": checklist_url(self.audit),
            **more,
        }
        return render(self.request, template, context, status=status)


class ChecksCopy(Choosing, FormPage):
    """Lets the audit test what an earlier one did, in the words of today's editions."""

    form_class = CopyForm
    title = lazy("Requirements of an earlier audit")
    submit_label = lazy("Add them")

    def prepare(self) -> None:
        """Find the audit and check the right."""
        self.audits = audits_to_copy(self.audit, self.actor, count=MOST_SOURCES)

    def get_form_arguments(self) -> dict[str, Any]:
        """Return the audits to choose from."""
        return {"audits": self.audits}

    def get_subtitle(self) -> str:
        """Say which audit it is for, and what comes."""
        return _(
            "For %(audit)s. They come without results, in the words of the editions that count today."
        ) % {"audit": self.audit}

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        return crumbs_to(self.audit, str(self.title))

    def get_cancel_url(self) -> str:
        """Return to the checklist."""
        return checklist_url(self.audit)

    def save(self, form: CopyForm) -> str:
        """Add them, and tell which a newer edition no longer has."""
        chosen = form.cleaned_data
        source = next(audit for audit in self.audits if audit.pk == chosen["source"])
        try:
            added = checks_copy(
                audit=self.audit, source=source, which=chosen["which"], actor=self.actor, now=self.now
            )
        except CheckRefused as refused:
            raise ValidationError(str(refused)) from refused
        tell_added(self.request, added)
        return checklist_url(self.audit)


class ChecksRemove(Choosing, ConfirmPage):
    """Takes the selected checks out; those that have a result with a reason alone."""

    title = lazy("Take checks out")
    submit_label = lazy("Take them out")
    template_name = "audits/checks_remove.html"

    def prepare(self) -> None:
        """Find the selected checks."""
        data = self.request.POST if self.request.method == "POST" else self.request.GET
        self.chosen = chosen_of(data)
        found = Check.objects.filter(audit=self.audit, pk__in=list(self.chosen))
        self.checks = list(found.select_related("text").order_by("position", "pk"))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ask for a confirmation, or lead back when nothing was selected."""
        self.prepare()
        if not self.checks:
            messages.error(request, _("Select the checks first."))
            return redirect(self.get_cancel_url())
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Take them out once it is confirmed; the list's own form only asks for it."""
        if "confirmed" in request.POST:
            return super().post(request, *args, **kwargs)
        self.prepare()
        if not self.checks:
            messages.error(request, _("Select the checks first."))
            return redirect(self.get_cancel_url())
        return self.show(self.form_class(**self.get_form_arguments()))

    @property
    def tested(self) -> list[Check]:
        """Return those of which somebody said what they came to, or why they were not tested."""
        return [check for check in self.checks if check.tested_by_id]

    def get_form_arguments(self) -> dict[str, Any]:
        """Ask for a reason when results go with them."""
        needed = bool(self.tested)
        return {
            "needs_comment": needed,
            "comment_label": _("Why do they go?") if needed else _("Why (if it matters)"),
        }

    def get_text(self) -> str:
        """Say what goes."""
        words = ngettext(
            "%(count)d check leaves the audit: %(names)s.",
            "%(count)d checks leave the audit: %(names)s.",
            len(self.checks),
        ) % {"count": len(self.checks), "names": named([check.text.identifier for check in self.checks])}
        if self.tested:
            words += " " + _("Some have a result, which stays in the history alone: %(names)s.") % {
                "names": named([check.text.identifier for check in self.tested])
            }
        return words

    def is_dangerous(self) -> bool:
        """Draw the button as a warning."""
        return True

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        return crumbs_to(self.audit, str(self.title))

    def get_cancel_url(self) -> str:
        """Return to the checklist."""
        return checklist_url(self.audit)

    def get_extra_context(self) -> dict[str, Any]:
        """Return which were selected, to be sent again."""
        rows = ",".join(f"{check.pk}:{self.chosen[check.pk]}" for check in self.checks)
        return {"chosen_rows": rows, "action": self.request.path}

    def save(self, form: CommentForm) -> str:
        """Take them out."""
        try:
            done = checks_remove(
                audit=self.audit,
                chosen={check.pk: self.chosen[check.pk] for check in self.checks},
                reason=form.cleaned_data["comment"],
                actor=self.actor,
                now=self.now,
            )
        except CheckRefused as refused:
            raise ValidationError(refused.errors if "" not in refused.errors else str(refused)) from refused
        if done.removed:
            words = ngettext("%(count)d check taken out", "%(count)d checks taken out", done.removed)
            messages.success(self.request, words % {"count": done.removed})
        tell_left(self.request, done.left)
        return checklist_url(self.audit)


def named(names: Sequence[str]) -> str:
    """Return some of many names, and how many more there are."""
    shown = ", ".join(names[:NAMED])
    if len(names) <= NAMED:
        return shown
    more = len(names) - NAMED
    return ngettext("%(names)s and %(count)d more", "%(names)s and %(count)d more", more) % {
        "names": shown,
        "count": more,
    }


def tell_added(request: HttpRequest, added: Added) -> None:
    """Say what came to the checklist, what was there, and what its framework no longer has."""
    if added.added:
        words = ngettext("%(count)d requirement added", "%(count)d requirements added", added.added)
        messages.success(request, words % {"count": added.added})
    if added.already:
        words = ngettext(
            "%(count)d was in the checklist already", "%(count)d were in the checklist already", added.already
        )
        messages.info(request, words % {"count": added.already})
    if added.gone:
        words = _("No longer required, so not added: %(names)s")
        messages.warning(request, words % {"names": named(added.gone)})
    if not (added.added or added.already or added.gone):
        messages.info(request, _("There was nothing to add."))


def tell_left(request: HttpRequest, left: Sequence[tuple[str, str]]) -> None:
    """Say which checks were left as they are, and why."""
    reasons: dict[str, list[str]] = {}
    for identifier, why in left:
        reasons.setdefault(why, []).append(identifier)
    for why, identifiers in reasons.items():
        words = _("Left as it is: %(names)s (%(why)s)")
        messages.warning(request, words % {"names": named(identifiers), "why": why})
