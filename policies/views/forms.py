"""The pages that begin a document, and change what is said of it."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from foundation.accounts.models import User
from foundation.accounts.permissions import person_of, right_check, right_check_anywhere
from foundation.accounts.rights import right_missing
from foundation.records.pages import RecordFormPage
from foundation.records.services import submit_once
from foundation.ui.structure import Crumb
from policies.forms import DocumentBeginForm, DocumentSettleForm
from policies.models import Document
from policies.permissions import WRITE, can_write, settling_refusal
from policies.selectors import documents_visible
from policies.services import (
    DocumentRefused,
    document_change,
    document_create,
)
from policies.views.pages import document_crumbs

PURPOSE = "policies.document"


class DocumentCreate(RecordFormPage):
    """Begins a document."""

    form_class = DocumentBeginForm
    title = lazy("Write a document")
    submit_label = lazy("Begin")

    def prepare(self) -> None:
        """Check that the reader may write somewhere; for which unit, the form's choices say."""
        right_check_anywhere(user=self.actor, right=WRITE)

    def get_form_arguments(self) -> dict[str, Any]:
        """Return who fills the form in, and when."""
        return {"user": self.actor, "now": self.now}

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        return (Crumb(_("Policies"), reverse("policies:document-list")), Crumb(self.get_title()))

    def get_cancel_url(self) -> str:
        """Return to the list."""
        return reverse("policies:document-list")

    def save(self, form: DocumentBeginForm) -> str:
        """Begin the document, once however often the form is sent."""
        document = submit_once(
            key=form.cleaned_data["submission"],
            actor=self.actor,
            purpose=PURPOSE,
            content=form.submitted_content(),
            create=lambda: document_create(actor=self.actor, now=self.now, **form.values()),
        )
        if not Document.objects.visible_to(self.actor).filter(pk=document.pk).exists():
            messages.info(self.request, _("It is restricted, and you do not own it: you see it no more."))
            return reverse("policies:document-list")
        return reverse("policies:draft-write", args=[document.reference])


class OfDocument:
    """What pages that change a document have in common: the document, for who may write it."""

    request: Any
    kwargs: Any
    document: Document

    @property
    def actor(self) -> User:
        """Return who is signed in."""
        return person_of(self.request)

    def find(self) -> None:
        """Find the document, of those that the reader may know of, and check that the reader may write it."""
        self.document = get_object_or_404(documents_visible(self.actor), reference=self.kwargs["reference"])
        if not can_write(self.actor, self.document):
            raise right_missing(WRITE, self.document.unit_id)

    def get_cancel_url(self) -> str:
        """Return to the document."""
        return self.document.get_absolute_url()

    def get_subtitle(self) -> str:
        """Return the document's title."""
        return self.document.title


class DocumentEdit(OfDocument, RecordFormPage):
    """Changes whose a document is, and how often it is reviewed."""

    form_class = DocumentSettleForm

    def prepare(self) -> None:
        """Find the document, and check that it may be changed."""
        self.find()
        self.open_unless(settling_refusal(self.document))

    def get_form_arguments(self) -> dict[str, Any]:
        """Return who fills the form in, when, and the document."""
        return {"user": self.actor, "now": self.now, "document": self.document}

    def get_title(self) -> str:
        """Name the document."""
        return _("Edit %(reference)s") % {"reference": self.document.reference}

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        document = self.document
        return document_crumbs(
            document, Crumb(document.reference, document.get_absolute_url()), Crumb(_("Details"))
        )

    def save(self, form: DocumentSettleForm) -> str:
        """Change the document."""
        if form.cleaned_data["unit"] != self.document.unit:
            right_check(user=self.actor, right=WRITE, unit_id=form.cleaned_data["unit"].pk)
        try:
            document = document_change(
                document=self.document,
                changes=form.values(),
                actor=self.actor,
                now=self.now,
                version=form.cleaned_data["version"],
            )
        except DocumentRefused as refused:
            raise ValidationError(str(refused)) from refused
        messages.success(self.request, _("%(reference)s is saved") % {"reference": document.reference})
        was_opened = self.document.is_restricted and not document.is_restricted
        if was_opened and document.current_id is not None:
            messages.info(self.request, _("Those whom it is for are being told that it is in force"))
        if not Document.objects.visible_to(self.actor).filter(pk=document.pk).exists():
            return reverse("policies:document-list")
        return document.get_absolute_url()
