"""What is in an evidence pack: made as a worker makes it, and passed by a plain Python."""

import hashlib
import io
from datetime import date
from pathlib import Path

import pypdfium2
import pytest

from audits.tests.factories import audit_make
from duties.choices import Duty, PackState
from duties.models import EvidencePack
from duties.packs import index
from duties.packs.sight import is_outdated
from duties.packs.signing import key_fingerprint
from duties.tests.factories import NOW, activity_make, again, decide, done, ready, step
from duties.tests.packs import (
    checked,
    lines,
    manifest,
    pack_made,
    row_of,
    some_evidence,
    taken,
    unpacked,
)
from foundation.actions.choices import ActionState
from foundation.actions.tests.factories import bring_to, corrective_make
from foundation.files.models import FileVersion
from foundation.files.services import Upload, file_withdraw, version_add
from foundation.files.storage import files_storage, path_of
from foundation.files.tests.contents import file_make
from foundation.links.relations import Direction
from foundation.links.services import link_add
from foundation.records.models import Participant, Record
from foundation.registry import RelationKind, registry
from foundation.testing.cast import Cast
from foundation.trail.models import Entry, Seal

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("folders")]
NEXT_YEAR = (date(2026, 11, 1), date(2027, 10, 31))
RELATES = Direction(registry.get(RelationKind, "relates"), is_back=False)


def test_a_pack_holds_what_was_planned_done_late_and_skipped(cast: Cast, tmp_path: Path) -> None:
    made = some_evidence(cast)
    pack = pack_made(cast.auditor)
    assert (pack.state, pack.failure) == (PackState.READY, "")
    inside = unpacked(pack, tmp_path)
    standings = {row["title"]: row["standing"] for row in lines(inside, "records.jsonl")}
    assert standings == {
        "Late": "late",
        "On time: größer": "on_time",
        "Skipped": "skipped",
        "Open": "open",
        "Overdue": "overdue",
        "Signed": "on_time",
    }
    late, skipped, signed = (row_of(inside, made[name]) for name in ("late", "skipped", "signed"))
    assert (late["days_late"], late["done_by"], late["outcome"]) == (14, "Pavel Dimitrov", "Nothing new.")
    assert skipped["skip_reason"] == "Nobody came."
    (request,) = signed["decisions"]
    assert [(one["verdict"], one["decided_by"]) for one in request["decisions"]] == [
        ("approve", "Celia Moreau")
    ]
    assert [item["done_by"] for item in signed["checklist"]] == ["Pavel Dimitrov", "Pavel Dimitrov", None]
    counts = pack.summary["counts"]
    assert {name: counts[name] for name in ("on_time", "late", "skipped", "open", "overdue", "records", "files")} == {
        "on_time": 2, "late": 1, "skipped": 1, "open": 1, "overdue": 1, "records": 0, "files": 2,
    }  # fmt: skip


def test_its_evidence_lies_under_readable_names(cast: Cast, tmp_path: Path) -> None:
    made = some_evidence(cast)
    inside = unpacked(pack_made(cast.auditor), tmp_path)
    folder = inside / "evidence" / made["on_time"].reference
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {
        "01-Überblick (1).txt": b"What was found.",
        "02-table.csv": b"threat,count\nphishing,3\n",
    }
    assert {path.name for path in inside.iterdir()} == {
        "README.txt", "chain.txt", "checkpoints.jsonl", "evidence", "index.pdf", "manifest.json", "manifest.sig",
        "public_key.pem", "records.jsonl", "trail.jsonl", "verify.py",
    }  # fmt: skip
    assert (inside / "index.pdf").read_bytes().startswith(b"%PDF-")


def test_its_trail_is_that_of_its_activities(cast: Cast, tmp_path: Path) -> None:
    made = some_evidence(cast)
    inside = unpacked(pack_made(cast.auditor), tmp_path)
    told = {row["entry"]["id"] for row in lines(inside, "trail.jsonl")}
    ours = [made[name].pk for name in ("late", "on_time", "skipped", "open", "overdue", "signed")]
    assert told == set(Entry.objects.filter(record_id__in=ours).values_list("pk", flat=True))
    links = (inside / "chain.txt").read_text().splitlines()
    assert len(links) - 1 == Seal.objects.count()
    assert sum(line.endswith(" +") for line in links) == len(told)
    assert "Of another duty" not in (inside / "trail.jsonl").read_text(encoding="utf-8")


