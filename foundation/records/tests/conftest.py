"""What the tests of records share: a kind of record without a table of its own."""

from collections.abc import Callable
from typing import Any

import pytest

from foundation.accounts.models import User
from foundation.records.models import Record
from foundation.records.services import record_create
from foundation.registry import RecordKind, registry

CASE = RecordKind(
    key="case",
    model="records.Record",
    prefix="CAS",
    label="Case",
    label_plural="Cases",
    icon="folder",
    detail_url_name="case-detail",
)


@pytest.fixture
def case_kind(monkeypatch: pytest.MonkeyPatch) -> RecordKind:
    """Let there be cases while the test runs."""
    monkeypatch.setitem(registry._items.setdefault(RecordKind, {}), CASE.key, CASE)
    return CASE


@pytest.fixture
def case(case_kind: RecordKind) -> Callable[..., Record]:
    """Return a function that makes a case."""

    def made(owner: User, **fields: Any) -> Record:
        fields = {"title": "Lost laptop", "unit": owner.unit, **fields}
        return record_create(record=Record(owner=owner, **fields), kind="case", actor=owner, state="open")

    return made
