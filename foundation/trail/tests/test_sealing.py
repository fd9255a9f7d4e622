"""Sealing: what is sealed, when, by whom, and what leaves the database."""

import base64
import json
import logging
import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction

from foundation.testing.races import elsewhere, together
from foundation.trail.checkpoints import Statement, checkpoint_file, publish_checkpoints
from foundation.trail.digests import START, SealedEntry, chain_digest, sealed_entries
from foundation.trail.keys import public_keys, signing_key
from foundation.trail.models import Checkpoint, Entry, Seal, Waiting
from foundation.trail.selectors import checkpoint_sentence, latest_checkpoint, seal_state
from foundation.trail.services import seal_entries
from foundation.trail.services.sealing import SEAL_LOCK
from foundation.trail.tasks import seal

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def _lines() -> list[dict[str, object]]:
    return [json.loads(line) for line in checkpoint_file().read_text().splitlines()]


def _signed() -> Checkpoint:
    checkpoint = latest_checkpoint()
    assert checkpoint
    return checkpoint


def test_every_column_of_an_entry_is_in_its_digest():
    stored = {field.name for field in Entry._meta.concrete_fields if not field.generated}
    assert set(SealedEntry.__dataclass_fields__) == stored


@pytest.mark.django_db
def test_entries_are_chained_in_order(write):
    entries = [write(comment=f"{number}") for number in range(5)]
    assert seal_entries(now=NOW, batch=2) == 5
    previous = START
    for position, (entry, link) in enumerate(zip(entries, Seal.objects.order_by("position"), strict=True), 1):
        (content,) = sealed_entries([entry.pk])
        assert (link.position, link.entry_id, link.entry_digest) == (position, entry.pk, content.digest)
        previous = chain_digest(
            previous=previous, position=position, entry_id=entry.pk, entry_digest=content.digest
        )
        assert link.chain_digest == previous
    assert not Waiting.objects.exists()
    assert seal_entries(now=NOW) == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    "values",
    [
        {"action": "tests.thing.undone"},
        {"comment": "another"},
        {"before": {"a": 1.00}},
        {"after": {"b": None}},
        {"subject": "x"},
    ],
)
def test_different_content_has_a_different_digest(write, values):
    first, second = write(before={"a": 1}), write(**{"before": {"a": 1}, **values})
    one, other = sealed_entries([first.pk, second.pk])
    assert one.digest != SealedEntry(**{**other.__dict__, "id": one.id}).digest


@pytest.mark.django_db(transaction=True)
def test_an_entry_that_is_committed_late_is_sealed_then(write):
    with transaction.atomic():
        late = write(comment="begun first")
        early_id = elsewhere(lambda: write(comment="begun later").pk).result()
        assert elsewhere(lambda: seal_entries(now=NOW)).result() == 1
    assert seal_entries(now=NOW) == 1
    assert late.pk < early_id
    assert list(Seal.objects.order_by("position").values_list("entry_id", flat=True)) == [early_id, late.pk]


@pytest.mark.django_db(transaction=True)
def test_one_process_seals_at_a_time(write):
    write()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEAL_LOCK])
        assert elsewhere(lambda: seal_entries(now=NOW)).result() == 0
    assert not Seal.objects.exists()
    assert together(lambda: seal_entries(now=NOW), lambda: seal_entries(now=NOW)) in ([0, 1], [1, 0])
    assert Seal.objects.count() == Checkpoint.objects.count() == len(_lines()) == 1


@pytest.mark.django_db
def test_an_untrue_queue_does_not_stop_the_sealing(write):
    sealed = write()
    seal_entries(now=NOW)
    Waiting.objects.create(pk=sealed.pk)
    Waiting.objects.create(pk=10**9)
    entries = [write() for _number in range(3)]
    assert seal_entries(now=NOW, batch=1) == 3
    assert list(Seal.objects.order_by("position").values_list("entry_id", flat=True)) == [
        sealed.pk,
        *(entry.pk for entry in entries),
    ]
    assert list(Waiting.objects.values_list("pk", flat=True)) == [10**9]


@pytest.mark.django_db
def test_a_checkpoint_is_signed_kept_outside_and_logged(write, caplog, trail_folder):
    write()
    with caplog.at_level(logging.INFO, logger="foundation.trail.checkpoints"):
        seal_entries(now=NOW)
    checkpoint = _signed()
    end = Seal.objects.get()
    assert (checkpoint.position, checkpoint.entry_id, checkpoint.chain_digest, checkpoint.signed_at) == (
        1,
        end.entry_id,
        end.chain_digest,
        NOW,
    )
    assert Statement.of(checkpoint).holds(public_keys()[checkpoint.key_fingerprint])
    assert checkpoint_file().read_text() == Statement.of(checkpoint).line
    assert checkpoint.chain_digest in caplog.text
    assert stat.S_IMODE((trail_folder / "signing_key.pem").stat().st_mode) == 0o600


