"""Making and changing records: what is written, and what is refused."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from foundation.records.choices import Confidentiality
from foundation.records.models import Participant, Record, ReferenceCounter
from foundation.records.plain import plain
from foundation.records.services import (
    StaleRecord,
    participants_set,
    record_touch,
    record_update,
    reference_take,
)
from foundation.testing.races import elsewhere, together, wait_until_blocked
from foundation.trail.models import Entry


def _numbers() -> list[str]:
    return list(Record.objects.order_by("reference").values_list("reference", flat=True))


def test_references_follow_one_another(cast, case):
    assert [case(cast.ciso).reference for _number in range(3)] == ["CAS-0001", "CAS-0002", "CAS-0003"]


def test_a_rollback_gives_the_number_back(cast, case):
    case(cast.ciso)
    with pytest.raises(IntegrityError), transaction.atomic():
        case(cast.ciso)
        case(cast.ciso, confidentiality="unheard of")
    assert case(cast.ciso).reference == "CAS-0002"


def test_prefixes_count_apart(db):
    assert [reference_take(prefix=prefix) for prefix in ("A", "B", "A")] == ["A-0001", "B-0001", "A-0002"]


def test_numbers_go_on_past_four_digits(db):
    ReferenceCounter.objects.create(prefix="A", last=9999)
    assert reference_take(prefix="A") == "A-10000"


def test_a_second_writer_waits_for_the_first(committed_cast, case):
    with transaction.atomic():
        first = case(committed_cast.ciso)
        second = elsewhere(lambda: case(committed_cast.analyst).reference)
        wait_until_blocked()
        assert not second.done()
    assert (first.reference, second.result(15)) == ("CAS-0001", "CAS-0002")


def test_a_second_writer_takes_the_number_that_the_first_gave_back(committed_cast, case):
    transaction.set_autocommit(False)
    try:
        case(committed_cast.ciso)
        second = elsewhere(lambda: case(committed_cast.analyst).reference)
        wait_until_blocked()
        transaction.rollback()
    finally:
        transaction.set_autocommit(True)
    assert second.result(15) == "CAS-0001"
    assert _numbers() == ["CAS-0001"]


def test_many_writers_leave_no_gap(committed_cast, case):
    writers = [lambda: case(committed_cast.ciso).reference for _number in range(6)]
    assert sorted(together(*writers)) == _numbers() == [f"CAS-{number:04d}" for number in range(1, 7)]


def test_creating_writes_the_trail(cast, case):
    record = case(cast.analyst, title="Lost laptop", confidentiality=Confidentiality.RESTRICTED)
    entry = Entry.objects.get(record_id=record.pk)
    assert (entry.action, entry.actor_id, entry.record_reference) == (
        "records.case.created",
        cast.analyst.pk,
        "CAS-0001",
    )
    assert entry.after == {
        "title": "Lost laptop",
        "owner": {"id": cast.analyst.pk, "name": "Anders Falk"},
        "unit": {"id": cast.units.root.pk, "name": "Halden & Vale Bank"},
        "confidentiality": "restricted",
    }


def test_changing_writes_names_not_only_numbers(cast, case):
    record = case(cast.analyst)
    changed = record_update(
        record=record,
        changes={"title": "Found laptop", "owner": cast.ciso, "unit": cast.units.root},
        actor=cast.ciso,
        version=1,
        comment="It was under the desk.",
    )
    entry = Entry.objects.get(action="records.case.changed")
    assert changed.version == 2
    assert entry.before == {
        "title": "Lost laptop",
        "owner": {"id": cast.analyst.pk, "name": "Anders Falk"},
    }
    assert entry.after == {"title": "Found laptop", "owner": {"id": cast.ciso.pk, "name": "Celia Moreau"}}
    assert entry.comment == "It was under the desk."


def test_changing_nothing_writes_nothing(cast, case):
    record = case(cast.analyst)
    same = record_update(record=record, changes={"title": record.title}, actor=cast.ciso, version=1)
    assert same.version == 1
    assert not Entry.objects.filter(action="records.case.changed").exists()


def test_a_stale_edit_is_told_and_changes_nothing(cast, case):
    record = case(cast.analyst)
    record_update(record=record, changes={"title": "First"}, actor=cast.ciso, version=1)
    with pytest.raises(StaleRecord, match="CAS-0001 was changed") as stale:
        record_update(record=record, changes={"title": "Second"}, actor=cast.analyst, version=1)
    assert (stale.value.record.title, stale.value.record.version) == ("First", 2)
    record.refresh_from_db()
    assert record.title == "First"


def test_a_change_beside_the_record_makes_an_edit_stale(cast, case):
    record = case(cast.analyst)
    record_touch(record=record)
    assert record.version == 2
    with pytest.raises(StaleRecord):
        record_update(record=record, changes={"title": "Second"}, actor=cast.analyst, version=1)


def test_of_two_edits_at_once_one_wins_and_the_other_is_told(committed_cast, case):
    record = case(committed_cast.analyst)
    with transaction.atomic():
        record_update(record=record, changes={"title": "First"}, actor=committed_cast.ciso, version=1)
        second = elsewhere(
            lambda: record_update(
                record=record, changes={"title": "Second"}, actor=committed_cast.analyst, version=1
            )
        )
        wait_until_blocked()
    assert isinstance(second.exception(15), StaleRecord)
    record.refresh_from_db()
    assert (record.title, record.version) == ("First", 2)


def test_participants_are_set_exactly(cast, case):
    record = case(cast.analyst)
    participants_set(record=record, role="helper", users=[cast.auditor, cast.personnel], actor=cast.ciso)
    participants_set(record=record, role="witness", users=[cast.personnel], actor=cast.ciso)
    participants_set(record=record, role="helper", users=[cast.personnel, cast.executive], actor=cast.ciso)
    assert set(Participant.objects.filter(record=record).values_list("role", "user_id")) == {
        ("helper", cast.personnel.pk),
        ("helper", cast.executive.pk),
        ("witness", cast.personnel.pk),
    }
    last = Entry.objects.filter(action="records.participants.changed").latest("pk")
    assert last.before == {
        "helper": [
            {"id": cast.auditor.pk, "name": "Odile Brandt"},
            {"id": cast.personnel.pk, "name": "Pavel Dimitrov"},
        ]
    }
    assert [person["name"] for person in last.after["helper"]] == ["Edmund Castell", "Pavel Dimitrov"]


def test_setting_the_same_participants_writes_nothing(cast, case):
    record = case(cast.analyst)
    participants_set(record=record, role="helper", users=[cast.auditor], actor=cast.ciso)
    written = Entry.objects.count()
    participants_set(record=record, role="helper", users=[cast.auditor, cast.auditor], actor=cast.ciso)
    assert Entry.objects.count() == written


def test_taking_everybody_away(cast, case):
    record = case(cast.analyst)
    participants_set(record=record, role="helper", users=[cast.auditor], actor=cast.ciso)
    participants_set(record=record, role="helper", users=[], actor=cast.ciso)
    assert not record.participants.exists()
    assert Entry.objects.latest("pk").after == {"helper": []}


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (None, None),
        (True, True),
        (3, 3),
        (1.5, 1.5),
        ("x", "x"),
        (Confidentiality.RESTRICTED, "restricted"),
        (Decimal("1.50"), "1.50"),
        (date(2027, 2, 28), "2027-02-28"),
        (datetime(2027, 2, 28, 1, tzinfo=timezone.get_fixed_timezone(120)), "2027-02-27T23:00:00+00:00"),
        (datetime(2027, 2, 28, 1, tzinfo=UTC), "2027-02-28T01:00:00+00:00"),
        (timedelta(hours=36), "P1DT12H00M00S"),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        ([date(2027, 1, 1), None], ["2027-01-01", None]),
        ({"a": (1, Decimal(2))}, {"a": [1, "2"]}),
    ],
)
def test_values_are_kept_as_plain_json(value, kept):
    assert plain(value) == kept
    assert type(plain(value)) is type(kept)
