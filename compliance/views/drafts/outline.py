"""The tree of a draft, group by group, with what can be done to each line; and the form that begins one."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from compliance.forms import DraftForm, OutlineForm
from compliance.models import Edition, RequirementText
from compliance.parts import DraftLines
from compliance.selectors import lines_matching
from compliance.services import EditionRefused, draft_begin
from compliance.views.drafts.base import LINES_A_PAGE, OfDraft
from compliance.views.outlines import found_context, outline_context
from foundation.ui.form_pages import FormPage
from foundation.ui.lists import RESULTS
from foundation.ui.pages import fills
from foundation.ui.structure import Action, Crumb, EmptyState


class DraftPage(OfDraft, FormPage):
    """The tree of the draft; where there is none, the form that begins one."""

    form_class = DraftForm
    submit_label = lazy("Begin the draft")
    title = lazy("Draft a version")

    def prepare(self) -> None:
        """Find the framework, and check that it may be changed."""
        self.open_unless(self.refusal or None)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the draft."""
        if self.draft is None:
            return super().get(request, *args, **kwargs)
        context = {
            "title": _("Draft %(label)s") % {"label": self.draft.label},
            "subtitle": self.framework.title,
            "crumbs": (*self.get_crumbs()[:2], Crumb(_("Draft"))),
            "actions": self._actions(),
            "framework": self.framework,
            "refusal": self.refusal,
            **self._lines(self.draft),
        }
        template = "compliance/_draft_lines.html" if fills(request, RESULTS) else "compliance/draft.html"
        return render(request, template, context)

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
        try:
            draft_begin(
                framework=self.framework, label=form.cleaned_data["label"], actor=self.actor, now=self.now
            )
        except EditionRefused as refused:
            raise ValidationError(str(refused)) from refused
        return self.url("draft")

    def _actions(self) -> list[Action]:
        drop = Action(_("Drop the draft"), self.url("draft-drop"), icon="trash", danger=True, asks=True)
        if self.refusal:
            return [drop]
        return [
            drop,
            Action(_("Add a line"), self.url("line-create"), icon="plus"),
            Action(_("Look at the changes"), self.url("draft-accept"), icon="circle-check", primary=True),
        ]

    def _lines(self, draft: Edition) -> dict[str, Any]:
        """Return the lines to show, each drawn with what can be done to it, or by its name where the draft can't be written."""
        form = OutlineForm(self.request.GET, auto_id="id_%s")
        asked = form.asked()
        context: dict[str, Any] = {
            "fields": [form[name] for name in form.fields],
            "clear_url": self.request.path,
            "nothing": EmptyState(
                _("Nothing is written yet"), _("Begin with a group, or with a requirement."), "list-check"
            ),
        }
        if any(asked.values()):
            lines = lines_matching(draft, **asked)
            parameters = {name: self.request.GET.get(name, "") for name in form.fields}
            context |= found_context(self.request, lines, size=LINES_A_PAGE, parameters=parameters)
        else:
            context |= outline_context(self.request, draft, size=LINES_A_PAGE, parameters={})
        drawn = DraftLines(self.framework.reference, may_write=not self.refusal)
        context["names"] = drawn.names
        if "lines" in context:
            context["lines"] = _drawn(drawn, context["lines"])
        else:
            context["branches"] = [
                (branch, url, drawn.draw(branch) if branch.is_group else "", _drawn(drawn, lines))
                for branch, url, lines in context["branches"]
            ]
        return context


def _drawn(drawn: DraftLines, lines: Sequence[tuple[int, RequirementText]] | None) -> list[Any] | None:
    if lines is None:
        return None
    return [(level, line.pk, drawn.draw(line, is_withdrawn=line.is_withdrawn)) for level, line in lines]
