"""What a version changes, line by line: of a version that was accepted, and for the pages that accept one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from compliance.catalogues import Change, ChangedNode, Difference, Kind, compare
from compliance.models import Edition, Framework
from compliance.parts import CHANGES, FIELDS, change_badge
from compliance.selectors import changes_read, sketches_of, text_changes
from compliance.selectors.pages import COMPARED, plain_words
from foundation.passages import Effort, Fate, Passage, TooMuch
from foundation.records.imports.parts import page_links, page_of
from foundation.ui.addresses import address_of_key
from foundation.ui.columns import Chip
from foundation.ui.components import Badge
from foundation.ui.lists import RESULTS
from foundation.ui.pages import Page, fills
from foundation.ui.passages import Passages
from foundation.ui.structure import Crumb

LINES_A_PAGE = 15
PAGE_EFFORT = 90_000  # for comparing the texts of one page, some ten milliseconds
ONE = "line"


@dataclass(frozen=True)
class DifferenceLine:
    """A line that is not the same, as it is drawn: its texts with what changed in them.

    `more` is the address that shows them, where the page has no room for them.
    """

    line: ChangedNode
    badge: Badge
    texts: Sequence[tuple[Any, Passages]]
    fields: str
    note: str
    more: str = ""
    url: str = ""


def difference_context(
    request: HttpRequest,
    difference: Difference,
    *,
    path: str = "",
    is_accepted: bool = False,
    read: Callable[[Sequence[ChangedNode]], Sequence[ChangedNode]] = changes_read,
) -> dict[str, Any]:
    """Return one page of what is not the same, narrowed as the address asks (`?show=changed`, `?line=ac-2`), with the links to the rest.

    `path` is the page's own address, where it is not that of the request; `read` returns lines with their texts. Of
    versions that were accepted, each line leads to its own page.
    """
    path = path or request.path
    shown, key = request.GET.get("show", ""), request.GET.get(ONE, "")
    known = shown in {change.value for change in Change}
    lines = difference.only(shown) if known else difference.lines
    if key:
        lines = tuple(line for line in difference.lines if line.node.key == key)
    page = page_of(request, lines, size=LINES_A_PAGE)
    is_first = len(difference.lines) == difference.counts[Change.ADDED] and not difference.same
    effort = None if key else Effort(PAGE_EFFORT)
    return {
        "difference": difference,
        "lines": [
            _drawn(line, path, effort, is_first=is_first, url=_url(sketch) if is_accepted else "")
            for sketch, line in zip(page.rows, read(page.rows), strict=True)
        ],
        "chips": _chips(path, difference, "" if key else shown if known else "all"),
        **page_links(request, page, {"show": shown if known else "", ONE: key}, path=path),
    }


def _url(line: ChangedNode) -> str:
    """Return the address of what a version says of a line, or said last; groups have none."""
    return "" if line.node.kind == Kind.GROUP else address_of_key("compliance:text-detail", line.node.pk)


def _drawn(
    line: ChangedNode, path: str, effort: Effort | None, *, is_first: bool, url: str
) -> DifferenceLine:
    """Return a line as it is drawn; of a first version, where everything is new, by its name alone."""
    badge = change_badge(line.change)
    try:
        texts = [] if is_first else _texts(line, effort)
    except TooMuch:
        more = f"{path}?{urlencode({ONE: line.node.key})}"
        return DifferenceLine(line, badge, [], "", _note(line), more, url)
    others = [str(FIELDS[name]) for name in line.fields if name not in COMPARED]
    return DifferenceLine(line, badge, texts, ", ".join(others), _note(line), url=url)


def _texts(line: ChangedNode, effort: Effort | None) -> list[tuple[Any, Passages]]:
    if line.change in (Change.CHANGED, Change.REINSTATED):
        return [(FIELDS[name], Passages(found)) for name, found in text_changes(line.old, line.new, effort)]
    if line.change == Change.ADDED and line.node.statement:
        if effort is not None:
            effort.take(len(line.node.statement))
        return [(FIELDS["statement"], Passages([Passage(Fate.NEW, plain_words(line.node.statement))]))]
    return []


def _note(line: ChangedNode) -> str:
    if line.change != Change.WITHDRAWN:
        return ""
    if went := ", ".join(one.identifier for one in line.node.withdrawn_to):
        return _("Taken up by %(identifiers)s.") % {"identifiers": went}
    return _("It is no longer there.") if line.is_gone else ""


def _chips(path: str, difference: Difference, shown: str) -> list[Chip]:
    chips = [Chip(f"{_('All')} {len(difference.lines)}", path, shown == "all")]
    return chips + [
        Chip(
            f"{label} {difference.counts[change]}",
            f"{path}?{urlencode({'show': change.value})}",
            shown == change,
        )
        for change, (label, _tone, _icon) in CHANGES.items()
        if difference.counts[change]
    ]


class EditionDifferences(Page):
    """What an accepted version changed against the one before."""

    def get(self, request: HttpRequest, reference: str, number: int) -> HttpResponse:
        """Show it."""
        framework: Framework = get_object_or_404(
            Framework.objects.visible_to(request.user), reference=reference
        )
        accepted = framework.editions.accepted()
        edition: Edition = get_object_or_404(accepted, number=number)
        before = accepted.filter(number__lt=number).order_by("-number").first()
        difference = compare(sketches_of(before), sketches_of(edition))
        context = {
            "title": _("What version %(label)s changed") % {"label": edition.label},
            "subtitle": framework.title
            if before is None
            else _("%(framework)s · against version %(label)s")
            % {"framework": framework.title, "label": before.label},
            "crumbs": (
                Crumb(_("Frameworks"), reverse("compliance:framework-list")),
                Crumb(framework.reference, framework.get_absolute_url()),
                Crumb(_("Versions"), framework.get_tab_url("versions")),
                Crumb(edition.label),
            ),
            **difference_context(request, difference, is_accepted=True),
        }
        part = fills(request, RESULTS)
        return render(
            request,
            "compliance/_differences.html" if part else "compliance/edition_differences.html",
            context,
        )
