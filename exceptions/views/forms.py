"""The pages that ask for an exception, change what is asked for, and begin its renewal."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from exceptions.forms import DocumentChooseForm, ExceptionAskForm, ExceptionEditForm
from exceptions.models import PolicyException
from exceptions.permissions import REQUEST, can_write, renewing_refusal, writing_refusal
from exceptions.selectors import documents_suggested, documents_to_ask_of
from exceptions.services import ExceptionRefused, exception_change, exception_create
from exceptions.views.pages import exception_crumbs, exception_of
from foundation.accounts.organisation import organisation_day
from foundation.accounts.permissions import person_of, right_check, right_check_anywhere
from foundation.records.pages import RecordFormPage
from foundation.records.services import submit_once
from foundation.ui.form_pages import FormPage
from foundation.ui.pages import Page
from foundation.ui.structure import Crumb
from policies.models import Document

PURPOSE = "exceptions.exception"


class ExceptionBegin(FormPage):
    """Chooses the document from which an exception is asked for."""

    form_class = DocumentChooseForm
    title = lazy("Ask for an exception")
    submit_label = lazy("Go on")

    def prepare(self) -> None:
        """Check that the reader may ask somewhere."""
        right_check_anywhere(user=self.request.user, right=REQUEST)

    def get_form_arguments(self) -> dict[str, Any]:
        """Return who asks."""
        return {"user": person_of(self.request)}

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        return exception_crumbs(Crumb(self.get_title()))

    def get_cancel_url(self) -> str:
        """Return to the list."""
        return reverse("exceptions:exception-list")

    def get_extra_context(self) -> dict[str, Any]:
        """Return where suggestions come from."""
        return {"pick_url": reverse("exceptions:documents")}

    def save(self, form: DocumentChooseForm) -> str:
        """Go on to what is asked for."""
        return reverse("exceptions:exception-create", args=[form.cleaned_data["other"].reference])


class DocumentsPage(Page):
    """Suggests documents to ask for an exception from, while a reference or title is being typed."""

    http_method_names = ("get", "head", "options")

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return some that the reader may ask of."""
        right_check_anywhere(user=request.user, right=REQUEST)
        found = documents_suggested(request.GET.get("q", ""), request.user)
        return JsonResponse({"items": [one._asdict() for one in found]})


class ExceptionCreate(RecordFormPage):
    """Asks for an exception from a document."""

    form_class = ExceptionAskForm
    submit_label = lazy("Save the draft")
    document: Document
    renewed: PolicyException | None = None

    def prepare(self) -> None:
        """Find the document, of those that the reader may ask for exceptions from."""
        self.document = get_object_or_404(documents_to_ask_of(self.actor), reference=self.kwargs["reference"])
        right_check_anywhere(user=self.actor, right=REQUEST)

    def get_form_arguments(self) -> dict[str, Any]:
        """Return who asks, when, and from which document."""
        return {"user": self.actor, "now": self.now, "document": self.document, "renews": self.renewed}

    def get_title(self) -> str:
        """Say what is asked for."""
        return _("Ask for an exception")

    def get_subtitle(self) -> str:
        """Name the document and the version that holds."""
        assert self.document.current is not None, "it is in force"
        return _("From %(title)s, version %(label)s") % {
            "title": self.document.title,
            "label": self.document.current.label,
        }

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        return exception_crumbs(Crumb(self.get_title()))

    def get_cancel_url(self) -> str:
        """Return to the list: whoever reads the document in the library has no other page of it."""
        return reverse("exceptions:exception-list")

    def save(self, form: ExceptionAskForm) -> str:
        """Write the draft, once however often the form is sent."""
        right_check(user=self.actor, right=REQUEST, unit_id=form.cleaned_data["unit"].pk)
        try:
            exception = submit_once(
                key=form.cleaned_data["submission"],
                actor=self.actor,
                purpose=PURPOSE,
                content=form.submitted_content(),
                create=lambda: exception_create(
                    actor=self.actor,
                    now=self.now,
                    document=self.document,
                    renews=self.renewed,
                    **form.values(),
                ),
            )
        except ExceptionRefused as refused:
            raise ValidationError(str(refused)) from refused
        messages.success(
            self.request, _("The draft is saved: look at it once more, and submit it for a decision")
        )
        return exception.get_absolute_url()


class OfException:
    """What pages that go on from an exception have in common: the exception, for who may write it."""

    request: Any
    kwargs: Any
    now: Any
    exception: PolicyException

    def find(self) -> None:
        """Find the exception, of those that the reader may know of, and check that the reader may write it."""
        self.exception = exception_of(self.request, self.kwargs["reference"], organisation_day(self.now))
        if not can_write(self.request.user, self.exception):
            raise PermissionDenied(
                _("This is up to %(owner)s, who owns it, and %(asker)s, who asked for it.")
                % {"owner": self.exception.owner, "asker": self.exception.created_by}
            )
        readable = documents_to_ask_of(self.request.user).filter(pk=self.exception.document_id)
        if not self.exception.document_known and not readable.exists():  # type: ignore[attr-defined]
            raise PermissionDenied(
                _("It is from a document that you may not read. Whoever may has to own the exception first.")
            )

    def get_cancel_url(self) -> str:
        """Return to the exception."""
        return self.exception.get_absolute_url()

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        exception = self.exception
        return exception_crumbs(
            Crumb(exception.reference, exception.get_absolute_url()),
            Crumb(self.get_title()),  # type: ignore[attr-defined]
        )


class ExceptionEdit(OfException, RecordFormPage):
    """Changes what is asked for, before it is submitted."""

    form_class = ExceptionEditForm

    def prepare(self) -> None:
        """Find the exception, and check that it may be changed."""
        self.find()
        self.open_unless(writing_refusal(self.exception))

    def get_form_arguments(self) -> dict[str, Any]:
        """Return who fills the form in, when, and the exception with its document."""
        return {
            "user": self.actor,
            "now": self.now,
            "exception": self.exception,
            "document": self.exception.document,
        }

    def get_title(self) -> str:
        """Name the exception."""
        return _("Edit %(reference)s") % {"reference": self.exception.reference}

    def get_subtitle(self) -> str:
        """Return the exception's title."""
        return self.exception.title

    def save(self, form: ExceptionEditForm) -> str:
        """Change the exception."""
        if form.cleaned_data["unit"] != self.exception.unit:
            right_check(user=self.actor, right=REQUEST, unit_id=form.cleaned_data["unit"].pk)
        try:
            exception = exception_change(
                exception=self.exception,
                changes=form.values(),
                actor=self.actor,
                now=self.now,
                version=form.cleaned_data["version"],
            )
        except ExceptionRefused as refused:
            raise ValidationError(str(refused)) from refused
        messages.success(self.request, _("%(reference)s is saved") % {"reference": exception.reference})
        return exception.get_absolute_url()


class ExceptionRenew(OfException, ExceptionCreate):
    """Asks for an exception that goes on where one ends: a decision of its own."""

    def prepare(self) -> None:
        """Find the exception, and check that it may be renewed."""
        self.find()
        self.renewed = self.exception
        self.document = self.exception.document
        self.open_unless(renewing_refusal(self.exception))

    def get_title(self) -> str:
        """Name the exception."""
        return _("Renew %(reference)s") % {"reference": self.exception.reference}
