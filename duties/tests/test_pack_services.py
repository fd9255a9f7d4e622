"""How a pack comes about: asked for once, made by one worker, given up with a reason, kept for two weeks."""

import tracemalloc
from concurrent.futures import Future
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, connection, transaction

from duties.choices import Duty, PackState
from duties.models import EvidencePack, PackShown
from duties.packs import evidence
from duties.packs import making as making_module
from duties.packs.chain import sealed_until
from duties.packs.naming import path_of, safe
from duties.services.packs import (
    MAKING_LOCK,
    SILENT_AFTER,
    pack_make,
    pack_open,
    pack_remove,
    pack_request,
    pack_stop,
    packs_tidy,
    stored_path,
    work_folder,
)
from duties.tasks import make_pack, tidy_packs
from duties.tests.factories import activity_make
from duties.tests.packs import LATER, YEAR, checked, clock, no_pause, pack_ask, pack_made, taken
from foundation.accounts.models import RoleGrant, User
from foundation.files.orphans import orphans_drop
from foundation.files.storage import files_storage
from foundation.files.tests.contents import file_make
from foundation.notifications.models import Notice
from foundation.testing.cast import Cast
from foundation.testing.races import elsewhere, together, wait_until_blocked
from foundation.trail.models import Entry
from foundation.trail.services.sealing import SEAL_LOCK

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("folders")]


def again(pack: EvidencePack) -> EvidencePack:
    return EvidencePack.objects.get(pk=pack.pk)


def test_to_ask_twice_leads_to_the_one_under_way(cast: Cast) -> None:
    first = pack_ask(cast.ciso, duty=None)
    assert pack_request(actor=cast.ciso, duty=None, starts_on=YEAR[0], ends_on=YEAR[1], now=LATER) == (
        first,
        False,
    )
    assert pack_ask(cast.auditor, duty=None) != first, "another person's has another sight"
    assert pack_ask(cast.ciso) != first, "another duty"
    pack_make(key=first.key, clock=clock, pause=no_pause)
    assert pack_ask(cast.ciso, duty=None) != first, "what is finished may be made anew"
    assert Entry.objects.filter(action="duties.pack.requested").count() == 4


@pytest.mark.django_db(transaction=True)
def test_of_two_who_ask_at_once_one_is_led_to_the_other(cast: Cast) -> None:
    def ask(person: User) -> Any:
        return lambda: pack_request(actor=person, duty=None, starts_on=YEAR[0], ends_on=YEAR[1], now=LATER)

    found = together(ask(cast.ciso), ask(cast.ciso), ask(cast.auditor))
    assert found[0][0] == found[1][0]
    assert sorted(is_new for _pack, is_new in found[:2]) == [False, True]
    assert found[2][1], "two people make two packs"
    assert EvidencePack.objects.count() == 2


def test_the_database_refuses_a_second_one_under_way(cast: Cast) -> None:
    said = {
        "requested_by": cast.ciso,
        "starts_on": YEAR[0],
        "ends_on": YEAR[1],
        "requested_at": LATER,
        "touched_at": LATER,
    }
    EvidencePack.objects.create(**said)
    with pytest.raises(IntegrityError, match="pack_one_under_way"), transaction.atomic():
        EvidencePack.objects.create(**said)


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_one_makes_it(cast: Cast) -> None:
    activity_make(cast)
    pack = pack_ask(cast.ciso)
    together(*[lambda: pack_make(key=pack.key, clock=clock, pause=lambda _seconds: None)] * 2)
    assert (again(pack).state, again(pack).attempt) == (PackState.READY, 1)
    assert Entry.objects.filter(action="duties.pack.made").count() == 1


def test_one_pack_at_a_time_is_made(cast: Cast) -> None:
    """Else two of them would keep every worker thread from reminders and mails."""
    first, other = pack_ask(cast.ciso), pack_ask(cast.auditor)
    EvidencePack.objects.filter(pk=first.pk).update(state=PackState.WORKING, attempt=1, touched_at=LATER)
    assert not pack_make(key=other.key, clock=lambda: LATER + SILENT_AFTER, pause=no_pause)
    assert (again(other).state, again(other).attempt) == (PackState.WAITING, 0)
    late = LATER + SILENT_AFTER + timedelta(seconds=1)
    assert pack_make(key=other.key, clock=lambda: late, pause=no_pause), (
        "a worker that is lost holds up nobody"
    )
    assert again(other).state == PackState.READY


