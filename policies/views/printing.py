"""A version of a document as PDF: for who may read the register, and for readers of the library."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from foundation.documents.typesetting import CONTENT_TYPE, NotTypeset
from foundation.ui.limits import limit_check
from foundation.ui.pages import Page
from policies.models import Document, DocumentVersion
from policies.reporting import version_pdf
from policies.selectors import documents_visible, version_of
from policies.views.library import OfLibrary

MOST_PDF = 30  # of one person in five minutes: each may take the processor for a while


def pdf_response(
    request: HttpRequest,
    version: DocumentVersion,
    now: datetime,
    otherwise: str,
    *,
    for_readers: bool = False,
) -> HttpResponse:
    """Return a version as PDF; lead back with a word, where it can't be made now."""
    limit_check(what="policy-pdf", key=str(request.user.pk), most=MOST_PDF, seconds=300, now=now)
    try:
        content = version_pdf(version, for_readers=for_readers)
    except NotTypeset:
        messages.error(request, _("The PDF could not be made. Try again, or print the page."))
        return redirect(otherwise)
    name = f"{version.document.reference}-{version.label}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=CONTENT_TYPE, headers=headers)


class VersionPdf(Page):
    """Any version, for who may know of the document."""

    def get(self, request: HttpRequest, reference: str, number: int) -> HttpResponse:
        """Return it."""
        document: Document = get_object_or_404(documents_visible(request.user), reference=reference)
        version = version_of(document, number)
        if version is None:
            raise Http404
        version.document = document
        otherwise = reverse("policies:version-detail", args=[reference, number])
        return pdf_response(request, version, self.now, otherwise)


class LibraryPdf(OfLibrary):
    """What is in force, for the people whom it is meant for."""

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Return it."""
        version = self.find(reference)
        otherwise = reverse("policies:library-document", args=[reference])
        return pdf_response(request, version, self.now, otherwise, for_readers=True)
