"""SQL that is written by hand, as an expression of a query: where every page asks for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import Expression, F, Field

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models.sql.compiler import SQLCompiler


class Written(Expression):
    """A piece of SQL about some columns of a query, `{name}` in it, and with values, `%s`.

    What stands in nearly every query of every page would cost more of the processor than all else that a page asks the
    database, if Django put it together from lookups anew each time.
    """

    def __init__(
        self,
        sql: str,
        columns: Mapping[str, str],
        values: Sequence[Any] = (),
        *,
        output_field: Field[Any, Any],
    ) -> None:
        super().__init__(output_field=output_field)
        self.sql = sql
        self.values = tuple(values)
        self.names = tuple(columns)
        self.columns: list[Any] = [F(path) for path in columns.values()]

    def get_source_expressions(self) -> list[Any]:
        return self.columns

    def set_source_expressions(self, expressions: Sequence[Any]) -> None:
        self.columns = list(expressions)

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        columns = (compiler.compile(column)[0] for column in self.columns)
        return self.sql.format_map(dict(zip(self.names, columns, strict=True))), self.values
