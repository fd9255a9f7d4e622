"""Small counts of several things at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from django.db.models.sql import Query

MOST = 99


def count_each(querysets: Sequence[QuerySet[Any]], *, most: int = MOST) -> list[int]:
    """Return how many rows each queryset has, up to `most`, by one statement for all of them; by none for none."""
    parts: list[str] = []
    values: list[Any] = []
    places: list[int] = []
    for place, rows in enumerate(querysets):
        try:
            sql, parameters = _keys(rows, most).sql_with_params()
        except EmptyResultSet:
            continue
        parts.append(f"(SELECT COUNT(*) FROM ({sql}) AS counted)")  # noqa: S608 - Django's own SQL, its values apart
        values.extend(parameters)
        places.append(place)
    counts = [0] * len(querysets)
    if parts:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(parts)}", values)
            for place, count in zip(places, cursor.fetchone(), strict=True):
                counts[place] = count
    return counts


def _keys(rows: QuerySet[Any], most: int) -> Query:
    """Return the query for the first primary keys: `rows.order_by().values("pk")[:most]`, by one copy in place of three."""
    query = rows.query.chain()
    query.clear_ordering(force=True)
    query.clear_select_clause()
    query.add_fields(["pk"])
    query.set_limits(high=most)
    return query
