"""`verify_trail` names what was edited, removed, inserted or cut off; an honest trail passes."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from foundation.trail import verification
from foundation.trail.checkpoints import Statement, checkpoint_file
from foundation.trail.digests import START, chain_digest, sealed_entries
from foundation.trail.keys import fingerprint
from foundation.trail.models import Checkpoint, Entry, Seal
from foundation.trail.services import seal_entries

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

INSERT = (
    "INSERT INTO trail_entry (id, at, action, actor_name, record_kind, record_reference, subject, before, after, comment,"
    " request_id) VALUES (%s, %s, 'tests.thing.forged', '', '', '', '', '{}', '{}', '', '')"
)


@pytest.fixture
def trail(write: Callable[..., Entry]) -> list[Entry]:
    """Write nine entries, signing the chain after each three; their numbers leave gaps, as rollbacks do."""
    entries = []
    for hours in range(3):
        entries += [write(record=None, subject=f"Thing {hours}-{n}", after={"n": n}) for n in range(3)]
        seal_entries(now=timezone.now())
    return entries


def verify(*arguments: str) -> dict[str, Any]:
    """Run the command; its exit code is 1 exactly when it names a problem."""
    out = StringIO()
    code = 0
    try:
        call_command("verify_trail", "--json", *arguments, stdout=out)
    except SystemExit as stopped:
        code = int(stopped.code or 0)
    report: dict[str, Any] = json.loads(out.getvalue())
    assert report["ok"] is (code == 0) is (not report["problems"])
    return report


def faults(*arguments: str) -> list[tuple[str, int | None]]:
    return [(problem["fault"], problem["entry_id"]) for problem in verify(*arguments)["problems"]]


def test_an_honest_trail_passes(trail, write):
    waiting = write()
    report = verify()
    assert (report["entries"], report["position"], report["waiting"], report["files"]) == (9, 9, 1, 1)
    assert report["checkpoints"] == 6  # three in the database, three in the file
    seal_entries(now=timezone.now())
    assert verify()["position"] == 10
    assert waiting.pk == Seal.objects.latest("position").entry_id


def test_an_empty_trail_passes():
    assert verify()["position"] == 0


def test_it_reads_in_pages(trail, monkeypatch):
    monkeypatch.setattr(verification, "PAGE", 2)
    assert verify()["entries"] == 9


@pytest.mark.parametrize(
    "change",
    [
        "comment = 'nothing to see'",
        "at = at - interval '1 second'",
        "actor_id = 7",
        "actor_name = 'Someone Else'",
        "after = '{\"n\": 1.0}'",
        "ip_address = '10.0.0.1'",
        "record_id = 1",
        "subject = ''",
    ],
)
def test_an_edited_entry_is_named(trail, tamper, change):
    edited = trail[4]
    tamper(f"UPDATE trail_entry SET {change} WHERE id = %s", edited.pk)
    assert faults() == [("edited", edited.pk)]
    assert str(edited.pk) in verify()["problems"][0]["message"]


def test_a_deleted_entry_is_named(trail, tamper):
    tamper("DELETE FROM trail_entry WHERE id = %s", trail[4].pk)
    assert faults() == [("removed", trail[4].pk)]


def test_an_entry_deleted_before_its_seal_is_named(trail, write, tamper):
    waiting = write()
    tamper("DELETE FROM trail_entry WHERE id = %s", waiting.pk)
    assert faults() == [("removed", waiting.pk)]


def test_an_entry_deleted_with_its_seal_is_named_by_its_place(trail, tamper):
    tamper("DELETE FROM trail_seal WHERE entry_id = %s", trail[4].pk)
    assert ("seal-removed", None) in faults()
    assert ("unsealed", trail[4].pk) in faults()
    tamper("DELETE FROM trail_entry WHERE id = %s", trail[4].pk)
    (problem,) = verify()["problems"]
    assert (problem["fault"], problem["position"]) == ("seal-removed", 5)


def test_a_deleted_entry_whose_seals_were_moved_up_is_told(trail, tamper):
    """The whole chain is computed anew without the entry: only what was signed tells."""
    tamper("DELETE FROM trail_entry WHERE id = %s", trail[4].pk)
    _rewrite_chain(tamper)
    told = faults()
    assert {fault for fault, _entry in told} == {"rewritten", "cut-off"}
    rewritten = [p for p in verify()["problems"] if p["fault"] == "rewritten"]
    assert "after position 3" in rewritten[0]["message"]


def _rewrite_chain(tamper: Callable[..., None]) -> None:
    digest = START
    links = []
    for position, entry in enumerate(sealed_entries(Entry.objects.values_list("pk", flat=True)), start=1):
        digest = chain_digest(
            previous=digest, position=position, entry_id=entry.id, entry_digest=entry.digest
        )
        links.append((position, entry.id, entry.digest, digest))
    tamper("DELETE FROM trail_seal")
    for link in links:
        tamper(
            "INSERT INTO trail_seal (position, entry_id, entry_digest, chain_digest) VALUES (%s, %s, %s, %s)",
            *link,
        )


def test_an_inserted_entry_is_named_when_it_bypassed_the_portal(trail, tamper):
    tamper(INSERT, trail[4].pk + 1000, timezone.now())
    assert faults() == [("inserted", trail[4].pk + 1000)]


def test_an_inserted_entry_is_named_when_it_waits_for_the_seal(trail, tamper):
    tamper(INSERT, 900, timezone.now() - timedelta(days=30))
    tamper("INSERT INTO trail_waiting VALUES (900)")
    assert faults() == [("inserted", 900)]


def test_an_inserted_entry_is_named_when_it_was_sealed_later(trail, tamper):
    tamper(INSERT, 900, timezone.now() - timedelta(days=30))
    tamper("INSERT INTO trail_waiting VALUES (900)")
    seal_entries(now=timezone.now())
    assert faults() == [("inserted", 900)]


def test_an_entry_inserted_into_a_quiet_time_is_named(trail, write, tamper):
    """Nothing newer stands before it, but a day later it was signed that there was nothing."""
    quiet = timezone.now() + timedelta(days=1, minutes=1)
    seal_entries(now=quiet)
    tamper(INSERT, 900, quiet - timedelta(hours=20))
    tamper("INSERT INTO trail_waiting VALUES (900)")
    tamper("UPDATE trail_entry SET at = at WHERE false")
    seal_entries(now=quiet + timedelta(hours=1))
    tamper("UPDATE trail_seal SET sealed_at = %s WHERE entry_id = 900", quiet + timedelta(hours=1))
    assert faults() == [("inserted", 900)]


def test_an_entry_with_a_number_from_long_ago_is_named(trail, write, tamper):
    old, fresh = trail[0].pk, timezone.now() + timedelta(hours=2)
    tamper("UPDATE trail_entry SET id = 800 WHERE id = %s", write().pk)
    tamper("UPDATE trail_waiting SET entry_id = 800")
    seal_entries(now=fresh)
    assert faults() == []
    tamper(INSERT, 700, fresh)
    tamper("INSERT INTO trail_waiting VALUES (700)")
    seal_entries(now=fresh)
    tamper("UPDATE trail_seal SET sealed_at = %s WHERE entry_id = 700", fresh)
    assert old < 700
    assert faults() == [("inserted", 700)]


def test_a_forged_seal_is_named(trail, write, tamper):
    forged = write()
    tamper("DELETE FROM trail_waiting")
    tamper("INSERT INTO trail_seal (position, entry_id, entry_digest, chain_digest) VALUES (10, %s, %s, %s)",
           forged.pk, "a" * 64, "b" * 64)  # fmt: skip
    assert set(faults()) == {("seal-altered", forged.pk), ("edited", forged.pk)}


def test_an_altered_seal_is_named_and_its_entry_cleared(trail, tamper):
    tamper("UPDATE trail_seal SET entry_digest = %s WHERE position = 5", "c" * 64)
    assert faults() == [("seal-altered", trail[4].pk)]


def test_a_tail_that_was_cut_off_is_named(trail, tamper):
    """Entries, seals, and the database's own checkpoints are gone; the file outside remembers."""
    tamper("DELETE FROM trail_entry WHERE id = %s", trail[8].pk)
    tamper("DELETE FROM trail_seal WHERE position = 9")
    tamper("DELETE FROM trail_checkpoint WHERE position = 9")
    assert set(faults()) == {("cut-off", trail[8].pk), ("checkpoint-removed", trail[8].pk)}
    assert "position 8" in next(p["message"] for p in verify()["problems"] if p["fault"] == "cut-off")


