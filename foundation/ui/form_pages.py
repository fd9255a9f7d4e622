"""Pages of forms: to write something, and to confirm a step (in a dialog where scripts run, else as a page)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django_htmx.http import HttpResponseClientRedirect

from foundation.ui.components import Text
from foundation.ui.conflicts import Conflict, EditConflict
from foundation.ui.pages import Page, fills
from foundation.ui.structure import Crumb

ASK = "ask-content"
CONFLICT = 409
UNPROCESSABLE = 422


class CommentForm(forms.Form):
    """A comment on a step, required where the step needs one."""

    comment = forms.CharField(
        label=_("Comment"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(
        self, *args: Any, needs_comment: bool = False, comment_label: Text = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["comment"].required = needs_comment
        if comment_label:
            self.fields["comment"].label = str(comment_label)


class FormPage(Page):
    """A form on a page of its own. What was typed stays when something is wrong with it.

    `save` calls one service and returns the address to go on to; a ValidationError that it raises is shown on top of the
    form, or beside the field that it names. An EditConflict is answered with both versions side by side, and the form as
    it was typed, to be saved over the other's or given up.
    """

    form_class: ClassVar[type[forms.BaseForm]]
    title: ClassVar[Text] = ""
    submit_label: ClassVar[Text] = _("Save")
    template_name: ClassVar[str] = "ui/form_page.html"
    conflict: Conflict | None = None

    def prepare(self) -> None:
        """Find what the form is about and check the reader's right; raise Http404 or PermissionDenied."""

    def open_unless(self, refusal: str | None) -> None:
        """Refuse to show a form that can't be saved as things stand.

        What was typed and sent meanwhile is for `save` to refuse, so that the form comes back with it.
        """
        if refusal and self.request.method != "POST":
            raise PermissionDenied(refusal)

    def save(self, form: Any) -> str:
        """Write what was typed and return where to go."""
        raise NotImplementedError

    def get_form_arguments(self) -> dict[str, Any]:
        """Return what the form is made with, besides what was sent."""
        return {}

    def get_title(self) -> Any:
        """Return the heading."""
        return self.title

    def get_submit_label(self) -> Any:
        """Return the words of the button."""
        return self.submit_label

    def get_subtitle(self) -> Any:
        """Return what stands under the heading."""
        return ""

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        return ()

    def get_cancel_url(self) -> str:
        """Return where "Cancel" leads."""
        return "/"

    def get_extra_context(self) -> dict[str, Any]:
        """Return what a template of its own needs besides."""
        return {}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the form."""
        self.prepare()
        return self.show(self.form_class(**self.get_form_arguments()))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save the form and go on, or show it again with what is wrong."""
        self.prepare()
        form = self.form_class(request.POST, request.FILES, **self.get_form_arguments())
        if form.is_valid():
            try:
                return self.go_on(self.save(form))
            except ValidationError as error:
                add_error(form, error)
            except EditConflict as found:
                self.conflict = found.conflict
                return self.show(form, status=CONFLICT)
        return self.show(form, status=UNPROCESSABLE)

    def go_on(self, url: str) -> HttpResponse:
        """Return the way to the next page."""
        return redirect(url)

    def show(self, form: forms.BaseForm, *, status: int = 200) -> HttpResponse:
        """Return the page."""
        return render(self.request, self.template_name, self.get_context(form), status=status)

    def get_context(self, form: forms.BaseForm) -> dict[str, Any]:
        """Return what the template needs."""
        return {
            "now": self.now,
            "title": self.get_title(),
            "subtitle": self.get_subtitle(),
            "crumbs": self.get_crumbs(),
            "form": form,
            "submit_label": _("Save my version over it") if self.conflict else self.get_submit_label(),
            "cancel_url": self.get_cancel_url(),
            "conflict": self.conflict,
            **self.get_extra_context(),
        }


class ConfirmPage(FormPage):
    """A step to be confirmed, perhaps with a comment. Its button opens it in a dialog (`Action(…, asks=True)`)."""

    form_class: ClassVar[type[forms.BaseForm]] = CommentForm
    template_name = "ui/confirm_page.html"
    cancel_label: ClassVar[Text] = _("Cancel")

    def get_text(self) -> Any:
        """Return what the step means, in a sentence."""
        return ""

    def is_dangerous(self) -> bool:
        """Tell whether the button is drawn as a warning."""
        return False

    def get_cancel_label(self) -> Any:
        """Return the words of the way back."""
        return self.cancel_label

    def go_on(self, url: str) -> HttpResponse:
        """Return the way to the next page, also out of the dialog."""
        return HttpResponseClientRedirect(url) if fills(self.request, ASK) else redirect(url)

    def show(self, form: forms.BaseForm, *, status: int = 200) -> HttpResponse:
        """Return the page, or the dialog's content."""
        part = fills(self.request, ASK)
        template = "ui/_confirm.html" if part else self.template_name
        return render(self.request, template, {**self.get_context(form), "is_dialog": part}, status=status)

    def get_context(self, form: forms.BaseForm) -> dict[str, Any]:
        """Return what the template needs."""
        return {
            **super().get_context(form),
            "text": self.get_text(),
            "cancel_label": self.get_cancel_label(),
            "is_dangerous": self.is_dangerous(),
        }


def add_error(form: forms.BaseForm, error: ValidationError) -> None:
    """Show an error that a service raised: beside the fields that it names and the form has, else on top."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)
