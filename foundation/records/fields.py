"""The column that search reads."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.search import SearchVectorField
from django.core.exceptions import EmptyResultSet
from django.db import models
from django.db.models import BooleanField, Lookup

from foundation.records.lexemes import INDEXED, Question, vector_of


class WordsField(SearchVectorField):  # type: ignore[type-arg]
    """The words that a row is found by, written whenever the row is saved: those of its method `searched_text()`.

    That method returns texts by weight ("A" weighs most, "D" least), or None to leave the words as they are. Rows are found
    by `words__matches=question_of(text)`, served by a GIN index. `update()` and SQL do not write it: use `save()`. The first
    `most` of the words are kept.
    """

    def __init__(self, *args: Any, most: int = INDEXED, **kwargs: Any) -> None:
        self.most = most
        kwargs.update(null=True, editable=False)
        super().__init__(*args, **kwargs)

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """Return the words of the row as it is saved."""
        texts = model_instance.searched_text()  # type: ignore[attr-defined]
        if texts is None:
            return getattr(model_instance, self.attname)
        words = vector_of(texts, self.most)
        setattr(model_instance, self.attname, words)
        return words

    def get_placeholder(self, value: Any, compiler: Any, connection: Any) -> str:
        """Return a placeholder by which a text is read as words, and not as a language."""
        return "%s::tsvector"


@WordsField.register_lookup
class Matches(Lookup):
    """All words of a question occur; a question without words matches nothing."""

    lookup_name = "matches"
    prepare_rhs = False
    output_field = BooleanField()

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """Return the condition."""
        literal = self.rhs.literal() if isinstance(self.rhs, Question) else str(self.rhs)
        if not literal:
            raise EmptyResultSet
        column, parameters = self.process_lhs(compiler, connection)
        return f"{column} @@ %s::tsquery", (*parameters, literal)