def test_a_tail_that_was_cut_off_is_named_from_a_file_kept_elsewhere(trail, tamper, tmp_path):
    elsewhere = tmp_path / "mailed.jsonl"
    elsewhere.write_text(checkpoint_file().read_text())
    checkpoint_file().unlink()
    tamper("DELETE FROM trail_entry WHERE id > %s", trail[5].pk)
    tamper("DELETE FROM trail_seal WHERE position > 6")
    tamper("DELETE FROM trail_checkpoint WHERE position > 6")
    assert faults() == []
    assert ("cut-off", trail[8].pk) in faults("--checkpoints", str(elsewhere))


def test_a_tail_that_was_cut_off_and_grew_again_is_told(trail, tamper, write):
    tamper("DELETE FROM trail_entry WHERE id = %s", trail[8].pk)
    tamper("DELETE FROM trail_seal WHERE position = 9")
    tamper("DELETE FROM trail_checkpoint WHERE position = 9")
    write()
    seal_entries(now=timezone.now())
    assert ("rewritten", trail[8].pk) in faults()


def test_a_digest_written_down_is_compared(trail, tamper):
    end = Seal.objects.get(position=9)
    assert faults("--expect", f"9:{end.chain_digest}") == []
    assert faults("--expect", f"9:{'0' * 64}") == [("rewritten", end.entry_id)]
    assert faults("--expect", f"10:{end.chain_digest}") == [("cut-off", None)]
    with pytest.raises(CommandError, match="POSITION:DIGEST"):
        call_command("verify_trail", "--expect", "9")


