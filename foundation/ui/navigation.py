"""The side bar: the registry's entries that a person may see, in groups, with what waits for them."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from foundation.registry import NavigationEntry, ShellCount, registry
from foundation.ui.addresses import addresses_of
from foundation.ui.counts import count_each

# The group of entries that stand in the person's own menu, at the top right.
OWN_MENU = "me"
# Keep the keys of the frame's numbers, and of the page's own, apart from those of entries.
SHELL = "shell:"
PAGE = "page:"

GROUP_LABELS: dict[str, str | Promise] = {
    "": "",
    "govern": _("Govern"),
    "protect": _("Protect"),
    "watch": _("Watch"),
    "manage": _("Manage"),
}


class Access(Protocol):
    """What `request.access` answers, whoever works it out."""

    def has(self, right: str) -> bool:
        """Tell whether the person has the right for the whole organisation."""

    def has_anywhere(self, right: str) -> bool:
        """Tell whether the person has the right at all."""

    def missing(self, right: str) -> PermissionDenied:
        """Return the error that refuses something for want of the right, and says so."""


@dataclass(frozen=True)
class NavigationLink:
    """One link as it is drawn."""

    label: str | Promise
    icon: str
    url: str
    badge: int
    is_current: bool


@dataclass(frozen=True)
class NavigationGroup:
    """Links under one heading."""

    key: str
    label: str | Promise
    links: list[NavigationLink]


@dataclass(frozen=True)
class Frame:
    """What stands around every page: the groups of links, and the numbers of the registry's `ShellCount`s by key.

    `page_counts` are the numbers that the page asked for with `also_count()`.
    """

    groups: list[NavigationGroup]
    counts: dict[str, int]
    page_counts: dict[str, int] = field(default_factory=dict)
    look: Hashable = ()  # says all that the groups are drawn from


def access_of_request(request: HttpRequest) -> Access | None:
    """Return what whoever sent the request may do; None when nothing has worked it out."""
    return getattr(request, "access", None)


def entries_for(request: HttpRequest) -> list[NavigationEntry]:
    """Return the entries that whoever sent the request may see; nobody who is signed out sees any."""
    if not request.user.is_authenticated:
        return []
    access = access_of_request(request)
    return [entry for entry in registry.navigation() if _may_open(entry, access)]


def _may_open(entry: NavigationEntry, access: Access | None) -> bool:
    if entry.right is None:
        return True
    if access is None:
        return False
    return access.has(entry.right) if entry.whole_organisation else access.has_anywhere(entry.right)


def _has(access: Access | None, right: str | None) -> bool:
    return right is None or (access is not None and access.has_anywhere(right))


def _current_key(path: str, urls: dict[str, str]) -> str | None:
    """Return the key of the entry whose address is the longest beginning of the path; "/" only matches itself."""
    matching = [key for key, url in urls.items() if path == url or (url != "/" and path.startswith(url))]
    return max(matching, key=lambda key: len(urls[key]), default=None)


def _count(entries: list[NavigationEntry], request: HttpRequest, now: datetime) -> dict[str, int]:
    """Return the numbers of entries and of the frame by key, by one statement."""
    access = access_of_request(request)
    waiting = {
        entry.key: entry.badge(request.user, now)
        for entry in entries
        if entry.badge and _has(access, entry.badge_right)
    }
    for count in registry.all(ShellCount):
        waiting[f"{SHELL}{count.key}"] = count.rows(request.user, now)
    for key, rows in _counted_for(request).items():
        waiting[f"{PAGE}{key}"] = rows
    return dict(zip(waiting, count_each(list(waiting.values())), strict=True))


def also_count(request: HttpRequest, rows: Mapping[str, Any]) -> None:
    """Let the page's own numbers, of querysets or statements by key, come with those of the frame: as `page_counts.<key>`."""
    request.counted_for_page = {**_counted_for(request), **rows}  # type: ignore[attr-defined]


def _counted_for(request: HttpRequest) -> Mapping[str, Any]:
    found: Mapping[str, Any] = getattr(request, "counted_for_page", {})
    return found


def frame_for(request: HttpRequest, *, now: datetime) -> Frame:
    """Return the groups of the side bar (and of the own menu, under OWN_MENU) in order, and the frame's own numbers.

    All numbers together cost one query.
    """
    if not request.user.is_authenticated:
        return Frame([], {})
    entries = entries_for(request)
    drawn = (*GROUP_LABELS, OWN_MENU)
    entries = [entry for entry in entries if entry.group.lower() in drawn]
    addresses = addresses_of(tuple(entry.url_name for entry in entries))
    urls = {entry.key: address for entry, address in zip(entries, addresses, strict=True)}
    current = _current_key(request.path, urls)
    numbers = _count(entries, request, now)
    links: dict[str, list[NavigationLink]] = {}
    for entry in entries:
        link = NavigationLink(
            label=entry.label,
            icon=entry.icon,
            url=urls[entry.key],
            badge=numbers.get(entry.key, 0),
            is_current=entry.key == current,
        )
        links.setdefault(entry.group.lower(), []).append(link)
    return Frame(
        groups=[
            NavigationGroup(key, GROUP_LABELS.get(key, key), links[key]) for key in drawn if key in links
        ],
        page_counts={key: numbers[f"{PAGE}{key}"] for key in _counted_for(request)},
        counts={count.key: numbers[f"{SHELL}{count.key}"] for count in registry.all(ShellCount)},
        look=(current, *((entry.key, urls[entry.key], numbers.get(entry.key, 0)) for entry in entries)),
    )
