"""The search page, and what the palette offers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_day
from foundation.accounts.permissions import person_of
from foundation.records.lexemes import READ, Question, question_of
from foundation.registry import RecordKind, SearchSource, registry
from foundation.search.lines import Section, lines_of, section_of
from foundation.search.palette import palette_of
from foundation.search.selectors import Found, record_of_reference, records_matching, sources_for
from foundation.ui.columns import Chip
from foundation.ui.pages import Page, fills
from foundation.ui.pagination import PAGE_SIZE, BadPage, parse_page
from foundation.ui.pagination import Page as Part
from foundation.ui.structure import EmptyState

RESULTS = "results"
GLANCE = 5  # hits of a source, beside the records
IN_FULL = 50  # hits of a source alone


class PalettePage(Page):
    """What the palette offers for a text: a part of a page, which its script asks for with each keystroke."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the offers."""
        text = request.GET.get("q", "").strip()[:READ]
        question, groups = palette_of(request, person_of(request), text, now=self.now)
        count = sum(len(group.offers) for group in groups)
        context = {"question": question, "groups": groups, "count": count, "text": text}
        return render(request, "search/_palette_offers.html", context)


class SearchPage(Page):
    """All that a person may know of and that holds some words: records, ranked and paged, and what the sources find.

    `in` narrows it to a kind of record or to one source. With `jump`, which the boxes send along, a reference leads
    straight to its record.
    """

    user: User
    text: str
    question: Question
    sources: list[SearchSource]
    source: SearchSource | None
    kind: str
    notices: list[str]

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the page, its results alone for htmx, or the way to the record that was named."""
        is_part = fills(request, RESULTS)
        if "jump" in request.GET and not is_part and (named := record_of_reference(self.user, self.text)):
            return redirect(named.get_absolute_url())
        found = self._found()
        page = self._page(found.keys)
        lines = lines_of(page.rows, self.question, on=organisation_day(self.now))
        sections = self._sections(page)
        context = {
            "title": _("Search"),
            "text": self.text,
            "question": self.question,
            "is_part": is_part,
            "notices": self.notices,
            "chips": self._chips(found) if self.question else [],
            "lines": lines,
            "sections": sections,
            "empty": None if lines or sections else self._empty_state(),
            "count_text": self._count_text(found),
            "page": page,
            "page_links": [(number, self._url(page=number) if number else "") for number in page.numbers],
            "previous_url": self._url(page=page.previous) if page.previous else "",
            "next_url": self._url(page=page.next) if page.next else "",
        }
        return render(request, "search/_results.html" if is_part else "search/search.html", context)

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Read what is asked for, and where."""
        super().setup(request, *args, **kwargs)
        if not request.user.is_authenticated:
            return
        self.user = person_of(request)
        self.text = request.GET.get("q", "").strip()[:READ]
        self.question = question_of(self.text)
        self.notices = []
        self.sources = sources_for(self.user)
        narrowed = request.GET.get("in", "")
        self.source = next((source for source in self.sources if source.key == narrowed), None)
        self.kind = narrowed if registry.find(RecordKind, narrowed) else ""
        if narrowed and not self.source and not self.kind:
            self.notices.append(_("There is nothing to search as “%(name)s”.") % {"name": narrowed[:40]})
        if self.question.is_cut:
            self.notices.append(_("Only the first words of this are searched for."))

    def _found(self) -> Found:
        if self.source:
            return Found(self.question)
        return records_matching(self.user, self.text, kind=self.kind)

    def _page(self, keys: Sequence[int]) -> Part:
        asked = self.request.GET.get("page", "1")
        try:
            number = parse_page(asked)
        except BadPage:
            number = 0
        if not 1 <= number <= max(1, -(-len(keys) // PAGE_SIZE)):
            number = 1
            self.notices.append(_("There is no page “%(page)s”.") % {"page": asked[:20]})
        rows = list(keys[(number - 1) * PAGE_SIZE : number * PAGE_SIZE])
        return Part(rows, number, PAGE_SIZE, len(keys), is_capped=False)

    def _sections(self, page: Part) -> list[Section]:
        """Return what the sources find: one of them in full, or the first few of each beside the first page of records."""
        if not self.question or self.kind or page.number > 1:
            return []
        asked, limit = ([self.source], IN_FULL) if self.source else (self.sources, GLANCE)
        sections = (
            section_of(
                source,
                self.user,
                self.text,
                limit=limit,
                now=self.now,
                more_url=self._url(**{"in": source.key}),
            )
            for source in asked
        )
        return [section for section in sections if section.hits]

    def _chips(self, found: Found) -> list[Chip]:
        is_all = not self.kind and not self.source
        chips = [Chip(_("All"), self._url(**{"in": ""}), is_all)]
        for kind in registry.all(RecordKind):
            count = found.kinds.get(kind.key, 0) if is_all and not found.is_capped else None
            if count != 0:
                label = f"{kind.label_plural} {count}" if count else str(kind.label_plural)
                chips.append(Chip(label, self._url(**{"in": kind.key}), self.kind == kind.key))
        chips += [
            Chip(str(source.label), self._url(**{"in": source.key}), source is self.source)
            for source in self.sources
        ]
        return chips

    def _count_text(self, found: Found) -> str:
        count = len(found.keys)
        if found.is_capped:
            return _("More than %(count)s records, of which the newest are shown: add a word.") % {
                "count": count
            }
        return ngettext("%(count)s record", "%(count)s records", count) % {"count": count}

    def _url(self, **changes: Any) -> str:
        """Return the address of this search with another page, or (on its first page) in another place."""
        narrowed = self.source.key if self.source else self.kind
        asked = {"q": self.text, "in": narrowed, **changes}
        return f"{self.request.path}?{urlencode({name: value for name, value in asked.items() if value})}"

    def _empty_state(self) -> EmptyState:
        if self.question:
            return EmptyState(
                _("Nothing found for “%(text)s”") % {"text": self.text[:80]},
                _("All words must occur. Leave one out, write less of it, or search everywhere."),
                icon="search",
            )
        if self.text:
            return EmptyState(
                _("There is no word in this"), _("Write at least a letter or a digit."), icon="search"
            )
        return EmptyState(
            _("What are you looking for?"),
            _("Write a reference such as AUD-0016, or words of a title. Beginnings will do."),
            icon="search",
        )
