"""Evidence packs for tests: made as a worker makes them, checked as anybody checks them."""

import json
import subprocess
import sys
import zipfile
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from audits.tests.factories import audit_make
from duties.choices import Duty
from duties.models import Activity, EvidencePack
from duties.packs import verify
from duties.services.packs import pack_make, pack_open, pack_request
from duties.tests.factories import NOW, activity_make, again, decide, done, ready, step, submitted
from foundation.accounts.models import User
from foundation.files.tests.contents import file_make
from foundation.testing.cast import Cast

YEAR = (date(2026, 1, 1), date(2026, 12, 31))
LATER = NOW + timedelta(hours=1)
VERIFIER = Path(verify.__file__)


def clock() -> datetime:
    return LATER


def no_pause(_seconds: float) -> None:
    pytest.fail("nobody else seals")


def pack_ask(
    actor: User, *, duty: Duty | None = Duty.THREATS, period: tuple[date, date] = YEAR
) -> EvidencePack:
    """Ask for a pack."""
    pack, _is_new = pack_request(actor=actor, duty=duty, starts_on=period[0], ends_on=period[1], now=LATER)
    return pack


def pack_made(actor: User, **asked: Any) -> EvidencePack:
    """Ask for a pack, and let a worker make it."""
    pack = pack_ask(actor, **asked)
    pack_make(key=pack.key, clock=clock, pause=no_pause)
    return EvidencePack.objects.get(pk=pack.pk)


def taken(pack: EvidencePack, folder: Path) -> Path:
    """Return the pack as a file."""
    path = folder / "pack.zip"
    with pack_open(pack) as content:
        path.write_bytes(content.read())
    return path


def unpacked(pack: EvidencePack, folder: Path) -> Path:
    """Return the folder into which the pack was unpacked."""
    inside = folder / "unpacked"
    with zipfile.ZipFile(taken(pack, folder)) as archive:
        archive.extractall(inside)
    return inside


def checked(place: Path, *more: str) -> tuple[int, str]:
    """Let a plain Python check a pack, with nothing but its own library; return its exit code, and what it said."""
    ran = subprocess.run(
        [sys.executable, "-I", "-S", str(VERIFIER), str(place), *more],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={"PYTHONIOENCODING": "utf-8"},
        check=False,
        timeout=120,
    )
    assert not ran.stderr, ran.stderr
    return ran.returncode, ran.stdout


def judged(place: Path, capsys: pytest.CaptureFixture[str], *more: str) -> tuple[int, list[str]]:
    """Check a pack within this process; return the exit code, and what failed."""
    code = verify.main([str(place), *more])
    said = capsys.readouterr().out
    return code, [line.removeprefix("FAIL  ") for line in said.splitlines() if line.startswith("FAIL  ")]


def lines(folder: Path, name: str) -> list[dict[str, Any]]:
    """Return the lines of a file of a pack."""
    return [json.loads(line) for line in (folder / name).read_text(encoding="utf-8").splitlines()]


def manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of a pack."""
    found: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return found


def row_of(folder: Path, activity: Activity) -> dict[str, Any]:
    """Return what a pack says of an activity."""
    return next(row for row in lines(folder, "records.jsonl") if row["reference"] == activity.reference)


def some_evidence(cast: Cast) -> dict[str, Activity]:
    """Do something of everything for the threats in 2026: on time, late, skipped, open, overdue, and signed off."""
    late = done(cast, title="Late", due_on=date(2026, 11, 10))
    on_time = activity_make(cast, title="On time: größer", due_on=date(2026, 12, 1))
    file_make(on_time, cast.personnel, "Überblick (1).txt", b"What was found.")
    file_make(on_time, cast.personnel, "table.csv", b"threat,count\nphishing,3\n")
    made = {
        "late": late,
        "on_time": step(ready(again(on_time), on_time.owner), "complete", on_time.owner),
        "skipped": step(activity_make(cast, title="Skipped"), "skip", cast.analyst, comment="Nobody came."),
        "open": activity_make(cast, title="Open"),
        "overdue": activity_make(cast, title="Overdue", due_on=date(2026, 11, 1)),
        "signed": decide(submitted(cast, title="Signed"), cast.ciso),
        "other": done(cast, title="Of another duty", duty=6),
        "elsewhere": done(cast, title="Of another year", due_on=date(2027, 3, 1), now=NOW.replace(year=2027)),
    }
    audit_make(cast, title="An audit")
    return made
