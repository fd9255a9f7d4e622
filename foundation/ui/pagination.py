"""Pages of a long list that never count all of it.

Rows are counted to a cap. Pages below the cap are numbered from the start; beyond it, negative numbers count from the end
(-1 is the last page), read in reversed order, so that both ends of 100,000 rows cost the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

COUNTED = 1_000
PAGE_SIZE = 25


class BadPage(ValueError):
    """The page asked for is no page of this list; `nearest` is one that is."""

    def __init__(self, asked: str, nearest: int) -> None:
        super().__init__(f"No page {asked!r}")
        self.nearest = nearest


@dataclass(frozen=True)
class Page:
    """Some rows of a list, and where they stand in it. `number` is negative when it counts from the end."""

    rows: list[Any]
    number: int
    size: int
    total: int
    is_capped: bool

    @property
    def pages(self) -> int:
        """Return how many pages are numbered from the start."""
        return max(1, -(-self.total // self.size))

    @property
    def first(self) -> int:
        """Return the position of the first row shown, counted from 1; 0 for an empty list or from the end."""
        return (self.number - 1) * self.size + 1 if self.rows and self.number > 0 else 0

    @property
    def last(self) -> int:
        """Return the position of the last row shown."""
        return self.first + len(self.rows) - 1 if self.first else 0

    @property
    def previous(self) -> int | None:
        """Return the number of the page before, or None."""
        if self.number > 1:
            return self.number - 1
        if self.number < 0 and -self.number < self.pages:
            return self.number - 1
        return None

    @property
    def next(self) -> int | None:
        """Return the number of the page after, or None."""
        if self.number > 0:
            return self.number + 1 if self.number < self.pages else None
        return self.number + 1 if self.number < -1 else None

    @property
    def final(self) -> int:
        """Return the number of the last page."""
        return -1 if self.is_capped else self.pages

    @property
    def numbers(self) -> list[int | None]:
        """Return the page numbers to offer: the ends, and those around this one; None where some are left out."""
        if self.number < 0:
            near = range(max(self.number - 1, -self.pages), min(self.number + 1, -1) + 1)
            return [1, None, *near] if -1 in near else [1, None, *near, None, -1]
        shown: list[int | None] = []
        for number in range(1, self.pages + 1):
            if number in (1, self.pages) or abs(number - self.number) <= 1:
                shown.append(number)
            elif shown[-1] is not None:
                shown.append(None)
        if self.is_capped:
            shown += [None, -1]
        return shown


def parse_page(text: str) -> int:
    """Return the page number in a URL; raise BadPage for anything that is none."""
    try:
        number = int(text) if len(text) < 10 else 0
    except ValueError:
        number = 0
    if number == 0:
        raise BadPage(text[:20], 1)
    return number


def read_page(
    rows: QuerySet[Any],
    number: int,
    *,
    size: int = PAGE_SIZE,
    counted: int = COUNTED,
    grounds: Sequence[Q] = (),
    in_full: Callable[[QuerySet[Any]], QuerySet[Any]] = lambda rows: rows,
) -> Page:
    """Return one page of an ordered queryset, with two queries; raise BadPage when there is no such page.

    The order must be total (end in the primary key), else the pages from both ends would not fit. The first query reads
    the keys up to the cap, in order: they tell the count, and which rows the page holds. Asked for one page at once,
    PostgreSQL would walk the whole order for rows that it wrongly believes to be many.

    `grounds` are conditions of which every row fulfils at least one. PostgreSQL cannot use indexes for "owned by me, or
    of my unit, or …", but for each alone: the keys are then read ground by ground, each up to the cap, and put together.

    `in_full` adds what is read of the rows that are shown: joins, which Django would take along for all the keys.
    """
    keys = _keys(rows, counted + 1, grounds, backwards=number < 0)
    is_capped = len(keys) > counted
    total = min(len(keys), counted)
    pages = max(1, -(-total // size))
    if abs(number) > pages:
        raise BadPage(str(number), pages if number > 0 else -pages if is_capped else 1)
    if number < 0 and not is_capped:
        number = pages + 1 + number
        keys.reverse()
    start = (abs(number) - 1) * size
    wanted = keys[start : start + size][:: 1 if number > 0 else -1]
    shown = in_full(rows.filter(pk__in=wanted).order_by()) if wanted else ()
    found = {row.pk: row for row in shown}
    return Page([found[key] for key in wanted if key in found], number, size, total, is_capped)


def _keys(rows: QuerySet[Any], limit: int, grounds: Sequence[Q], *, backwards: bool) -> list[Any]:
    """Return the first primary keys in the rows' order, or the last ones from the end."""
    names = _order_names(rows, backwards=backwards) if len(grounds) > 1 else []
    if not names:
        ordered = rows.reverse() if backwards else rows
        return list(ordered.values_list("pk", flat=True)[:limit])
    key = rows.model._meta.pk.attname
    columns = [key, *(name.removeprefix("-") for name in names if name.removeprefix("-") != key)]
    ordered = rows.order_by(*names).values_list(*columns)
    first, *others = (ordered.filter(ground)[:limit] for ground in grounds)
    return [row[0] for row in first.union(*others).order_by(*names)[:limit]]


def _order_names(rows: QuerySet[Any], *, backwards: bool) -> list[str]:
    """Return the columns that the rows are ordered by, or nothing when they are more than columns of their own table.

    Whether the queryset was reversed is not for here: whatever is made of it stays so.
    """
    key = rows.model._meta.pk.attname
    names = [name if isinstance(name, str) else "?" for name in rows.query.order_by]
    if any(not name.removeprefix("-").isidentifier() or "__" in name for name in names):
        return []
    names = [name.replace("pk", key) if name in ("pk", "-pk") else name for name in names]
    if backwards:
        names = [name.removeprefix("-") if name.startswith("-") else f"-{name}" for name in names]
    return names
