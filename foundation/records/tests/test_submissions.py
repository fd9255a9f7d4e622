"""A form that is sent twice makes one record."""

from uuid import uuid4

import pytest
from django.db import transaction

from foundation.records.models import Record, Submission
from foundation.records.services import SubmissionReused, submit_once
from foundation.testing.races import elsewhere, together, wait_until_blocked

CONTENT = {"title": ["Lost laptop"]}


def _submit(case, key, actor, content=CONTENT, purpose="cases.create"):
    return submit_once(key=key, actor=actor, purpose=purpose, content=content, create=lambda: case(actor))


def test_sent_twice_it_leads_to_the_same_record(cast, case):
    key = uuid4()
    first, second = _submit(case, key, cast.ciso), _submit(case, key, cast.ciso)
    assert first == second == Record.objects.get()
    assert Submission.objects.get().record_id == first.pk


def test_another_form_makes_another_record(cast, case):
    assert _submit(case, uuid4(), cast.ciso) != _submit(case, uuid4(), cast.ciso)


def test_sent_at_the_same_instant_the_second_waits_and_leads_to_the_same(committed_cast, case):
    key = uuid4()
    with transaction.atomic():
        first = _submit(case, key, committed_cast.ciso)
        second = elsewhere(lambda: _submit(case, key, committed_cast.ciso))
        wait_until_blocked()
    assert second.result(15) == first == Record.objects.get()
    assert first.reference == "CAS-0001"


def test_sent_by_many_at_once_it_makes_one(committed_cast, case):
    key = uuid4()
    answers = together(*[lambda: _submit(case, key, committed_cast.ciso).pk for _number in range(5)])
    assert set(answers) == {Record.objects.get().pk}


def test_when_the_first_fails_the_second_takes_its_place(committed_cast, case):
    key = uuid4()
    transaction.set_autocommit(False)
    try:
        _submit(case, key, committed_cast.ciso)
        second = elsewhere(lambda: _submit(case, key, committed_cast.ciso))
        wait_until_blocked()
        transaction.rollback()
    finally:
        transaction.set_autocommit(True)
    assert second.result(15) == Record.objects.get()


def test_a_failure_leaves_no_trace(cast, case):
    key = uuid4()

    def broken():
        case(cast.ciso)
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        submit_once(key=key, actor=cast.ciso, purpose="x", content={}, create=broken)
    assert not Submission.objects.exists()
    assert not Record.objects.exists()


def test_other_content_is_told_with_what_came_of_the_first(cast, case):
    key = uuid4()
    first = _submit(case, key, cast.ciso)
    with pytest.raises(SubmissionReused) as reused:
        _submit(case, key, cast.ciso, content={"title": ["Stolen laptop"]})
    assert reused.value.record == first
    assert Record.objects.count() == 1


@pytest.mark.parametrize("differs", ["person", "purpose"])
def test_a_strangers_form_leads_nowhere(cast, case, differs):
    key = uuid4()
    _submit(case, key, cast.ciso)
    with pytest.raises(SubmissionReused) as reused:
        if differs == "person":
            _submit(case, key, cast.analyst)
        else:
            _submit(case, key, cast.ciso, purpose="programmes.create")
    assert reused.value.record is None
