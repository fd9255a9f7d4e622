"""Two versions of one thing side by side: what a person typed, and what somebody else saved meanwhile.

The form carries which version it was filled from, in a hidden field `version`; who saves compares that under a lock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.db.models import Manager, Model, QuerySet
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from foundation.ui.dates import day_words, instant_words

if TYPE_CHECKING:
    from django.http import QueryDict

NOTHING = "—"
VERSION = "version"


@dataclass(frozen=True)
class ConflictRow:
    """A field as the person typed it, and as it is now; `drawn` stands in the place of both, where they are long and compared."""

    label: str
    mine: str
    theirs: str
    drawn: SafeString | None = None

    @property
    def differs(self) -> bool:
        """Tell whether the two are not the same."""
        return self.mine != self.theirs


@dataclass(frozen=True)
class Conflict:
    """Both versions of something, and who saved the other one when, where that is known."""

    name: str
    rows: tuple[ConflictRow, ...]
    by: str = ""
    at: datetime | None = None
    title: str = ""  # in the place of the usual words, where nothing was saved meanwhile
    told: str = ""

    @property
    def drawn_rows(self) -> tuple[ConflictRow, ...]:
        """Return those of the different fields that are drawn word by word."""
        return tuple(row for row in self.different_rows if row.drawn is not None)

    @property
    def short_rows(self) -> tuple[ConflictRow, ...]:
        """Return those that stand beside each other."""
        return tuple(row for row in self.different_rows if row.drawn is None)

    @property
    def different_rows(self) -> tuple[ConflictRow, ...]:
        """Return the fields that are not the same in both."""
        return tuple(row for row in self.rows if row.differs)


class EditConflict(Exception):
    """What a form was filled from is no longer so; `FormPage` shows both versions, and the form as it was typed."""

    def __init__(self, conflict: Conflict) -> None:
        super().__init__(conflict.name)
        self.conflict = conflict


def conflict_between(
    form: forms.Form,
    current: Callable[[str], Any],
    *,
    name: str,
    version: str,
    by: str = "",
    at: datetime | None = None,
) -> Conflict:
    """Return what was typed beside what is there now (`current` of each field's name); the form then stands on `version`.

    Sent again, it is saved over the other's.
    """
    rows = tuple(
        ConflictRow(
            label=str(field.label),
            mine=words_of_value(field.field, form.cleaned_data.get(field.name)),
            theirs=words_of_value(field.field, current(field.name)),
        )
        for field in form.visible_fields()
    )
    send_instead(form, VERSION, version)
    return Conflict(name=name, rows=rows, by=by, at=at)


def send_instead(form: forms.Form, name: str, value: str) -> None:
    """Let a form that was sent be shown with another value in a hidden field."""
    data = cast("QueryDict", form.data).copy()
    data[form.add_prefix(name)] = value
    form.data = data


def words_of_value(field: forms.Field, value: Any) -> str:
    """Return a value of a form's field for people: labels of choices, names, localised dates."""
    if isinstance(value, Manager):
        value = value.all()
    if value is None or value == "":
        return NOTHING
    if isinstance(value, QuerySet | list | tuple | set):
        words = [words_of_value(field, one) for one in value]
        is_choice = hasattr(field, "choices") or not isinstance(value, list | tuple)
        return ", ".join(sorted(words) if is_choice else words) or NOTHING
    if isinstance(field, forms.ModelChoiceField):
        return _row_words(field, value)
    for key, label in _choices(field):
        if str(key) == str(value):
            return str(label)
    return plain_words(value)


def plain_words(value: Any) -> str:
    """Return a value that says for itself what it is in words."""
    match value:
        case bool():
            return _("Yes") if value else _("No")
        case datetime():
            return instant_words(value)
        case date():
            return day_words(value)
        case _:
            return str(value)


def _row_words(field: forms.ModelChoiceField[Any], value: Any) -> str:
    row = (
        value
        if isinstance(value, Model)
        else field.queryset.filter(pk=value).first()
        if field.queryset
        else None
    )
    return str(field.label_from_instance(row)) if row is not None else str(value)


def _choices(field: forms.Field) -> Iterable[tuple[Any, Any]]:
    for key, label in getattr(field, "choices", ()):
        if isinstance(label, list | tuple):
            yield from label
        else:
            yield key, label
