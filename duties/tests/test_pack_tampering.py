"""What was done to a pack after it was signed is found, and named: by who has no key, and by who makes up all but the key."""

import base64
import hashlib
import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from duties.packs import verify
from duties.packs.signing import key_fingerprint, pem_of, public_key, statement
from duties.tests.factories import activity_make, done
from duties.tests.packs import (
    LATER,
    VERIFIER,
    checked,
    judged,
    lines,
    manifest,
    pack_made,
    some_evidence,
    taken,
    unpacked,
)
from foundation.testing.cast import Cast
from foundation.trail.checkpoints import Statement
from foundation.trail.digests import canonical
from foundation.trail.keys import fingerprint, signing_key
from foundation.trail.models import Checkpoint
from foundation.trail.services import seal_entries

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("folders")]
Capture = pytest.CaptureFixture[str]


@pytest.fixture
def inside(cast: Cast, tmp_path: Path) -> Path:
    """Return an unpacked pack in which the trail goes on after its activities, over more than one checkpoint."""
    some_evidence(cast)
    seal_entries(now=LATER - timedelta(days=1))
    activity_make(cast, title="Afterwards")
    done(cast, title="Of another duty", duty=7)
    return unpacked(pack_made(cast.ciso), tmp_path)


def edit(path: Path, place: int) -> None:
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)


