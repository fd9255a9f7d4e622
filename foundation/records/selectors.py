"""Reads of records whatever their kind."""

from django.apps import apps

from foundation.records.models import Record


def specific(record: Record) -> Record:
    """Return the record as its own kind's model, with what is particular to it. One query, unless it is so already."""
    model = apps.get_model(record.kind_entry.model)
    if isinstance(record, model):
        return record
    found = model._default_manager.get(pk=record.pk)
    assert isinstance(found, Record)
    return found
