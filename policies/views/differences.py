"""What two versions of a document don't share: side by side, or in one text, word by word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from foundation.passages import Effort, Fate
from foundation.records.imports.parts import page_links, page_of
from foundation.ui.columns import Chip
from foundation.ui.components import Listing
from foundation.ui.dates import day_words
from foundation.ui.pages import Page
from foundation.ui.passages import marked
from foundation.ui.structure import Crumb
from policies.choices import SETTLED
from policies.comparison import Line, Pair, Stretch, Turn, cell_passages, compared, stretches
from policies.models import Document, DocumentVersion
from policies.selectors import audience_words, documents_visible, unit_names, versions_of, versions_with_text
from policies.views.pages import document_crumbs

LINES_A_PAGE = 200
PAGE_EFFORT = 400_000  # for comparing the words of one page, some seventy milliseconds
SIGNS = {
    Turn.CHANGED: ("~", lazy("Changed")),
    Turn.FORMAT: ("~", lazy("Drawn otherwise, in the same words")),
    Turn.GONE: ("−", lazy("Removed")),
    Turn.NEW: ("+", lazy("Added")),
}
VIEWS = {"side": lazy("Side by side"), "inline": lazy("In one text")}


@dataclass(frozen=True)
class DrawnLine:
    """A line as it is drawn: as it was, and as it is with what is gone; `sign` and `label` say what became of it."""

    pair: Pair
    sign: str
    label: Any
    cells: Sequence[tuple[SafeString, SafeString]]

    @property
    def line(self) -> Line:
        """Return the line."""
        return self.pair.line

    @property
    def css(self) -> str:
        """Return the classes that it is drawn by."""
        quoted = " is-quoted" if self.line.is_quoted else ""
        return f"is-{self.line.kind} is-depth-{min(self.line.depth, 6)} is-{self.pair.turn}{quoted}"


@dataclass(frozen=True)
class DrawnStretch:
    """Lines in a row as they are drawn; one that is folded says how many it has. `number` is empty in the middle of a change."""

    stretch: Stretch
    lines: Sequence[DrawnLine]
    number: int = 0
    previous: str = ""
    next: str = ""

    @property
    def folded(self) -> str:
        """Return what is said in the place of lines that stay the same."""
        count = len(self.stretch.pairs)
        return ngettext("%(count)d line stays the same", "%(count)d lines stay the same", count) % {
            "count": count
        }


class VersionDifferences(Page):
    """What two versions of a document don't share; which two, and how they are shown, stands in the address."""

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Show it."""
        document: Document = get_object_or_404(documents_visible(request.user), reference=reference)
        versions = list(versions_of(document))
        old, new = self._chosen(document, versions)
        view = request.GET.get("view", "")
        view = view if view in VIEWS else "side"
        is_whole = request.GET.get("whole") == "1"
        asked = {"old": str(old.number), "new": str(new.number), "view": view, "whole": "1" * is_whole}

        def address(**more: str) -> str:
            said = {name: value for name, value in {**asked, **more}.items() if value}
            return f"{request.path}?{urlencode(said)}"

        context = {
            "title": _("What changed"),
            "subtitle": Listing(
                (
                    document.reference,
                    old.title,
                    _("%(old)s against %(new)s") % {"old": old.label, "new": new.label},
                ),
                " · ",
            ),
            "crumbs": document_crumbs(
                document,
                Crumb(document.reference, document.get_absolute_url()),
                Crumb(_("Versions"), reverse("policies:document-tab", args=[reference, "versions"])),
                Crumb(_("What changed")),
            ),
            "versions": versions,
            "old": old,
            "new": new,
            "view": view,
            "is_whole": is_whole,
            "views": [Chip(label, address(view=key), key == view) for key, label in VIEWS.items()],
            "turned_url": address(old=str(new.number), new=str(old.number)),
            "whole_url": address(whole="" if is_whole else "1"),
            "others": _others(old, new),
        }
        if old != new:
            context |= self._text(old, new, asked)
        return render(request, "policies/version_differences.html", context)

    def _chosen(
        self, document: Document, versions: Sequence[DocumentVersion]
    ) -> tuple[DocumentVersion, DocumentVersion]:
        """Return the versions that the address names: by itself the newest, against what was last in force before it."""
        found = {version.number: version for version in versions}
        new = self._named("new", found) or versions[0]
        old = self._named("old", found)
        if old is None:
            before = [version for version in versions if version.number < new.number]
            in_force = [version for version in before if version.state in SETTLED]
            old = next(iter([*in_force, *before, new]))
        for one in versions_with_text([old, new]):
            found[one.number].body = one.body
        return old, new

    def _named(self, name: str, found: dict[int, DocumentVersion]) -> DocumentVersion | None:
        asked = self.request.GET.get(name, "")
        if not asked:
            return None
        if not (asked.isascii() and asked.isdigit() and len(asked) < 9 and int(asked) in found):
            raise Http404
        return found[int(asked)]

    def _text(self, old: DocumentVersion, new: DocumentVersion, asked: dict[str, str]) -> dict[str, Any]:
        pairs = compared(old.body, new.body)
        found = stretches(pairs, is_folding=not asked["whole"])
        rows = [
            (stretch, pair)
            for stretch in found
            for pair in (stretch.pairs if not stretch.is_folded else (None,))
        ]
        page = page_of(self.request, rows, size=LINES_A_PAGE)
        counts = {turn: sum(pair.turn == turn for pair in pairs) for turn in SIGNS}
        changes = 0 if asked["whole"] else max((stretch.number for stretch in found), default=0)
        return {
            "stretches": _drawn(page.rows, self._ways(rows, asked), changes),
            "counts": [(label, counts[turn]) for turn, (_sign, label) in SIGNS.items() if counts[turn]],
            "is_same": not any(counts.values()),
            **page_links(self.request, page, asked),
        }

    def _ways(
        self, rows: Sequence[tuple[Stretch, Pair | None]], asked: dict[str, str]
    ) -> dict[int, tuple[int, str]]:
        """Return for each change at which row it begins, and its address, on whichever page it stands."""
        ways: dict[int, tuple[int, str]] = {}
        for place, (stretch, _pair) in enumerate(rows):
            if stretch.number and stretch.number not in ways:
                page = place // LINES_A_PAGE + 1
                said = {name: value for name, value in asked.items() if value} | {"page": page}
                ways[stretch.number] = (
                    place,
                    f"{self.request.path}?{urlencode(said)}#change-{stretch.number}",
                )
        return ways


def text_differences(old: str, new: str) -> dict[str, Any]:
    """Return what two texts don't share, as a part of a page: the first lines of it."""
    rows = [
        (stretch, pair)
        for stretch in stretches(compared(old, new))
        for pair in (stretch.pairs if not stretch.is_folded else (None,))
    ]
    return {"stretches": _drawn(rows[:LINES_A_PAGE], {}, 0), "is_cut": len(rows) > LINES_A_PAGE}


