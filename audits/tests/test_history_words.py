"""What the history of audits, findings, actions, evidence, checks and links speaks of has words for people."""

from typing import Any

import pghistory
import pytest
from django.apps import apps
from django.db import models

from foundation.records.words import field_label, has_words

APPS = ("audits", "actions", "links")


def tracked_fields() -> list[tuple[type[models.Model], str]]:
    """Return the fields whose history is kept."""
    events = [one for one in apps.get_models() if issubclass(one, pghistory.models.Event)]
    tracked: set[Any] = {one.pgh_tracked_model for one in events if hasattr(one, "pgh_tracked_model")}
    return [
        (model, field.name)
        for model in sorted(tracked, key=lambda one: one._meta.label)
        if model._meta.app_label in (*APPS, "records")
        for field in model._meta.local_fields
        if not (field.primary_key or (field.remote_field and field.remote_field.parent_link))
    ]


@pytest.mark.parametrize(
    ("model", "name"),
    [pytest.param(model, name, id=f"{model.__name__}.{name}") for model, name in tracked_fields()],
)
def test_a_field_whose_history_is_kept_has_words(model: type[models.Model], name: str) -> None:
    assert has_words(name, model)
    assert "_" not in field_label(name, model)


def test_fields_are_found() -> None:
    names = {model.__name__ for model, _name in tracked_fields()}
    assert {"Audit", "Programme", "Finding", "EvidenceRequest", "Check", "Action", "Record"} <= names
