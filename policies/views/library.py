"""The library: what is in force, for the people whom it is meant for. To be read, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import structlog
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.accounts.organisation import organisation_day
from foundation.files.previews import CONTENT_TYPE, NotDrawn, page_picture
from foundation.files.storage import content_open
from foundation.records.lexemes import READ, Question, question_of
from foundation.ui.columns import Chip
from foundation.ui.components import Listing, Person, When
from foundation.ui.error_pages import error_response
from foundation.ui.pages import Page, fills
from foundation.ui.pagination import BadPage, parse_page, read_page
from foundation.ui.pagination import Page as Part
from foundation.ui.security import FILE_POLICY
from foundation.ui.structure import Action, Crumb, EmptyState, Fact
from policies.choices import DocumentType
from policies.models import Document, DocumentVersion
from policies.selectors import (
    Around,
    audience_words,
    library_excerpts,
    library_for,
    library_found,
    library_picture,
    library_prose,
    library_types,
    library_version,
)

logger = structlog.get_logger(__name__)

RESULTS = "results"


def since_of(version: DocumentVersion) -> date | None:
    """Return the day, of the organisation, since which a version is in force: later than the one chosen where its approval was."""
    return organisation_day(version.published_at) if version.published_at else None


class Library(Page):
    """What is in force and meant for the reader: by type, and by words of the whole text."""

    text: str
    question: Question
    type: str
    notices: list[str]

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Read what is asked for."""
        super().setup(request, *args, **kwargs)
        self.text = request.GET.get("q", "").strip()[:READ]
        self.question = question_of(self.text)
        asked = request.GET.get("type", "")
        self.type = asked if asked in DocumentType.values else ""
        self.notices = []
        if asked and not self.type:
            self.notices.append(_("There is no type “%(name)s”.") % {"name": asked[:40]})
        if self.question.is_cut:
            self.notices.append(_("Only the first words of this are searched for."))

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the page, or its results alone for htmx."""
        page = self._page()
        is_part = fills(request, RESULTS)
        shown = library_excerpts(page.rows, self.question) if self.question and page.rows else {}
        context = {
            "title": _("Policy library"),
            "subtitle": _("What is in force and meant for you"),
            "text": self.text,
            "type": self.type,
            "question": self.question,
            "is_part": is_part,
            "now": self.now,
            "notices": self.notices,
            "chips": self._chips(),
            "lines": [
                (version, self._since(version), shown.get(version.pk, Around())) for version in page.rows
            ],
            "empty": None if page.rows else self._empty_state(),
            "count_text": self._count_text(page),
            "page": page,
            "page_links": [(number, self._url(page=number) if number else "") for number in page.numbers],
            "previous_url": self._url(page=page.previous) if page.previous else "",
            "next_url": self._url(page=page.next) if page.next else "",
        }
        return render(
            request, "policies/_library_results.html" if is_part else "policies/library.html", context
        )

    def _since(self, version: DocumentVersion) -> When:
        return When(since_of(version), self.now)

    def _page(self) -> Part:
        rows = library_found(library_for(self.request.user), self.question, type=self.type)
        asked = self.request.GET.get("page", "1")
        try:
            return read_page(rows, parse_page(asked))
        except BadPage as error:
            self.notices.append(_("There is no page “%(page)s” here.") % {"page": asked[:20]})
            return read_page(rows, error.nearest)

    def _chips(self) -> Sequence[Chip]:
        """Return the types that there is something of, with how much."""
        counts = library_types(library_for(self.request.user), self.question)
        if len(counts) < 2 and not self.type:
            return ()
        kinds = [
            Chip(f"{kind.label} {counts[kind]}", self._url(type=kind.value), self.type == kind)
            for kind in DocumentType
            if kind in counts
        ]
        return (Chip(_("All"), self._url(type=""), not self.type), *kinds)

    def _url(self, **changes: Any) -> str:
        asked = {"q": self.text, "type": self.type, **changes}
        query = urlencode({name: value for name, value in asked.items() if value})
        return f"{self.request.path}?{query}" if query else self.request.path

    def _count_text(self, page: Part) -> str:
        if page.is_capped:
            return _("More than %(count)s documents") % {"count": page.total}
        return ngettext("%(count)s document", "%(count)s documents", page.total) % {"count": page.total}

    def _empty_state(self) -> EmptyState:
        if self.text:
            return EmptyState(
                _("Nothing found for “%(text)s”") % {"text": self.text[:80]},
                _("All words must occur. Leave one out, or write less of it."),
                "search",
            )
        return EmptyState(
            _("Nothing is in force for you yet"),
            _("What is published and meant for you stands here from its day on."),
            "book",
        )


class OfLibrary(Page):
    """What pages of one document in the library have in common: it is in force, and meant for the reader."""

    def find(self, reference: str) -> DocumentVersion:
        """Return the version in force; raise Http404 for whatever is not meant for the reader."""
        version = library_version(self.request.user, reference)
        if version is None:
            raise Http404
        return version

    def unavailable(self, error: OSError) -> HttpResponse:
        """Return 503: the file is known, and can't be read just now."""
        logger.error("policies.storage_away", reason=str(error))
        words = _("The storage of files does not answer. Try again in a minute.")
        return error_response(self.request, 503, title=_("This file cannot be read just now"), wait=words)


