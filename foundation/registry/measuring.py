"""What is known of how a duty stands: numbers of rows, and what each of them says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from foundation.registry.texts import StrOrPromise

# What is due within so many days, today's among them, is due soon.
SOON = timedelta(days=7)


def days_soon(today: date) -> tuple[date, date]:
    """Return the first and the last day of what is due soon."""
    return today, today + SOON


def asked_soon(today: date, name: str) -> dict[str, str]:
    """Return these days as the filters `<name>_from` and `<name>_until` of a list."""
    first, last = days_soon(today)
    return {f"{name}_from": first.isoformat(), f"{name}_until": last.isoformat()}


class Standing(StrEnum):
    """What a number above zero says of its duty: something's day is over, needs somebody soon, or is planned."""

    OVERDUE = "overdue"
    ATTENTION = "attention"
    PLANNED = "planned"


class Better(StrEnum):
    """Which way a number gets better."""

    LESS = "less"
    MORE = "more"
    NEITHER = "neither"


def _visible(rows: Any, user: Any) -> Any:
    return rows.visible_to(user)


@dataclass(frozen=True, kw_only=True)
class DutyIndicator:
    """A number that tells how a duty stands: of how many rows something is true now.

    `area` is the key of the navigation entry that the records counted belong to, as `RecordKind.duty`; an empty one adds the number to
    every area that has records. `rows(area, now)` returns the queryset that is counted, of rows that carry `unit`, `owner` and
    `confidentiality`, whoever asks; `seen_by(rows, user)` keeps those that a person may know of. With `of`, the number is a part of
    what that returns, and shown so. The list at `url_name` under the filters `asked(area, now)` shows just these rows; it takes
    `unit` and `owner` as well. With `of_all_units`, whoever reads records anywhere may know of the rows, whatever their unit. `said` is a sentence in both numbers, about `%(count)s`; so is
    `unit_label`, which names what is counted (`ngettext_lazy` by "count").
    """

    key: str
    label: StrOrPromise
    unit_label: StrOrPromise
    said: StrOrPromise
    rows: Callable[[str, datetime], Any]
    url_name: str
    asked: Callable[[str, datetime], Mapping[str, str]]
    area: str = ""
    of: Callable[[str, datetime], Any] | None = None
    seen_by: Callable[[Any, Any], Any] = _visible
    of_all_units: bool = False
    means: Standing | None = None
    better: Better = Better.LESS
    order: int = 100
