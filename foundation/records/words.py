"""Stored data in words for people: fields, their values, and what an entry of the trail says.

Works from what is stored, so that it can still speak of fields, kinds and people that are gone.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models
from django.urls import NoReverseMatch, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from foundation.records.models import Record
from foundation.registry import FieldWords, ParticipantRole, RecordKind, TrailVerb, registry
from foundation.ui.conflicts import NOTHING, plain_words
from foundation.ui.structure import Change

if TYPE_CHECKING:
    from foundation.trail.models import Entry

LONGEST_VALUE = 400


def kind_model(kind: str) -> type[models.Model]:
    """Return the table of a kind of record; that of all records for a kind which is gone."""
    entry = registry.find(RecordKind, kind)
    return apps.get_model(entry.model) if entry else Record


def record_url(kind: str, reference: str) -> str:
    """Return the path of a record's page, or nothing for a kind that has none (any more)."""
    entry = registry.find(RecordKind, kind)
    try:
        return reverse(entry.detail_url_name, args=[reference]) if entry and reference else ""
    except NoReverseMatch:
        return ""


def field_label(name: str, model: type[models.Model] | None) -> str:
    """Return a field's name for people: its own, what its app calls it, that of a part people play, or its key made readable."""
    field = _own_field(model, name)
    if field is not None:
        return str(capfirst(field.verbose_name))
    named = registry.find(FieldWords, name)
    if named and named.label:
        return str(named.label)
    role = registry.find(ParticipantRole, name)
    return str(role.label) if role else str(capfirst(name.replace("_", " ")))


def value_words(name: str, value: Any, model: type[models.Model] | None, kind: str = "") -> str:
    """Return a field's value for people, as a column or the trail keeps it."""
    if value is None or value in ("", [], {}):
        return NOTHING
    own = registry.find(FieldWords, name)
    if own and (words := own.words(kind, value)) is not None:
        return str(words)
    if isinstance(value, list | tuple):
        return ", ".join(value_words(name, one, model, kind) for one in value)
    if isinstance(value, Mapping):
        return str(value["name"]) if "name" in value else _pairs(value)
    return _shortened(_one_value(_field(model, name), value))


def words_before(name: str, value: Any, model: type[models.Model] | None, kind: str = "") -> str:
    """Return the value that a field had; nothing at all where it had none, for what was struck out is shown."""
    words = value_words(name, value, model, kind)
    return "" if words == NOTHING else words


def changes_of(entry: Entry, *, kept: Collection[str] = ()) -> list[Change]:
    """Return the fields that an entry speaks of, in their table's order, with their values before and after; not those that are kept."""
    model = model_of(entry)
    order = {field.name: place for place, field in enumerate(model._meta.get_fields())} if model else {}
    names = sorted({*entry.after, *entry.before}, key=lambda name: (order.get(name, len(order)), name))
    return [
        Change(
            field_label(name, model),
            words_before(name, entry.before.get(name), model, entry.record_kind),
            value_words(name, entry.after.get(name), model, entry.record_kind),
        )
        for name in names
        if name not in kept and _is_told(name, entry.after.get(name, entry.before.get(name)))
    ]


def _is_told(name: str, value: Any) -> bool:
    own = registry.find(FieldWords, name)
    return own is None or own.is_told(value)


def has_words(name: str, model: type[models.Model] | None) -> bool:
    """Tell whether somebody said what a field is called, so that people do not read its key."""
    field, own = _own_field(model, name), registry.find(FieldWords, name)
    named = field is not None and getattr(field, "_verbose_name", None) is not None
    return named or bool(own and own.label) or registry.find(ParticipantRole, name) is not None


def sentence_of(entry: Entry) -> str:
    """Say what an entry states, to follow the name of who did it."""
    verb = registry.find(TrailVerb, entry.action)
    sentence = str(verb.sentence) if verb else _usual_sentence(entry)
    if "{" in sentence:
        model = model_of(entry)
        return sentence.format(
            subject=entry.subject,
            reference=entry.record_reference,
            before=_Words(entry.before, model, entry.record_kind),
            after=_Words(entry.after, model, entry.record_kind),
        )
    if entry.record_id is None and entry.subject and entry.subject != entry.actor_name:
        return f"{sentence} {entry.subject}"
    return sentence


def icon_of(entry: Entry) -> str:
    """Return the icon of an entry's action."""
    verb = registry.find(TrailVerb, entry.action)
    return verb.icon if verb else "circle"


def actor_of(entry: Entry) -> str:
    """Return who did it; the portal itself when nobody did."""
    return entry.actor_name or _("The portal")


def _usual_sentence(entry: Entry) -> str:
    """Return the sentence for an action that no app describes."""
    verb = entry.action.rpartition(".")[2]
    if verb == "created":
        return _("created it")
    if "state" in entry.before and "state" in entry.after:
        return _("moved {before[state]} → {after[state]}")
    if verb == "changed":
        return _("changed it")
    return entry.action.replace(".", " ").replace("_", " ")


class _Words(dict[str, str]):
    """The values of an entry in words, for its sentence; one that is not there is a dash."""

    def __init__(self, values: Mapping[str, Any], model: type[models.Model] | None, kind: str) -> None:
        super().__init__({name: value_words(name, value, model, kind) for name, value in values.items()})

    def __missing__(self, key: str) -> str:
        return NOTHING


def model_of(entry: Entry) -> type[models.Model] | None:
    """Return the table that an entry's fields belong to: its record's, else the one that its action names."""
    if entry.record_kind:
        return kind_model(entry.record_kind)
    app, _dot, rest = entry.action.partition(".")
    return _named_model(app, rest.partition(".")[0])


@cache
def _named_model(app: str, name: str) -> type[models.Model] | None:
    try:
        return apps.get_model(app, name)
    except (LookupError, ValueError):
        return None


def _field(model: type[models.Model] | None, name: str) -> models.Field[Any, Any] | None:
    field = _own_field(model, name)
    return (
        field.base_field if isinstance(field, ArrayField) else field
    )  # its values are put in words one by one


def _own_field(model: type[models.Model] | None, name: str) -> models.Field[Any, Any] | None:
    try:
        field = model._meta.get_field(name) if model else None
    except FieldDoesNotExist:
        return None
    return field if isinstance(field, models.Field) else None


def _one_value(field: models.Field[Any, Any] | None, value: Any) -> str:
    if field is not None and not field.is_relation:
        choices = dict(field.flatchoices)
        if value in choices:
            return str(choices[value])
        try:
            value = field.to_python(value)
        except ValidationError:
            return str(value)
    return plain_words(value)


def _pairs(value: Mapping[str, Any]) -> str:
    return ", ".join(f"{key}: {one}" for key, one in value.items())


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…"
