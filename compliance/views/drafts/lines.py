"""The lines of a draft: adding one, changing what it says, moving it, taking it out."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from compliance.choices import NodeKind
from compliance.forms import LineForm, NewLineForm, PlaceForm
from compliance.models import RequirementText
from compliance.selectors import groups_of
from compliance.services import (
    EditionRefused,
    LineGone,
    StaleLine,
    line_add,
    line_change,
    line_move,
    line_place,
    line_remove,
)
from compliance.views.drafts.base import DraftFormPage, OfDraft
from foundation.ui.conflicts import VERSION, EditConflict, send_instead
from foundation.ui.form_pages import ConfirmPage

AGAIN = "again"  # the version of a line that was taken out, and is to be written anew


class LineCreate(DraftFormPage):
    """Adds a line: at the end of what stands in the one that is chosen, at first the one that the address names (`?in=`)."""

    form_class = NewLineForm

    def prepare(self) -> None:
        """Find the draft, and what the line stands in."""
        super().prepare()
        self.within = self._within() if self.draft else None

    def _within(self) -> RequirementText | None:
        named = self.request.GET.get("in", "")
        if not named:
            return None
        if not named.isdecimal():
            raise Http404
        # What was typed is not lost with the line that it should stand in: the form then says that it is gone.
        found = self.find_line(int(named[:18]))
        if found is None and self.request.method != "POST":
            raise Http404
        return found

    def get_form_arguments(self) -> dict[str, Any]:
        """Return what it may stand in."""
        return {"groups": groups_of(self.draft) if self.draft else None, "within": self.within}

    def get_title(self) -> str:
        """Say where it goes."""
        if self.within is None:
            return _("Add a line")
        return _("Add to %(line)s") % {"line": str(self.within).strip()}

    def write(self, form: NewLineForm) -> str:
        """Add the line."""
        line = line_add(
            edition=self.some_draft,
            parent=form.cleaned_data["parent"],
            kind=form.cleaned_data["kind"],
            said=form.values(),
            actor=self.actor,
            now=self.now,
        )
        messages.success(self.request, _("%(line)s is added") % {"line": str(line).strip()})
        return self.url_of_line(line)


class LineEdit(DraftFormPage):
    """Changes what a line says. Of a line that was taken out meanwhile, what was typed is kept, to be added again."""

    form_class = LineForm
    template_name = "compliance/line_form.html"
    about: RequirementText | None = None

    def prepare(self) -> None:
        """Find the line."""
        super().prepare()
        if self.draft is not None:
            self.about = self.find_line(self.kwargs["line"])
        if self.about is None and self.request.method != "POST":
            raise Http404

    def get_form_arguments(self) -> dict[str, Any]:
        """Return the line."""
        return {"line": self.about}

    def get_title(self) -> str:
        """Name the line."""
        if self.about is None:
            return _("Edit a line")
        return _("Edit %(line)s") % {"line": str(self.about).strip()}

    def get_extra_context(self) -> dict[str, Any]:
        """Return the line's parameters, which are shown beside the form."""
        return {"parameters": self.about.parameters if self.about else ()}

    def get_submit_label(self) -> Any:
        """Say what saving does with a line that is gone."""
        return super().get_submit_label() if self.about or not self.draft else _("Add it again")

    def write(self, form: LineForm) -> str:
        """Change the line."""
        if self.about is None:
            return self._write_again(form)
        try:
            line = line_change(
                line=self.about,
                said=form.values(),
                actor=self.actor,
                now=self.now,
                digest=form.cleaned_data[VERSION],
            )
        except StaleLine as stale:
            raise EditConflict(form.conflict_with(stale.line)) from stale
        except LineGone:
            self.about = None
            return self._write_again(form)
        messages.success(self.request, _("%(line)s is saved") % {"line": str(line).strip()})
        return self.url_of_line(line)

    def _write_again(self, form: LineForm) -> str:
        if form.cleaned_data[VERSION] != AGAIN:
            send_instead(form, VERSION, AGAIN)
            raise ValidationError(
                _(
                    "Somebody took this line out of the draft meanwhile. What you typed is kept: add it again, at the end of the draft, or leave it out."
                )
            )
        kind = NodeKind.REQUIREMENT if form.cleaned_data["identifier"] else NodeKind.GROUP
        line = line_add(
            edition=self.some_draft,
            parent=None,
            kind=kind.value,
            said=form.values(),
            actor=self.actor,
            now=self.now,
        )
        return self.url_of_line(line)


class LineMove(OfDraft):
    """Moves a line up or down among those that stand beside it."""

    def post(self, request: HttpRequest, reference: str, line: int, way: str) -> HttpResponse:
        """Move it, and return to the button, so that it can be pressed again."""
        found = self.find_line(line) if self.draft else None
        if found is None:
            return redirect(self.lost())
        try:
            moved = line_move(line=found, up=way == "up", actor=self.actor, now=self.now)
        except (EditionRefused, LineGone) as refused:
            messages.error(request, str(refused))
            return redirect(self.url("draft"))
        if moved is None:
            said = (
                _("%(line)s is the first there already.")
                if way == "up"
                else _("%(line)s is the last there already.")
            )
            messages.info(request, said % {"line": str(found).strip()})
        return redirect(self.url_of_line(moved or found, way))


class OneLinePage(DraftFormPage):
    """A form about where a line stands: with a line that went meanwhile, nothing is left to be written."""

    @cached_property
    def found(self) -> RequirementText | None:
        """Return the line, if it is there still."""
        return self.find_line(self.kwargs["line"]) if self.draft else None

    @property
    def about(self) -> RequirementText:
        """Return the line; raise Http404 where it is none."""
        if self.found is None:
            raise Http404
        return self.found

    def prepare(self) -> None:
        """Find the line, and check that the draft may be written."""
        super().prepare()
        _line = self.about

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Write it, or go back and say what went meanwhile."""
        return super().post(request, *args, **kwargs) if self.found else self.go_on(self.lost())

    def get_cancel_url(self) -> str:
        """Return to the line."""
        return self.url_of_line(self.about)


class LinePlace(OneLinePage):
    """Lets a line stand somewhere else: in another group, or in a requirement that it strengthens."""

    form_class = PlaceForm
    submit_label = lazy("Move it")

    def get_form_arguments(self) -> dict[str, Any]:
        """Return the line, and where it may stand."""
        draft = self.some_draft
        return {"line": self.about, "draft": draft, "groups": groups_of(draft)}

    def get_title(self) -> str:
        """Name the line."""
        return _("Move %(line)s") % {"line": str(self.about).strip()}

    def get_subtitle(self) -> str:
        """Say what goes with it."""
        return _("All that stands in it goes with it.")

    def write(self, form: PlaceForm) -> str:
        """Move it."""
        line = line_place(
            line=self.about,
            parent=form.cleaned_data["parent"],
            after=form.cleaned_data["after"],
            actor=self.actor,
            now=self.now,
        )
        messages.success(self.request, _("%(line)s is moved") % {"line": str(line).strip()})
        return self.url_of_line(line)


class LineRemove(OneLinePage, ConfirmPage):
    """Takes a line out of the draft."""

    submit_label = lazy("Remove")

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

    def write(self, form: Any) -> str:
        """Remove it, and return to where it stood."""
        around = self.url_around(self.about)
        line_remove(line=self.about, actor=self.actor, now=self.now)
        messages.success(
            self.request, _("%(line)s is taken out of the draft") % {"line": str(self.about).strip()}
        )
        return around