def test_a_plain_python_passes_it_packed_and_unpacked(cast: Cast, tmp_path: Path) -> None:
    some_evidence(cast)
    pack = pack_made(cast.auditor)
    inside = unpacked(pack, tmp_path)
    for place in (tmp_path / "pack.zip", inside):
        code, said = checked(place)
        assert code == 0, said
        assert "PASSED" in said
        assert "It does not prove whose key that was" in said
        assert pack.summary["fingerprint"] == key_fingerprint() in said
    assert checked(inside, "--fingerprint", key_fingerprint())[0] == 0
    code, said = checked(inside, "--fingerprint", "0" * 64)
    assert code == 1
    assert "FAIL  public_key.pem: is not the key whose fingerprint you gave" in said


def test_the_next_pack_begins_at_a_checkpoint(cast: Cast, tmp_path: Path) -> None:
    some_evidence(cast)
    pack_made(cast.auditor)
    activity = done(cast, title="In another quarter", duty=3, due_on=date(2027, 2, 1))
    pack = pack_made(cast.ciso, duty=None, period=NEXT_YEAR)
    assert activity.reference in {
        row["reference"] for row in lines(unpacked(pack, tmp_path), "records.jsonl")
    }
    (tmp_path / "later").mkdir()
    inside = unpacked(pack_made(cast.ciso, duty=Duty(3), period=NEXT_YEAR), tmp_path / "later")
    trail = manifest(inside)["trail"]
    assert trail["start_position"] > 0
    assert trail["links"] < Seal.objects.count()
    assert checked(inside)[0] == 0


def test_a_period_without_anything_makes_a_pack_that_says_so(cast: Cast, tmp_path: Path) -> None:
    pack = pack_made(cast.auditor, duty=Duty(11))
    inside = unpacked(pack, tmp_path)
    assert lines(inside, "records.jsonl") == []
    assert checked(inside)[0] == 0


def test_what_is_skipped_belongs_to_the_day_on_which_it_is(cast: Cast, tmp_path: Path) -> None:
    activity = activity_make(cast, title="Late", due_on=date(2025, 12, 10))
    step(activity, "skip", cast.analyst, comment="Nobody came.")
    day = again(activity).skipped_on
    assert day == NOW.date()
    periods = {
        "before": (date(2025, 1, 1), date(2025, 11, 30)),
        "due": (date(2025, 12, 1), date(2025, 12, 31)),
        "between": (date(2026, 1, 1), date(2026, 6, 30)),
        "skipped": (day, day),
    }
    held = {}
    for name, period in periods.items():
        (tmp_path / name).mkdir()
        inside = unpacked(pack_made(cast.auditor, period=period), tmp_path / name)
        held[name] = [row["skipped_on"] for row in lines(inside, "records.jsonl")]
    said = [day.isoformat()]
    assert held == {"before": [], "due": said, "between": said, "skipped": said}


def test_actions_belong_to_the_duty_of_what_they_follow_from(cast: Cast, tmp_path: Path) -> None:
    audit = audit_make(cast, title="Branches")
    action = corrective_make(cast, source=audit, title="Close accounts")
    file_make(action, action.owner, "proof.txt", b"All are closed.")
    corrective_make(cast, source=action, title="Close them sooner", state=ActionState.EFFECTIVE)
    bring_to(action, ActionState.EFFECTIVE, judge=cast.auditor)
    Participant.objects.update(created_at=NOW)
    pack = pack_made(cast.auditor, duty=Duty.AUDITS)
    inside = unpacked(pack, tmp_path)
    told = {row["title"]: row for row in lines(inside, "records.jsonl")}
    assert {"Close accounts", "Close them sooner"} <= told.keys()
    said = told["Close accounts"]
    assert (said["kind"], said["duty"], said["state"]) == ("action", Duty.AUDITS, "effective")
    assert said["links"][0]["reference"] == audit.reference
    assert (inside / said["files"][0]["path"]).read_bytes() == b"All are closed."
    trail = [line["entry"] for line in lines(inside, "trail.jsonl")]
    steps = {entry["action"] for entry in trail if entry["record_reference"] == action.reference}
    assert {"actions.action.report_done", "actions.action.verify"} <= steps, steps
    assert checked(inside)[0] == 0
    assert not is_outdated(pack, cast.auditor)
    Participant.objects.filter(record=audit).delete()
    Record.objects.filter(pk=audit.pk).update(confidentiality="restricted", owner=cast.ciso)
    assert is_outdated(pack, cast.auditor)
    (tmp_path / "less").mkdir()
    less = unpacked(pack_made(cast.auditor, duty=Duty.AUDITS), tmp_path / "less")
    titles = {row["title"] for row in lines(less, "records.jsonl")}
    assert "Close accounts" not in titles, "nothing is told of what it follows from"
    assert manifest(less)["left_out"]["records"] >= 2
    (tmp_path / "other").mkdir()
    other = unpacked(pack_made(cast.auditor, duty=Duty.COMPLIANCE), tmp_path / "other")
    assert lines(other, "records.jsonl") == []


