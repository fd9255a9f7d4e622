"""What stands around every page: links of the side bar, numbers, commands of the palette, first steps on the desk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from foundation.registry.texts import StrOrPromise


@dataclass(frozen=True, kw_only=True)
class NavigationEntry:
    """A link in the side bar. `badge(user, now)` returns the rows whose number stands beside it: a
    queryset, or a `foundation.ui.counts.Statement`.

    `right` None: everyone who is signed in sees it.

    `badge_right`: of whom the entry shows the number; None: of everyone who sees the entry. For nobody else it is counted.

    `whole_organisation`: its page needs the right for the whole organisation, and not only for some units.
    """

    key: str
    label: StrOrPromise
    icon: str
    url_name: str
    group: str = ""
    order: int = 100
    right: str | None = None
    whole_organisation: bool = False
    badge: Callable[[Any, datetime], Any] | None = None
    badge_right: str | None = None


@dataclass(frozen=True, kw_only=True)
class ShellCount:
    """A number that the frame of every page shows, besides those of the side bar: unread notices.

    `rows(user, now)` returns the queryset or `Statement` that is counted, in one query with all badges. A template reads it as
    `shell_counts.<key>`.
    """

    key: str
    rows: Callable[[Any, datetime], Any]


@dataclass(frozen=True, kw_only=True)
class Command:
    """Something that a person may do from the palette: a page that begins it ("New audit").

    `right` None: everyone who is signed in; else who has the right anywhere. `also` holds other words for it, by which it
    is found, too.
    """

    key: str
    label: StrOrPromise
    icon: str
    url_name: str
    right: str | None = None
    also: StrOrPromise = ""
    order: int = 100


@dataclass(frozen=True, kw_only=True)
class FirstStep:
    """Something that a new organisation does first, on the desk of who runs it until it is done.

    `done(now)` returns the queryset that tells so, by having `at_least` so many rows, or a plain answer. The page at
    `url_name` is where it is done, by who has the `right`.
    """

    key: str
    label: StrOrPromise
    text: StrOrPromise
    icon: str
    url_name: str
    order: int
    done: Callable[[datetime], Any]
    right: str | None = None
    at_least: int = 1
