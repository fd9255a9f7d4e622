"""Many records at once: the same rows, references and trail as one by one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from foundation.records.models import Participant, Record, ReferenceCounter
from foundation.records.services import participants_name_all, records_create, references_take
from foundation.registry import RecordKind, registry
from foundation.trail.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kind():
    registry.register(
        RecordKind(
            key="memo",
            model="records.Record",
            prefix="MEM",
            label="Memo",
            label_plural="Memos",
            icon="file",
            detail_url_name="memo",
        )
    )
    yield
    del registry._items[RecordKind]["memo"]


def memos(cast, count: int) -> list[Record]:
    return [Record(title=f"Memo {n}", owner=cast.ciso, unit=cast.units.root) for n in range(count)]


def test_records_get_references_in_their_order(cast):
    records = memos(cast, 3)
    records_create(records=records, kind="memo", actor=cast.ciso, state="open")
    assert [record.reference for record in records] == ["MEM-0001", "MEM-0002", "MEM-0003"]
    stored = Record.objects.get(reference="MEM-0002")
    assert (stored.pk, stored.title, stored.state, stored.created_by) == (
        records[1].pk,
        "Memo 1",
        "open",
        cast.ciso,
    )
    assert stored.created_at == records[1].created_at
    assert ReferenceCounter.objects.get(prefix="MEM").last == 3


def test_each_record_has_its_entry(cast):
    records_create(records=memos(cast, 2), kind="memo", actor=cast.ciso, state="open")
    entries = Entry.objects.filter(action="records.memo.created").order_by("id")
    assert [(entry.record_reference, entry.actor_id, entry.after["title"]) for entry in entries] == [
        ("MEM-0001", cast.ciso.pk, "Memo 0"),
        ("MEM-0002", cast.ciso.pk, "Memo 1"),
    ]


def test_people_are_named_once_with_one_entry_per_record(cast):
    records = memos(cast, 2)
    records_create(records=records, kind="memo", actor=cast.ciso, state="open")
    participants_name_all(
        named=[
            (records[0], {"reader": [cast.analyst, cast.analyst], "writer": [cast.auditor]}),
            (records[1], {"reader": []}),
        ],
        actor=cast.ciso,
    )
    assert set(Participant.objects.values_list("record_id", "role", "user_id")) == {
        (records[0].pk, "reader", cast.analyst.pk),
        (records[0].pk, "writer", cast.auditor.pk),
    }
    entry = Entry.objects.get(action="records.participants.changed")
    assert entry.after == {
        "reader": [{"id": cast.analyst.pk, "name": "Anders Falk"}],
        "writer": [{"id": cast.auditor.pk, "name": "Odile Brandt"}],
    }


def test_the_number_of_statements_does_not_grow_with_the_records(cast):
    def statements(count: int) -> int:
        records = memos(cast, count)
        with CaptureQueriesContext(connection) as queries:
            records_create(records=records, kind="memo", actor=cast.ciso, state="open")
        return len(queries)

    assert statements(2) == statements(200)


def test_references_are_taken_in_one_run():
    assert references_take(prefix="ZZZ", count=2) == ["ZZZ-0001", "ZZZ-0002"]
    assert references_take(prefix="ZZZ", count=1) == ["ZZZ-0003"]