class LibraryDocument(OfLibrary):
    """A document as it is in force, to be read and printed."""

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Show it."""
        version = self.find(reference)
        text = library_prose(version, request.user)
        context = {
            "now": self.now,
            "title": version.title,
            "subtitle": Listing(
                (
                    reference,
                    version.document.get_type_display(),
                    _("version %(label)s") % {"label": version.label},
                ),
                " · ",
            ),
            "crumbs": (Crumb(_("Policy library"), reverse("policies:library")), Crumb(reference)),
            "actions": self.get_actions(version),
            "facts": self.get_facts(version),
            "version": version,
            "text": text,
            "sections": [one for one in text.sections if one.depth <= 2],
        }
        return render(request, "policies/library_document.html", context)

    def get_actions(self, version: DocumentVersion) -> Sequence[Action]:
        """Return the ways to take it along, and to the register for who may read that."""
        document, actions = version.document, []
        if Document.objects.visible_to(self.request.user).filter(pk=document.pk).exists():
            actions.append(Action(_("In the register"), document.get_absolute_url(), icon="file-text"))
        pdf = reverse("policies:library-pdf", args=[document.reference])
        actions.append(Action(_("PDF"), pdf, icon="file-type-pdf", primary=version.file is None))
        if version.file and not version.file.is_harmful and not version.file.file.is_withdrawn:
            url = reverse("policies:library-file", args=[document.reference])
            actions.append(Action(_("Download the original"), url, icon="download", primary=True))
        return actions

    def get_facts(self, version: DocumentVersion) -> Sequence[Fact]:
        """Return since when it holds, for whom, and whom to ask."""
        document = version.document
        return (
            Fact(_("In force since"), When(since_of(version), self.now)),
            Fact(_("Version"), version.label),
            Fact(_("For"), audience_words(version)),
            Fact(_("Owner"), Person(document.owner.full_name)),
            Fact(_("Looked at again by"), When(document.review_on, self.now)),
        )


class LibraryPicture(OfLibrary):
    """A picture that a text shows, made here anew: nothing that stood in the file reaches the browser but pixels."""

    def get(self, request: HttpRequest, reference: str, key: UUID, number: int) -> HttpResponse:
        """Return the picture."""
        picture = library_picture(self.find(reference), request.user, key, number)
        if picture is None:
            raise Http404
        try:
            drawn = page_picture(picture, 1)
        except NotDrawn as error:
            raise Http404 from error
        except OSError as error:
            return self.unavailable(error)
        headers = {"Content-Security-Policy": FILE_POLICY, "Content-Disposition": "inline"}
        return HttpResponse(drawn, content_type=CONTENT_TYPE, headers=headers)


class LibraryFile(OfLibrary):
    """Hands over the file that holds, where a file does."""

    def get(self, request: HttpRequest, reference: str) -> HttpResponseBase:
        """Return the content under its name, as it was approved."""
        file = self.find(reference).file
        if file is None or file.is_harmful or file.file.is_withdrawn:
            raise Http404
        try:
            content = content_open(file.storage_key)
        except OSError as error:
            return self.unavailable(error)
        return FileResponse(
            content,
            as_attachment=True,
            filename=file.name,
            content_type=file.content_type,
            headers={"Content-Security-Policy": FILE_POLICY, "Content-Length": str(file.size)},
        )