def test_restricted_records_are_left_out_and_counted(cast: Cast, tmp_path: Path) -> None:
    some_evidence(cast)
    secret = done(cast, title="Zyzzyva", owner=cast.ciso, confidentiality="restricted", actor=cast.ciso)
    file_make(
        activity_make(cast, title="Quibble", owner=cast.ciso, confidentiality="restricted", actor=cast.ciso),
        cast.ciso,
        "secret.txt",
    )
    linked = done(cast, title="Linked")
    link_add(record=linked, other=secret, direction=RELATES, actor=cast.ciso, now=linked.created_at)
    pack = pack_made(cast.auditor)
    (tmp_path / "a").mkdir()
    inside = unpacked(pack, tmp_path / "a")
    whole = b"".join(path.read_bytes() for path in inside.rglob("*") if path.is_file())
    for word in (b"Zyzzyva", b"Quibble", secret.reference.encode(), b"secret.txt"):
        assert word not in whole
    left_out = manifest(inside)["left_out"]
    assert left_out == {"activities": 2, "records": 0, "links": 1, "files": 0, "entries": 0}
    assert "2 activities are left out" in (inside / "README.txt").read_text()
    (tmp_path / "b").mkdir()
    own = unpacked(pack_made(cast.ciso), tmp_path / "b")
    assert row_of(own, secret)["title"] == "Zyzzyva"
    assert not any(manifest(own)["left_out"].values())


def test_a_unit_lead_gets_what_concerns_the_unit(cast: Cast, tmp_path: Path) -> None:
    some_evidence(cast)
    ours = done(cast, title="Of Payments", unit=cast.units.payments)
    inside = unpacked(pack_made(cast.unit_lead), tmp_path)
    assert [row["reference"] for row in lines(inside, "records.jsonl")] == [ours.reference]
    assert {row["entry"]["record_reference"] for row in lines(inside, "trail.jsonl")} == {ours.reference}
    assert manifest(inside)["left_out"]["activities"] == 6
    assert checked(inside)[0] == 0


def test_evidence_that_is_gone_is_named(cast: Cast, tmp_path: Path) -> None:
    activity = activity_make(cast)
    names = ("kept.txt", "missing.txt", "altered.txt", "withdrawn.txt", "harmful.txt")
    files = {name: file_make(activity, cast.personnel, name) for name in names}
    version = {name: file.versions.get() for name, file in files.items()}
    files_storage().delete(path_of(version["missing.txt"].storage_key))
    Path(files_storage().path(path_of(version["altered.txt"].storage_key))).write_bytes(b"another")
    file_withdraw(
        file=files["withdrawn.txt"], reason="Names a customer", actor=cast.analyst, now=activity.created_at
    )
    FileVersion.objects.filter(pk=version["harmful.txt"].pk).update(scan="found", virus="Eicar")
    pack = pack_made(cast.auditor)
    inside = unpacked(pack, tmp_path)
    fates = {row["name"]: row["fate"] for row in row_of(inside, activity)["files"]}
    assert fates == {
        "kept.txt": "included",
        "missing.txt": "missing",
        "altered.txt": "altered",
        "withdrawn.txt": "withdrawn",
        "harmful.txt": "harmful",
    }
    assert [path.name for path in (inside / "evidence" / activity.reference).iterdir()] == ["01-kept.txt"]
    gone = {row["name"]: row["reason"] for row in manifest(inside)["missing"]}
    assert gone.keys() == set(names[1:])
    assert "Names a customer" in gone["withdrawn.txt"]
    assert pack.summary["missing_count"] == 4
    code, said = checked(inside)
    assert code == 0
    assert f"NOTE  {activity.reference}, missing.txt: was not there when the pack was made" in said


def test_records_of_the_duty_are_there_with_what_was_filed(cast: Cast, tmp_path: Path) -> None:
    audit = audit_make(cast, title="An audit of the year")
    file_make(audit, cast.analyst, "report.txt", b"All is well.")
    hidden = audit_make(cast, title="Hidden", confidentiality="restricted", owner=cast.ciso)
    period = (date(2026, 11, 1), date.today().replace(month=12, day=31))  # noqa: DTZ011 - the trail has the real day
    pack = pack_made(cast.analyst, duty=Duty(8), period=period)
    inside = unpacked(pack, tmp_path)
    row = next(row for row in lines(inside, "records.jsonl") if row["reference"] == audit.reference)
    assert [file["path"] for file in row["files"]] == [f"evidence/{audit.reference}/01-report.txt"]
    told = {one["entry"]["record_reference"] for one in lines(inside, "trail.jsonl")}
    assert audit.reference in told
    assert hidden.reference not in told
    assert manifest(inside)["left_out"]["records"] == 1
    assert checked(inside)[0] == 0


