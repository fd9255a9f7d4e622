"""The tree of an edition as pages show it: all of a short one, else its groups with one of them open, page by page."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest

from compliance.catalogues.values import MOST_DEPTH
from compliance.models import Edition, RequirementText
from compliance.selectors import branches_of, levels_of, lines_below
from compliance.selectors.outline import Branch, is_short, lines_of
from foundation.records.imports.parts import page_links, page_number
from foundation.ui.pagination import Page


def outline_context(
    request: HttpRequest, edition: Edition, *, size: int, parameters: Mapping[str, str]
) -> dict[str, Any]:
    """Return the branches, each with the way to it and the lines that are shown of it: (branch, address, lines or None)."""
    branches = branches_of(edition)
    shown: dict[int, list[RequirementText]] = {}
    links: dict[str, Any] = {}
    chosen = request.GET.get("group", "") if len(branches) > 1 else branches[0].key if branches else ""
    if is_short(branches):
        shown = _all_lines(edition, branches)
    elif branch := next((branch for branch in branches if branch.key == chosen), None):
        page = _page(request, lines_below(edition, branch), branch.below, size)
        shown = {branch.pk: list(page.rows)}
        links = page_links(request, page, {**parameters, "group": branch.key})
    return {
        "branches": [
            (
                branch,
                f"{request.path}?{urlencode({**parameters, 'group': branch.key})}#open",
                levels_of(shown[branch.pk], above=branch.is_group) if branch.pk in shown else None,
            )
            for branch in branches
        ],
        "chosen": chosen,
        **links,
    }


def found_context(
    request: HttpRequest, lines: QuerySet[RequirementText], *, size: int, parameters: Mapping[str, str]
) -> dict[str, Any]:
    """Return one page of the lines that answer to a question, and how many there are."""
    page = _page(request, lines, lines.count(), size)
    return {
        "is_asked": True,
        "found": page.total,
        "lines": levels_of(page.rows, above=MOST_DEPTH),
        **page_links(request, page, parameters),
    }


def _page(request: HttpRequest, lines: QuerySet[RequirementText], total: int, size: int) -> Page:
    number = page_number(request, total, size=size)
    start = (number - 1) * size
    return Page(list(lines[start : start + size]), number, size, total, is_capped=False)


def _all_lines(edition: Edition, branches: list[Branch]) -> dict[int, list[RequirementText]]:
    lines = list(lines_of(edition))
    return {
        branch.pk: [line for line in lines if branch.first + branch.is_group <= line.position <= branch.last]
        for branch in branches
    }