@pytest.mark.django_db
@pytest.mark.parametrize("field", ["position", "entry_id", "chain_digest", "signed_at"])
def test_a_signature_holds_for_exactly_what_was_signed(write, field):
    write()
    seal_entries(now=NOW)
    statement = Statement.of(_signed())
    (key,) = public_keys().values()
    changed: dict[str, Any] = {
        "position": 2,
        "entry_id": 99,
        "chain_digest": START,
        "signed_at": NOW + timedelta(microseconds=1),
    }
    assert statement.holds(key)
    assert not replace(statement, **{field: changed[field]}).holds(key)
    assert not statement.holds(Ed25519PrivateKey.generate().public_key())


@pytest.mark.django_db
def test_nothing_new_is_signed_once_a_day(write):
    write()
    for hours in (0, 1, 23, 24, 25):
        seal_entries(now=NOW + timedelta(hours=hours))
    assert [line["position"] for line in _lines()] == [1, 1]
    assert _signed().signed_at == NOW + timedelta(hours=24)


@pytest.mark.django_db
def test_nothing_is_signed_before_the_first_entry():
    assert seal_entries(now=NOW) == 0
    assert latest_checkpoint() is None
    assert "No entry" in checkpoint_sentence(None)


@pytest.mark.django_db
@pytest.mark.parametrize("damage", ["lost", "torn", "behind"])
def test_the_file_catches_up(write, damage):
    for hours in range(3):
        write()
        seal_entries(now=NOW + timedelta(hours=hours))
    whole = checkpoint_file().read_text()
    lines = whole.splitlines(keepends=True)
    if damage == "lost":
        checkpoint_file().unlink()
    else:
        checkpoint_file().write_text(lines[0] + (lines[1][:40] if damage == "torn" else ""))
    assert publish_checkpoints(checkpoint_file()) == (3 if damage == "lost" else 2)
    readable = [
        line for line in checkpoint_file().read_text().splitlines(keepends=True) if line.endswith("}\n")
    ]
    assert readable == lines
    assert publish_checkpoints(checkpoint_file()) == 0


@pytest.mark.django_db
@pytest.mark.parametrize("form", ["base64", "pem", "pem in one line", "file"])
def test_the_key_can_be_given(write, settings, tmp_path, form, trail_folder):
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    settings.TRAIL_SIGNING_KEY = {
        "base64": base64.b64encode(key.private_bytes_raw()).decode(),
        "pem": pem,
        "pem in one line": pem.replace("\n", "\\n"),
    }.get(form, "")
    if form == "file":
        (tmp_path / "key.pem").write_text(pem)
        settings.TRAIL_SIGNING_KEY_FILE = str(tmp_path / "key.pem")
    write()
    seal_entries(now=NOW)
    assert Statement.of(_signed()).holds(key.public_key())
    assert list(public_keys()) == [_signed().key_fingerprint]
    assert not (trail_folder / "signing_key.pem").exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "given", ["nonsense", "bm9uc2Vuc2U=", "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----"]
)
def test_an_unreadable_key_is_told_but_entries_are_sealed(write, settings, given):
    settings.TRAIL_SIGNING_KEY = given
    write()
    with pytest.raises(ImproperlyConfigured, match="signing key"):
        seal_entries(now=NOW)
    assert Seal.objects.count() == 1


def test_two_processes_make_one_key(trail_folder):
    first, second = together(signing_key, signing_key)
    assert first.private_bytes_raw() == second.private_bytes_raw()
    assert sorted(path.name for path in trail_folder.iterdir())[1:] == ["signing_key.pem"]


@pytest.mark.django_db
def test_the_state_of_the_seal(write):
    write()
    seal_entries(now=NOW)
    waiting = write()
    state = seal_state(now=waiting.at)
    assert (state.position, state.entry_id, state.waiting, state.waiting_is_capped) == (
        1,
        waiting.pk - 1,
        1,
        False,
    )
    assert not state.is_behind
    assert seal_state(now=waiting.at + timedelta(hours=1)).is_behind
    assert state.checkpoint
    assert state.checkpoint.chain_digest in checkpoint_sentence(state.checkpoint)


@pytest.mark.django_db
def test_the_task_seals(write):
    write()
    assert seal.apply().get() == 1