@pytest.mark.django_db(transaction=True)
def test_of_two_packs_begun_at_once_one_waits(cast: Cast) -> None:
    first, other = pack_ask(cast.ciso), pack_ask(cast.auditor)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [MAKING_LOCK])
        begun = elsewhere(lambda: pack_make(key=other.key, clock=clock, pause=no_pause))
        wait_until_blocked()
        EvidencePack.objects.filter(pk=first.pk).update(state=PackState.WORKING, attempt=1, touched_at=LATER)
    assert not begun.result(60)
    assert again(other).state == PackState.WAITING


def test_what_waits_is_made_one_after_the_other(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    packs = [pack_ask(cast.ciso, duty=Duty(number)) for number in (1, 2, 3)]
    for number, pack in enumerate(packs):
        asked = datetime(2026, 1, 1 + number, tzinfo=LATER.tzinfo)
        EvidencePack.objects.filter(pk=pack.pk).update(requested_at=asked, touched_at=asked)
    woken: list[Any] = []
    monkeypatch.setattr("duties.tasks.pack_wake", woken.append)
    tidy_packs()
    assert [again(pack).state for pack in packs] == ["ready", "waiting", "waiting"]
    assert woken == [packs[1].key], "the next is begun as soon as one is made"
    make_pack(str(packs[1].key))
    make_pack(str(packs[1].key))
    assert woken == [packs[1].key, packs[2].key]


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (date(2026, 2, 1), date(2026, 1, 1), "ends before it begins"),
        (date(2026, 11, 26), date(2026, 12, 1), "has not begun"),
        (date(2020, 1, 1), date(2026, 1, 1), "five years at the most"),
    ],
)
def test_a_period_makes_sense(cast: Cast, start: date, end: date, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        pack_ask(cast.ciso, period=(start, end))


def test_a_person_has_three_under_way_at_most(cast: Cast) -> None:
    for duty in (1, 2, 3):
        pack_ask(cast.ciso, duty=Duty(duty))
    with pytest.raises(ValidationError, match="3 of your packs are being made"):
        pack_ask(cast.ciso, duty=Duty(4))


def test_who_asked_is_told_when_it_is_ready(cast: Cast) -> None:
    pack = pack_made(cast.auditor)
    told = Notice.objects.get(kind="duties.pack")
    assert told.recipient == cast.auditor
    assert told.payload["sentence"] == "Your evidence pack is ready."
    assert told.payload["title"] == "5. Threat landscape, 1 Jan 2026 – 31 Dec 2026"
    assert told.payload["path"] == f"/duties/evidence-packs/{pack.key}/"


def test_who_lost_the_right_meanwhile_gets_none(cast: Cast) -> None:
    pack = pack_ask(cast.auditor)
    RoleGrant.objects.filter(user=cast.auditor).delete()
    pack_make(key=pack.key, clock=clock, pause=no_pause)
    assert (again(pack).state, again(pack).failure) == (
        PackState.FAILED,
        "You may not make evidence packs any more.",
    )
    assert "could not be made" in Notice.objects.get(kind="duties.pack").payload["sentence"]
    left = pack_ask(cast.ciso)
    User.objects.filter(pk=cast.ciso.pk).update(is_active=False)
    pack_make(key=left.key, clock=clock, pause=no_pause)
    assert again(left).state == PackState.FAILED


def test_a_pack_that_was_stopped_is_not_made(cast: Cast) -> None:
    pack = pack_ask(cast.ciso)
    assert pack_stop(pack=pack, now=LATER)
    assert not pack_stop(pack=pack, now=LATER)
    pack_make(key=pack.key, clock=clock, pause=no_pause)
    assert again(pack).state == PackState.STOPPED


def test_a_worker_ends_when_it_is_stopped_meanwhile(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    activity_make(cast)
    pack = pack_ask(cast.ciso)

    def stop(**said: Any) -> Any:
        pack_stop(pack=pack, now=LATER)
        return sealed_until(**said)

    monkeypatch.setattr(making_module, "sealed_until", stop)
    pack_make(key=pack.key, clock=clock, pause=no_pause)
    assert again(pack).state == PackState.STOPPED
    assert not list(work_folder().iterdir()), "nothing is left of it"
    assert not PackShown.objects.exists()
    assert not Notice.objects.filter(kind="duties.pack").exists()


def test_a_lost_worker_is_followed_by_another(cast: Cast) -> None:
    activity_make(cast)
    pack = pack_ask(cast.ciso)
    EvidencePack.objects.filter(pk=pack.pk).update(state=PackState.WORKING, attempt=1, touched_at=LATER)
    left_behind = work_folder() / f"{pack.key.hex}-1.zip"
    left_behind.write_bytes(b"half of it")

    def at(after: timedelta) -> Any:
        return lambda: LATER + after

    assert packs_tidy(clock=at(SILENT_AFTER)) == []
    pack_make(key=pack.key, clock=at(SILENT_AFTER), pause=no_pause)
    assert again(pack).state == PackState.WORKING, "the other worker is heard of"
    late = at(SILENT_AFTER + timedelta(seconds=1))
    assert packs_tidy(clock=late) == [pack.key]
    pack_make(key=pack.key, clock=late, pause=no_pause)
    assert (again(pack).state, again(pack).attempt) == (PackState.READY, 2)
    assert packs_tidy(clock=late) == []
    assert not left_behind.exists(), "what a dead worker left goes"


def test_a_pack_that_loses_its_worker_three_times_is_given_up(cast: Cast) -> None:
    pack = pack_ask(cast.ciso)
    EvidencePack.objects.filter(pk=pack.pk).update(state=PackState.WORKING, attempt=3, touched_at=LATER)
    assert packs_tidy(clock=lambda: LATER + SILENT_AFTER + timedelta(seconds=1)) == []
    assert (again(pack).state, again(pack).phase) == (PackState.FAILED, "")
    assert "three times" in again(pack).failure
    assert Notice.objects.filter(kind="duties.pack").count() == 1


def test_what_the_broker_lost_is_picked_up(cast: Cast) -> None:
    pack = pack_ask(cast.ciso)
    EvidencePack.objects.update(touched_at=datetime(2026, 1, 1, tzinfo=LATER.tzinfo))
    tidy_packs()
    assert again(pack).state == PackState.READY
    make_pack(str(pack.key))
    assert again(pack).attempt == 1, "to be told twice does no harm"


def test_an_error_leaves_it_failed_with_a_reason(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    activity = activity_make(cast)
    file_make(activity, cast.personnel)

    def full(*_given: Any, **_more: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(evidence, "content_open", full)
        pack = pack_made(cast.ciso)
    assert (pack.state, pack.failure) == (
        PackState.FAILED,
        "The storage of files did not answer, or is full. An administrator finds the reason in the log.",
    )
    assert not list(work_folder().iterdir())
    with monkeypatch.context() as patch:
        patch.setattr(making_module, "MOST_MANIFEST", 100)
        pack = pack_made(cast.ciso)
    assert "too many files for one pack" in pack.failure
    assert pack_made(cast.ciso).state == PackState.READY


@pytest.mark.django_db(transaction=True)
def test_it_waits_for_another_process_that_seals(cast: Cast) -> None:
    activity_make(cast)
    pack = pack_ask(cast.ciso)
    paused: list[float] = []
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEAL_LOCK])

        def work() -> None:
            pack_make(key=pack.key, clock=clock, pause=paused.append)

        made: Future[None] = elsewhere(work)
        made.result(60)
    assert len(paused) == 30
    assert "is being sealed by another process" in again(pack).failure


def test_a_pack_is_kept_for_two_weeks(cast: Cast) -> None:
    pack = pack_made(cast.ciso)
    path = stored_path(pack.storage_key)
    packs_tidy(clock=lambda: LATER + EvidencePack.KEPT_FOR)
    assert files_storage().exists(path)
    packs_tidy(clock=lambda: LATER + EvidencePack.KEPT_FOR + timedelta(seconds=1))
    assert again(pack).state == PackState.EXPIRED
    assert not PackShown.objects.exists()
    packs_tidy(clock=lambda: LATER + timedelta(days=91))
    assert not EvidencePack.objects.exists()


def test_the_file_of_a_pack_goes_with_it(cast: Cast, django_capture_on_commit_callbacks: Any) -> None:
    pack = pack_made(cast.ciso)
    path = stored_path(pack.storage_key)
    with django_capture_on_commit_callbacks(execute=True):
        pack_remove(pack=pack)
    assert not files_storage().exists(path)
    assert (again(pack).state, again(pack).size) == (PackState.EXPIRED, pack.size), "its size stays known"


def test_a_stored_pack_that_nothing_names_goes_after_a_day(cast: Cast) -> None:
    """Its worker ended between storing it and saying so."""
    pack, storage = pack_made(cast.ciso), files_storage()
    left = stored_path("0" * 32)
    storage.save(left, ContentFile(b"PK"))
    stored_at = storage.get_modified_time(left)
    packs_tidy(clock=lambda: stored_at + timedelta(days=1))
    assert storage.exists(left), "it may be being stored just now"
    packs_tidy(clock=lambda: stored_at + timedelta(days=1, seconds=1))
    assert not storage.exists(left)
    assert storage.exists(stored_path(pack.storage_key))


def test_packs_are_tidied_while_the_storage_is_away(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    pack = pack_ask(cast.ciso)

    def away(*_given: Any) -> None:
        raise OSError(111, "Connection refused")

    monkeypatch.setattr(type(files_storage()), "listdir", away)
    assert packs_tidy(clock=lambda: LATER + timedelta(minutes=2)) == [pack.key]


def test_packs_are_no_orphans_among_files(cast: Cast) -> None:
    pack = pack_made(cast.ciso)
    assert orphans_drop(now=LATER + timedelta(days=400)) == 0
    with pack_open(pack) as content:
        assert content.read(2) == b"PK"


def test_memory_does_not_grow_with_the_evidence(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Four files of 16 MB are taken in, and checked by a plain Python."""
    activity = activity_make(cast)
    content = b"What was found.\n" * 1024 * 1024
    for number in range(4):
        file_make(activity, cast.personnel, f"large-{number}.txt", content + b"%d" % number)
    del content
    pack_made(cast.analyst)  # what is imported and kept at the first time is no matter of size
    pack = pack_ask(cast.ciso)
    tracemalloc.start()
    try:
        pack_make(key=pack.key, clock=clock, pause=no_pause)
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert again(pack).size > 64 * 1024 * 1024
    assert peak < 24 * 1024 * 1024, f"{peak / 1024 / 1024:.0f} MB"
    code, said = checked(taken(again(pack), tmp_path))
    assert code == 0, said


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("minutes.pdf", "minutes.pdf"),
        ("../../etc/passwd", "-..-etc-passwd"),
        ("a<b>c:d|e?f*g.txt", "a-b-c-d-e-f-g.txt"),
        ("u\u0308ber\u202e.txt", "über.txt"),
        ("ends with dots... ", "ends with dots"),
        ("", "file"),
        (" . ", "file"),
        (".pdf", "pdf"),
        ("x" * 300 + ".pdf", "x" * 96 + ".pdf"),
        ("ü" * 300 + ".pdf", "ü" * 48 + ".pdf"),
        ("資料.docx", "資料.docx"),
    ],
)
def test_names_are_safe_everywhere(name: str, made: str) -> None:
    assert safe(name) == made


def test_names_do_not_meet() -> None:
    assert path_of("DUT-0042", 1, "CON.txt") == "evidence/DUT-0042/01-CON.txt"
    assert path_of("DUT-0042", 2, "con.txt") == "evidence/DUT-0042/02-con.txt"