def _drawn(
    rows: Sequence[tuple[Stretch, Pair | None]], ways: dict[int, tuple[int, str]], changes: int
) -> list[DrawnStretch]:
    effort = Effort(PAGE_EFFORT)
    found: list[DrawnStretch] = []
    lines: list[DrawnLine] = []
    for place, (stretch, pair) in enumerate(rows):
        if pair is None:
            found.append(DrawnStretch(stretch, ()))
            continue
        if not place or rows[place - 1][0] is not stretch:
            lines = []
            number = stretch.number if changes else 0
            found.append(
                DrawnStretch(
                    stretch,
                    lines,
                    number,
                    ways[number - 1][1] if number > 1 else "",
                    ways[number + 1][1] if number and number < changes else "",
                )
            )
        lines.append(_line(pair, effort))
    return found


def _line(pair: Pair, effort: Effort) -> DrawnLine:
    sign, label = SIGNS.get(pair.turn, ("", ""))
    cells = cell_passages(pair, effort)
    return DrawnLine(
        pair,
        sign,
        label,
        [(marked(one for one in cell if one.fate != Fate.NEW), marked(cell)) for cell in cells],
    )


def _others(old: DocumentVersion, new: DocumentVersion) -> list[tuple[str, str, str]]:
    """Return what the versions say besides their text and don't share."""
    names = unit_names() if old.audience or new.audience else {}

    def said(version: DocumentVersion) -> list[tuple[str, str]]:
        return [
            (_("Title"), version.title),
            (_("File"), f"{version.file.name} ({version.file.sha256[:12]}…)" if version.file else _("none")),
            (_("Audience"), audience_words(version, names)),
            (
                _("In force from"),
                day_words(version.effective_on) if version.effective_on else _("once approved"),
            ),
        ]

    pairs = zip(said(old), said(new), strict=True)
    return [(label, before, after) for (label, before), (_label, after) in pairs if before != after]
