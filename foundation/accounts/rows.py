"""Rows that every request reads: the session's and the person's, without a query set put together for each."""

from collections.abc import Sequence
from functools import cache
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model

AnyModel = TypeVar("AnyModel", bound=Model)


@cache
def _statement(model: type[Model], condition: str) -> tuple[str, list[str]]:
    """Return the statement that reads a row with all its columns, and the names of their attributes."""
    fields = model._meta.concrete_fields
    if strange := [field.name for field in fields if hasattr(field, "from_db_value")]:
        raise TypeError(f"{model.__name__} has columns that are no plain values: {', '.join(strange)}.")
    columns = ", ".join(f'"{field.column}"' for field in fields)
    sql = f'SELECT {columns} FROM "{model._meta.db_table}" WHERE {condition}'  # noqa: S608 - names of the model's own
    return sql, [field.attname for field in fields]


def read_row(model: type[AnyModel], condition: str, values: Sequence[Any]) -> AnyModel | None:
    """Return the row of a table of plain values that fulfils an SQL condition, or None.

    `condition` is written in code, never made of what a user typed; what a user sends is among the `values`.
    """
    sql, names = _statement(model, condition)
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        row = cursor.fetchone()
    return None if row is None else model.from_db(connection.alias, names, row)
