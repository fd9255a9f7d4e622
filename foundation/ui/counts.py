"""Small counts of several things at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

MOST = 99


@dataclass(frozen=True)
class Statement:
    """A query written by hand, whose rows are counted: where every page asks it, and the ORM takes longer than the answer."""

    sql: str
    values: Sequence[Any]


def count_each(wanted: Sequence[QuerySet[Any] | Statement], *, most: int = MOST) -> list[int]:
    """Return how many rows each of them has, up to `most`, by one query for all of them; by none for none."""
    parts: list[str] = []
    values: list[Any] = []
    places: list[int] = []
    for place, rows in enumerate(wanted):
        try:
            sql, parameters = _limited(rows, most)
        except EmptyResultSet:
            continue
        parts.append(f"(SELECT COUNT(*) FROM ({sql}) AS counted)")  # noqa: S608 - written by Django or by us, its values apart
        values.extend(parameters)
        places.append(place)
    counts = [0] * len(wanted)
    if parts:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(parts)}", values)
            for place, count in zip(places, cursor.fetchone(), strict=True):
                counts[place] = count
    return counts


def _limited(rows: QuerySet[Any] | Statement, most: int) -> tuple[str, Sequence[Any]]:
    """Return the SQL for the first rows, of a queryset: `rows.order_by().values("pk")[:most]`, by one copy in place of three."""
    if isinstance(rows, Statement):
        return f"{rows.sql} LIMIT %s", (*rows.values, most)
    query = rows.query.chain()
    query.clear_ordering(force=True)
    query.clear_select_clause()
    query.add_fields(["pk"])
    query.set_limits(high=most)
    return query.sql_with_params()