def test_a_forged_checkpoint_is_told(trail, tamper):
    tamper("UPDATE trail_checkpoint SET signed_at = %s WHERE position = 6", datetime(2020, 1, 1, tzinfo=UTC))
    assert faults() == [("bad-signature", None)]


def test_a_checkpoint_of_a_strangers_key_is_told(trail, tamper, tmp_path):
    key = Ed25519PrivateKey.generate()
    statement = Statement.of(Checkpoint.objects.get(position=9))
    forged = Statement(**{**statement.__dict__, "key_fingerprint": fingerprint(key.public_key())})
    path = tmp_path / "forged.jsonl"
    path.write_text(Statement(**{**forged.__dict__, "signature": forged.signed_by(key)}).line)
    told = [fault for fault, _entry in faults("--checkpoints", str(path))]
    assert told == ["unknown-key", "checkpoint-removed"]


def test_only_the_keys_that_were_named_are_trusted(trail, trail_folder):
    (own,) = trail_folder.glob("*.pub.pem")
    assert faults("--public-key", str(own)) == []
    with pytest.raises(CommandError):
        call_command("verify_trail", "--public-key", str(checkpoint_file()))


def test_a_torn_line_is_told(trail):
    path = checkpoint_file()
    path.write_text(path.read_text() + '{"position": 4')
    assert faults() == [("unreadable", None)]


def test_a_missing_file_is_told(trail, tmp_path):
    with pytest.raises(CommandError, match="No such file"):
        call_command("verify_trail", "--checkpoints", str(tmp_path / "none.jsonl"))


def test_what_people_read(trail, tamper, capsys):
    call_command("verify_trail")
    assert "The trail is as it was sealed." in capsys.readouterr().out
    tamper("UPDATE trail_entry SET comment = 'x' WHERE id = %s", trail[4].pk)
    with pytest.raises(SystemExit) as stopped:
        call_command("verify_trail")
    assert stopped.value.code == 1
    out = capsys.readouterr().out
    assert f"Entry {trail[4].pk} (tests.thing.done) was edited" in out
    assert "1 problem." in out


def test_the_trail_outside_the_database_may_be_missing(trail, trail_folder: Path):
    checkpoint_file().unlink()
    assert verify()["files"] == 0