def test_what_is_kept_from_a_part_is_left_out_and_counted(cast: Cast, tmp_path: Path) -> None:
    audit = audit_make(cast, title="An audit of the year", unit=cast.units.payments)
    file_make(audit, cast.analyst, "draft.txt", b"A draft.", kept_from="audits.auditee")
    Participant.objects.create(record=audit, user=cast.unit_lead, role="audits.auditee")
    period = (date(2026, 11, 1), date.today().replace(month=12, day=31))  # noqa: DTZ011
    pack = pack_made(cast.unit_lead, duty=Duty(8), period=period)
    inside = unpacked(pack, tmp_path)
    whole = b"".join(path.read_bytes() for path in inside.rglob("*") if path.is_file())
    assert b"draft.txt" not in whole
    left_out = manifest(inside)["left_out"]
    assert left_out["files"] == 1
    assert left_out["entries"] >= 1
    assert checked(inside)[0] == 0


def test_the_version_that_was_signed_is_there_beside_a_newer_one(cast: Cast, tmp_path: Path) -> None:
    activity = activity_make(cast, needs_sign_off=True)
    file = file_make(activity, cast.personnel, "minutes.txt", b"As it was signed.")
    step(ready(again(activity), cast.personnel), "submit", cast.personnel)
    decide(again(activity), cast.ciso)
    step(activity, "reopen", cast.analyst, comment="More came to light.")
    version_add(
        file=file,
        upload=Upload("minutes.txt", io.BytesIO(b"Newer.")),
        actor=cast.personnel,
        now=activity.created_at,
    )
    inside = unpacked(pack_made(cast.auditor), tmp_path)
    files = [(row["version"], row["decided_on"]) for row in row_of(inside, activity)["files"]]
    assert files == [(1, True), (2, False)]
    folder = inside / "evidence" / activity.reference
    assert [path.read_bytes() for path in sorted(folder.iterdir())] == [b"As it was signed.", b"Newer."]


def test_it_says_of_itself_what_its_file_is(cast: Cast, tmp_path: Path) -> None:
    some_evidence(cast)
    pack = pack_made(cast.auditor)
    content = taken(pack, tmp_path).read_bytes()
    assert (pack.size, pack.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    entry = Entry.objects.get(action="duties.pack.made")
    assert (entry.actor_id, entry.after["sha256"]) == (None, pack.sha256)
    assert list(EvidencePack.objects.values_list("state", flat=True)) == ["ready"]


def text_of(path: Path) -> str:
    document = pypdfium2.PdfDocument(path.read_bytes())
    return "\n".join(page.get_textpage().get_text_range() for page in document).replace("\r\n", "\n")


def test_the_index_is_there_to_be_read(cast: Cast, tmp_path: Path) -> None:
    made = some_evidence(cast)
    secret = done(cast, title="Zyzzyva", owner=cast.ciso, confidentiality="restricted", actor=cast.ciso)
    pack = pack_made(cast.auditor)
    said = text_of(unpacked(pack, tmp_path) / "index.pdf")
    for words in (
        "Done on time",
        "14 days late",
        "Skipped on 24 Nov 2026: Nobody came.",
        "evidence/" + made["on_time"].reference + "/02-table.csv",
        "Signed",
        "Celia Moreau",
        "Ask the units",
        "1 activity is left out",
        pack.summary["fingerprint"],
    ):
        assert words in said, words
    assert secret.reference not in said
    assert "Of another duty" not in said


def test_of_very_many_records_each_duty_has_an_index_of_its_own(
    cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    some_evidence(cast)
    monkeypatch.setattr(index, "TOGETHER_ROWS", 3)
    monkeypatch.setattr(index, "MOST_ACTIVITIES", 5)
    inside = unpacked(pack_made(cast.auditor, duty=None), tmp_path)
    assert len(list((inside / "index").iterdir())) == len(Duty)
    assert "index/05-threat-landscape.pdf" in text_of(inside / "index.pdf")
    assert "Late" in text_of(inside / "index" / "05-threat-landscape.pdf")
    assert "1 record stands with all its details in records.jsonl alone" in text_of(inside / "index.pdf")
    assert checked(inside)[0] == 0
