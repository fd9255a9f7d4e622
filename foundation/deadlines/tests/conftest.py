"""A kind of record and a kind of deadline that exist in these tests alone."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils.translation import gettext_lazy as _

from foundation.deadlines.models import Ladder
from foundation.notifications.tests.factories import RecordFactory
from foundation.records.models import Participant, Record
from foundation.registry import DeadlineKind, RecordKind, registry
from foundation.testing.cast import Cast


@pytest.fixture(autouse=True)
def kinds(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """Register a kind of record, and a kind of deadline of which witnesses are reminded, for one test."""
    settings.ROOT_URLCONF = "foundation.deadlines.tests.probe_urls"
    monkeypatch.setattr(registry, "_items", {type_: dict(kept) for type_, kept in registry._items.items()})
    registry.register(
        RecordKind(
            key="probe",
            model="records.Record",
            prefix="PRB",
            label=_("Probe"),
            label_plural=_("Probes"),
            icon="clipboard-check",
            detail_url_name="probe-detail",
        ),
        DeadlineKind(key="probe.report", label=_("Report due"), audience=("witness",)),
        DeadlineKind(key="probe.start", label=_("Fieldwork starts"), ladder="gone"),
    )


@pytest.fixture
def standard(db: None) -> Ladder:
    return Ladder.objects.get(key="standard")


@pytest.fixture
def record(cast: Cast) -> Record:
    """A record of payments, owned by the analyst."""
    return record_make(cast)


@pytest.fixture
def witness(record: Record) -> Callable[..., Participant]:
    """Return a function that lets a person take part in the record as a witness."""
    return lambda user, role="witness": Participant.objects.create(record=record, user=user, role=role)


def record_make(cast: Cast, **fields: object) -> Record:
    defaults: dict[str, object] = {
        "title": "Card data audit",
        "owner": cast.analyst,
        "unit": cast.units.payments,
    }
    return RecordFactory.create(**{**defaults, **fields})