def files_of(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def forged_manifest(folder: Path) -> None:
    """Make the manifest fit what is there, as somebody without the key would."""
    said = manifest(folder)
    present = {path.relative_to(folder).as_posix(): path for path in files_of(folder)}
    for name in ("manifest.json", "manifest.sig"):
        present.pop(name)
    said["files"] = [
        {"path": name, "size": path.stat().st_size, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
        for name, path in present.items()
    ]
    (folder / "manifest.json").write_text(json.dumps(said), encoding="utf-8")


def sign(folder: Path) -> None:
    """Sign the manifest with the key of the portal."""
    said = json.loads((folder / "manifest.sig").read_text())
    said.pop("signature")
    said["manifest_sha256"] = hashlib.sha256((folder / "manifest.json").read_bytes()).hexdigest()
    said["files"] = len(manifest(folder)["files"])
    (folder / "manifest.sig").write_bytes(statement(said))


def packed(folder: Path, target: Path) -> Path:
    """Return the archive of a folder."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for path in files_of(folder):
            made.write(path, path.relative_to(folder).as_posix())
    return target


def rewrite(path: Path, change: Callable[[list[bytes]], list[bytes]]) -> None:
    path.write_bytes(b"".join(change(path.read_bytes().splitlines(keepends=True))))


def failing(folder: Path, capsys: Capture) -> list[str]:
    code, failures = judged(folder, capsys)
    assert code == 1, "nothing was found"
    return failures


def test_it_passes_before_anything_is_done(inside: Path, capsys: Capture) -> None:
    assert judged(inside, capsys) == (0, [])
    assert len(lines(inside, "checkpoints.jsonl")) > 1


def test_each_file_that_is_edited_by_a_byte_is_named(inside: Path, capsys: Capture) -> None:
    for path in files_of(inside):
        name, before = path.relative_to(inside).as_posix(), path.read_bytes()
        for place in (0, len(before) // 2, -1):
            edit(path, place)
            assert any(failure.startswith(f"{name}") for failure in failing(inside, capsys)), (name, place)
            path.write_bytes(before)
    assert judged(inside, capsys) == (0, [])


def test_the_bytes_of_what_is_signed_count(inside: Path, capsys: Capture) -> None:
    for name in ("manifest.sig", "public_key.pem", "checkpoints.jsonl"):
        path, before = inside / name, (inside / name).read_bytes()
        for place in range(0, len(before), 5):
            edit(path, place)
            assert any(failure.startswith(name) for failure in failing(inside, capsys)), (name, place)
        path.write_bytes(before)


def test_each_file_that_is_removed_is_named(inside: Path, capsys: Capture) -> None:
    for path in files_of(inside):
        name, before = path.relative_to(inside).as_posix(), path.read_bytes()
        path.unlink()
        assert f"{name}: is missing: it was removed" in failing(inside, capsys), name
        path.write_bytes(before)


def test_a_file_that_is_added_is_named(inside: Path, capsys: Capture) -> None:
    (inside / "evidence" / "more.txt").write_text("made up")
    assert failing(inside, capsys) == ["evidence/more.txt: is not in the manifest: it was added"]


def test_modules_that_are_put_beside_the_program_are_not_run(inside: Path) -> None:
    """Python would look for them there first: whoever forges a pack would have the check say what they like."""
    harm = "import sys\nsys.stdout.write('PASSED')\nsys.stdout.flush()\nraise SystemExit(0)\n"
    names = ("__future__", "hashlib", "json", "re", "struct", "typing", "zipfile")
    for name in names:
        (inside / f"{name}.py").write_text(harm)
    ran = subprocess.run(
        [sys.executable, "verify.py"],
        cwd=inside,
        capture_output=True,
        encoding="utf-8",
        env={"PYTHONIOENCODING": "utf-8", "PYTHONPATH": "."},
        check=False,
        timeout=120,
    )
    failed = [line for line in ran.stdout.splitlines() if line.startswith("FAIL ")]
    assert (ran.returncode, ran.stderr) == (1, "")
    assert failed == [f"FAIL  {name}.py: is not in the manifest: it was added" for name in names]


def test_a_file_that_grew_or_shrank_is_named(inside: Path, capsys: Capture) -> None:
    path = inside / "index.pdf"
    before = path.read_bytes()
    path.write_bytes(before + b" ")
    assert failing(inside, capsys) == ["index.pdf: was edited: it has more bytes than it had"]
    path.write_bytes(before[:-1])
    assert failing(inside, capsys) == ["index.pdf: was edited: it has fewer bytes than it had"]


def test_a_file_that_packs_well_is_no_harm(inside: Path, tmp_path: Path, capsys: Capture) -> None:
    """What is signed may be of one letter; what is larger than was signed is read no further."""
    even = inside / "evidence" / "even.csv"
    even.write_bytes(b"0" * 20_000_000)
    forged_manifest(inside)
    sign(inside)
    assert judged(packed(inside, tmp_path / "even.zip"), capsys) == (0, [])
    even.write_bytes(b"0" * 300_000_000)
    chain = inside / "chain.txt"
    chain.write_bytes(chain.read_bytes() + b"0\n" * 100_000_000)
    path = packed(inside, tmp_path / "larger.zip")
    assert path.stat().st_size < 5_000_000
    code, failures = judged(path, capsys)
    assert (code, failures) == (
        1,
        [f"{name}: was edited: it has more bytes than it had" for name in ("chain.txt", "evidence/even.csv")],
    )


def test_the_archive_is_found_out_as_well(cast: Cast, tmp_path: Path) -> None:
    some_evidence(cast)
    path = taken(pack_made(cast.auditor), tmp_path)
    content = bytearray(path.read_bytes())
    place = content.index(b"What was found.")
    content[place] ^= 1
    path.write_bytes(content)
    code, said = checked(path)
    assert code == 1
    assert "01-Überblick (1).txt: cannot be read: it was edited, or is damaged (Bad CRC-32" in said


def test_whatever_byte_of_the_archive_is_turned_all_that_passes_is_what_was_signed(
    cast: Cast, tmp_path: Path, capsys: Capture
) -> None:
    """The archive is wrapping: a date in it may be another. What is wrapped is as it was, or the check fails; it never breaks off."""
    some_evidence(cast)
    path = taken(pack_made(cast.auditor), tmp_path)
    before = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        honest = {name: archive.read(name) for name in archive.namelist()}
    die = Random(8032)
    found = 0
    for _time in range(120):
        content = bytearray(before)
        content[die.randrange(len(content))] ^= 1 << die.randrange(8)
        path.write_bytes(content)
        code = verify.main([str(path)])
        capsys.readouterr()
        found += code > 0
        if code == 0:
            with zipfile.ZipFile(path) as archive:
                assert {name: archive.read(name) for name in archive.namelist()} == honest
    assert found > 100


# By somebody who edits the manifest, too.


def entry_edited(rows: list[bytes]) -> list[bytes]:
    said = json.loads(rows[2])
    said["entry"]["actor_name"] = "Somebody else"
    return [*rows[:2], canonical(said) + b"\n", *rows[3:]]


def test_an_entry_that_was_edited_is_named(inside: Path, capsys: Capture) -> None:
    entry = lines(inside, "trail.jsonl")[2]["entry"]
    rewrite(inside / "trail.jsonl", entry_edited)
    forged_manifest(inside)
    failures = failing(inside, capsys)
    assert "manifest.json: was edited: it is not the one that was signed" in failures
    assert (
        f"trail.jsonl, entry {entry['id']}: was edited: it is not the one that was sealed "
        f"({entry['action']} {entry['record_reference']})" in failures
    )


def test_an_entry_that_is_written_otherwise_is_named(inside: Path, capsys: Capture) -> None:
    rewrite(inside / "trail.jsonl", lambda rows: [rows[0].replace(b'":', b'": ', 1), *rows[1:]])
    forged_manifest(inside)
    assert any(
        one.startswith("trail.jsonl, line 1: cannot be read: it was edited")
        for one in failing(inside, capsys)
    )


@pytest.mark.parametrize("place", [0, 3, -1])
def test_an_entry_that_was_removed_is_named(inside: Path, capsys: Capture, place: int) -> None:
    gone = lines(inside, "trail.jsonl")[place]
    rewrite(inside / "trail.jsonl", lambda rows: [row for row in rows if row != rows[place]])
    forged_manifest(inside)
    told = f"trail.jsonl, entry {gone['entry']['id']}: is missing: it was removed (position {gone['position']} of the chain)"
    assert told in failing(inside, capsys)


def test_an_entry_that_was_removed_with_its_mark_is_missed(inside: Path, capsys: Capture) -> None:
    gone = lines(inside, "trail.jsonl")[3]
    rewrite(inside / "trail.jsonl", lambda rows: [row for row in rows if row != rows[3]])
    mark = f"{gone['position']} {gone['entry']['id']} ".encode()
    rewrite(
        inside / "chain.txt",
        lambda rows: [row.replace(b" +", b"") if row.startswith(mark) else row for row in rows],
    )
    forged_manifest(inside)
    failures = failing(inside, capsys)
    assert any(one.startswith("trail.jsonl: does not hold the entries that were signed") for one in failures)
    assert "manifest.json: was edited: it is not the one that was signed" in failures


@pytest.mark.parametrize("place", [0, 2, None])
def test_an_entry_that_was_added_is_named(inside: Path, capsys: Capture, place: int | None) -> None:
    made_up = lines(inside, "trail.jsonl")[1]
    made_up["entry"]["id"] = 987_654

    def add(rows: list[bytes]) -> list[bytes]:
        at = len(rows) if place is None else place
        return [*rows[:at], canonical(made_up) + b"\n", *rows[at:]]

    rewrite(inside / "trail.jsonl", add)
    forged_manifest(inside)
    assert any(
        one.startswith("trail.jsonl, entry 987654: was added: no link at position")
        for one in failing(inside, capsys)
    )


def test_an_entry_that_was_added_with_a_link_breaks_the_chain(inside: Path, capsys: Capture) -> None:
    last = lines(inside, "trail.jsonl")[-1]
    made_up = {**last, "entry": {**last["entry"], "id": 987_654}, "position": last["position"] + 1}
    digest = hashlib.sha256(canonical(made_up["entry"])).hexdigest()
    rewrite(inside / "trail.jsonl", lambda rows: [*rows, canonical(made_up) + b"\n"])
    place = next(
        number
        for number, row in enumerate((inside / "chain.txt").read_bytes().splitlines())
        if row.startswith(b"%d " % made_up["position"])
    )
    rewrite(
        inside / "chain.txt",
        lambda rows: [
            *rows[:place],
            f"{made_up['position']} 987654 {digest} +\n".encode(),
            *(
                b"%d %s" % (made_up["position"] + 1 + number, row.partition(b" ")[2])
                for number, row in enumerate(rows[place:])
            ),
        ],
    )
    forged_manifest(inside)
    assert any(
        one.startswith("chain.txt: is not the chain that was signed") for one in failing(inside, capsys)
    )


def test_an_edited_entry_with_its_link_breaks_the_chain(inside: Path, capsys: Capture) -> None:
    before = lines(inside, "trail.jsonl")[2]
    rewrite(inside / "trail.jsonl", entry_edited)
    after = lines(inside, "trail.jsonl")[2]["entry"]
    old, new = (hashlib.sha256(canonical(one)).hexdigest().encode() for one in (before["entry"], after))
    rewrite(inside / "chain.txt", lambda rows: [row.replace(old, new) for row in rows])
    forged_manifest(inside)
    first = lines(inside, "checkpoints.jsonl")[0]["position"]
    assert before["position"] < first
    where = f"between positions 0 and {first} a link was edited, removed or added"
    assert failing(inside, capsys) == [
        "manifest.json: was edited: it is not the one that was signed",
        f"chain.txt: is not the chain that was signed: {where}",
    ]


@pytest.mark.parametrize("links", [1, 3])
def test_a_tail_that_was_cut_off_is_told(inside: Path, capsys: Capture, links: int) -> None:
    rewrite(inside / "chain.txt", lambda rows: rows[:-links])
    kept = int((inside / "chain.txt").read_bytes().splitlines()[-1].split()[0])
    rewrite(inside / "trail.jsonl", lambda rows: [row for row in rows if json.loads(row)["position"] <= kept])
    forged_manifest(inside)
    assert any(one.startswith("chain.txt: its tail was cut off") for one in failing(inside, capsys))


def test_a_tail_that_was_cut_off_at_a_checkpoint_is_told(inside: Path, capsys: Capture) -> None:
    rewrite(inside / "checkpoints.jsonl", lambda rows: rows[:-1])
    kept = lines(inside, "checkpoints.jsonl")[-1]["position"]
    rewrite(inside / "chain.txt", lambda rows: [row for row in rows if int(row.split()[0]) <= kept])
    rewrite(inside / "trail.jsonl", lambda rows: [row for row in rows if json.loads(row)["position"] <= kept])
    forged_manifest(inside)
    told = "its tail was cut off or edited"
    assert any(
        one.startswith("chain.txt: does not end as it was signed") and told in one
        for one in failing(inside, capsys)
    )


def test_a_head_that_was_cut_off_is_told(inside: Path, capsys: Capture) -> None:
    first = lines(inside, "checkpoints.jsonl")[0]
    head = f"{first['position']} {first['chain_digest']}\n".encode()
    rewrite(
        inside / "chain.txt",
        lambda rows: [head, *(row for row in rows[1:] if int(row.split()[0]) > first["position"])],
    )
    rewrite(
        inside / "trail.jsonl",
        lambda rows: [row for row in rows if json.loads(row)["position"] > first["position"]],
    )
    forged_manifest(inside)
    assert any(
        one.startswith("chain.txt: does not begin where it was signed") for one in failing(inside, capsys)
    )


def test_who_signs_it_all_with_another_key_is_found_by_the_fingerprint(
    inside: Path, capsys: Capture, settings: Any, tmp_path: Path
) -> None:
    """A pack that was made up as a whole passes by itself, and says whose key to look at."""
    honest = key_fingerprint()
    settings.TRAIL_CHECKPOINT_DIR = tmp_path / "another"
    key = signing_key()
    (inside / "public_key.pem").write_bytes(pem_of(public_key()))
    path = inside / "checkpoints.jsonl"
    forged = []
    for line in path.read_text().splitlines():
        values = vars(Statement.read(line)) | {"key_fingerprint": fingerprint(key.public_key())}
        unsigned = Statement(**values)
        forged.append(Statement(**{**values, "signature": unsigned.signed_by(key)}).line)
    path.write_text("".join(forged))
    forged_manifest(inside)
    sign(inside)
    assert judged(inside, capsys)[0] == 0
    code, failures = judged(inside, capsys, "--fingerprint", honest)
    assert (code, len(failures)) == (1, 1)


def test_a_signature_of_something_else_is_no_signature_of_a_pack(inside: Path, capsys: Capture) -> None:
    checkpoint = Checkpoint.objects.latest("pk")
    said = json.loads((inside / "manifest.sig").read_text())
    said["signature"] = checkpoint.signature
    (inside / "manifest.sig").write_bytes(canonical(said) + b"\n")
    assert base64.b64decode(checkpoint.signature)
    assert any(one.startswith("manifest.sig: does not bear the signature") for one in failing(inside, capsys))


def test_the_program_of_the_pack_is_the_one_that_was_tested(inside: Path, tmp_path: Path) -> None:
    assert (inside / "verify.py").read_bytes() == VERIFIER.read_bytes()
    assert verify.__doc__
    shutil.copytree(inside, tmp_path / "copy")
    assert checked(tmp_path / "copy")[0] == 0
