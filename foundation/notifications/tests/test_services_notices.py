"""Writing notices: each once, whoever writes it how often; and calling them off."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.utils.translation import gettext

from foundation.accounts.models import User
from foundation.accounts.tests.factories import UserFactory
from foundation.notifications.choices import NoticeReason, NoticeState
from foundation.notifications.models import Notice
from foundation.notifications.services import (
    NoticeDraft,
    notices_call_off,
    notices_cancel,
    notices_write,
    told,
)
from foundation.notifications.tests.factories import NOW, NoticeFactory, RecordFactory
from foundation.testing.languages import LANGUAGE, loud


def draft(user: User, key: str, **fields: object) -> NoticeDraft:
    return NoticeDraft(
        **{"recipient_id": user.pk, "kind": "probe.reminder", "dedupe_key": key, "payload": {"title": "A"}}
        | fields
    )


@pytest.mark.django_db
def test_writes_each_key_once_and_says_how_many_were_new() -> None:
    user = UserFactory.create()
    assert notices_write(notices=[draft(user, "a"), draft(user, "b"), draft(user, "a")], now=NOW) == 2
    assert notices_write(notices=[draft(user, "b"), draft(user, "c")], now=NOW) == 1
    assert notices_write(notices=[], now=NOW) == 0
    assert sorted(Notice.objects.values_list("dedupe_key", flat=True)) == ["a", "b", "c"]


@pytest.mark.django_db
def test_keeps_what_the_draft_says() -> None:
    record = RecordFactory.create()
    later = NOW + timedelta(days=2)
    payload = {"title": "Überprüfung “Q1” \\ \n'", "rung": -7, "due_at": "2026-12-01T00:00:00+00:00"}
    notices_write(
        notices=[
            draft(
                record.owner, "k", payload=payload, record_id=record.pk, send_after=later, thread="deadline:1"
            )
        ],
        now=NOW,
    )
    notice = Notice.objects.get()
    assert notice.payload == payload
    assert (notice.recipient, notice.record, notice.thread) == (record.owner, record, "deadline:1")
    assert (notice.send_after, notice.created_at, notice.state) == (later, NOW, NoticeState.PENDING)


@pytest.mark.django_db
def test_without_send_after_it_is_due_now() -> None:
    notices_write(notices=[draft(UserFactory.create(), "k")], now=NOW)
    assert Notice.objects.get().send_after == NOW


@pytest.mark.django_db
def test_calls_off_what_is_pending_only() -> None:
    record = RecordFactory.create()
    pending = NoticeFactory.create(record=record, dedupe_key="deadline:1:-7")
    mailed = NoticeFactory.create(record=record, dedupe_key="deadline:1:-30", state=NoticeState.MAILED)
    other_key = NoticeFactory.create(record=record, dedupe_key="deadline:2:-7")
    other_kind = NoticeFactory.create(record=record, dedupe_key="deadline:1:x", kind="approvals.asked")
    other_record = NoticeFactory.create(record=RecordFactory.create(), dedupe_key="deadline:1:y")

    assert notices_cancel(record_id=record.pk, kind_prefix="probe.", key_prefix="deadline:1:") == 1

    pending.refresh_from_db()
    assert (pending.state, pending.reason) == (NoticeState.CANCELLED, NoticeReason.CALLED_OFF)
    for untouched in (mailed, other_key, other_kind, other_record):
        before = untouched.state
        untouched.refresh_from_db()
        assert untouched.state == before


@pytest.mark.django_db
@pytest.mark.parametrize("key_prefix", ["deadline:5", "deadline:5:"])
def test_calls_off_by_whole_parts_of_a_key_and_not_what_only_begins_alike(key_prefix: str) -> None:
    record = RecordFactory.create()
    keys = ("deadline:5:-7", "deadline:5", "deadline:51:-7", "deadline:5-7")
    for key in keys:
        NoticeFactory.create(record=record, dedupe_key=key)

    assert notices_cancel(record_id=record.pk, key_prefix=key_prefix) == 2

    pending = Notice.objects.filter(state=NoticeState.PENDING)
    assert set(pending.values_list("dedupe_key", flat=True)) == {"deadline:51:-7", "deadline:5-7"}


@pytest.mark.django_db
@pytest.mark.parametrize("kind_prefix", ["probe", "probe."])
def test_calls_off_by_whole_parts_of_a_kind(kind_prefix: str) -> None:
    record = RecordFactory.create()
    for kind in ("probe.reminder", "probes.reminder"):
        NoticeFactory.create(record=record, kind=kind, dedupe_key=kind)

    assert notices_cancel(record_id=record.pk, kind_prefix=kind_prefix) == 1

    assert Notice.objects.get(state=NoticeState.PENDING).kind == "probes.reminder"


@pytest.mark.django_db
@pytest.mark.parametrize("key_prefix", ["told:5", "told:5:"])
def test_calls_off_what_hangs_on_no_record_by_whole_parts_of_a_key(key_prefix: str) -> None:
    for key in ("told:5:1", "told:51:1"):
        NoticeFactory.create(record=None, kind="probe.told", dedupe_key=key)

    assert notices_call_off(kind="probe.told", key_prefix=key_prefix) == 1

    assert Notice.objects.get(state=NoticeState.PENDING).dedupe_key == "told:51:1"


@pytest.mark.django_db
def test_a_cause_that_comes_again_after_it_was_called_off_is_told() -> None:
    record = RecordFactory.create()
    again = draft(record.owner, "deadline:1:-7", record_id=record.pk)
    notices_write(notices=[again], now=NOW)
    notices_cancel(record_id=record.pk, kind_prefix="probe.", key_prefix="deadline:1:")
    assert notices_write(notices=[again], now=NOW + timedelta(hours=1)) == 1
    notice = Notice.objects.get()
    assert (notice.state, notice.reason) == (NoticeState.PENDING, "")
    assert notice.send_after == NOW + timedelta(hours=1)


@pytest.mark.django_db
@pytest.mark.parametrize("reason", [NoticeReason.SUPERSEDED, NoticeReason.NOT_VISIBLE])
def test_what_was_settled_otherwise_stays_settled(reason: NoticeReason) -> None:
    notice = NoticeFactory.create(dedupe_key="k", state=NoticeState.CANCELLED, reason=reason)
    assert notices_write(notices=[draft(notice.recipient, "k")], now=NOW) == 0
    notice.refresh_from_db()
    assert notice.state == NoticeState.CANCELLED


@pytest.mark.django_db(transaction=True)
def test_two_writers_of_the_same_keys_write_each_once() -> None:
    user = UserFactory.create()
    keys = [f"k{number}" for number in range(200)]
    barrier = Barrier(2)
    written: list[int] = []

    def write(order: list[str]) -> None:
        try:
            barrier.wait(timeout=10)
            written.append(notices_write(notices=[draft(user, key) for key in order], now=NOW))
        finally:
            connection.close()

    writers = [Thread(target=write, args=(order,)) for order in (keys, keys[::-1])]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(timeout=20)
    assert sum(written) == 200
    assert Notice.objects.count() == 200


@pytest.mark.django_db
def test_each_reads_words_of_the_portal_in_the_own_language() -> None:
    abroad = UserFactory.create(language=LANGUAGE)
    here, nowhere = UserFactory.create(), UserFactory.create(language="xx")
    payload = {"title": "A", "sentence": told(lambda: gettext("Waits for your decision."))}
    with loud():
        for user in (abroad, here, nowhere):
            notices_write(notices=[draft(user, str(user.pk), payload=payload)], now=NOW)
    said = dict(Notice.objects.values_list("recipient_id", "payload__sentence"))
    assert said[abroad.pk] == "WAITS FOR YOUR DECISION."
    assert {said[here.pk], said[nowhere.pk]} == {"Waits for your decision."}
