"""The page that reviews a document in force."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from foundation.ui.conflicts import send_instead
from foundation.ui.dates import day_words
from foundation.ui.form_pages import FormPage
from foundation.ui.structure import Crumb
from policies.choices import ReviewOutcome
from policies.forms import ReviewForm
from policies.models import Document
from policies.permissions import reviewing_refusal
from policies.services import DocumentRefused, document_review
from policies.views.forms import OfDocument
from policies.views.pages import document_crumbs


class DocumentReviewPage(OfDocument, FormPage):
    """Says whether a document in force is still right, with a reason; or begins its next version."""

    form_class = ReviewForm
    title = lazy("Review")
    submit_label = lazy("Close the review")

    def prepare(self) -> None:
        """Find the document, and check that it may be reviewed."""
        self.find()
        self.open_unless(reviewing_refusal(self.document))

    def get_form_arguments(self) -> dict[str, Any]:
        """Return the document."""
        return {"document": self.document}

    def get_title(self) -> str:
        """Name the document."""
        return _("Review %(reference)s") % {"reference": self.document.reference}

    def get_crumbs(self) -> Sequence[Crumb]:
        """Return the path that leads here."""
        document = self.document
        return document_crumbs(
            document, Crumb(document.reference, document.get_absolute_url()), Crumb(_("Review"))
        )

    def save(self, form: ReviewForm) -> str:
        """Write the review down; go on to the draft, where a new version is needed."""
        try:
            document = document_review(
                document=self.document,
                outcome=form.cleaned_data["outcome"],
                reason=form.cleaned_data["reason"],
                actor=self.actor,
                now=self.now,
                version=form.cleaned_data["version"],
            )
        except DocumentRefused as refused:
            current = Document.objects.get(pk=self.document.pk)
            send_instead(form, "version", str(current.version))
            raise ValidationError(refused.errors) from refused
        if form.cleaned_data["outcome"] == ReviewOutcome.NEW_VERSION:
            messages.success(self.request, _("The review is closed; this is the draft of the next version"))
            return reverse("policies:draft-write", args=[document.reference])
        day = day_words(document.review_on) if document.review_on else ""
        messages.success(self.request, _("The review is closed; the next is due on %(day)s") % {"day": day})
        return document.get_absolute_url()
