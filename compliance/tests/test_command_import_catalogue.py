"""`./portal manage import_catalogue`: what it prints, writes and exits with."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from compliance.models import Edition, Framework
from compliance.tests.oscal import content, control, group
from compliance.tests.test_importing import second
from foundation.testing.cast import Cast

pytestmark = pytest.mark.django_db


def run(path: Path, *options: str) -> tuple[str, str, int]:
    out, err = StringIO(), StringIO()
    try:
        call_command("import_catalogue", str(path), *options, stdout=out, stderr=err, no_color=True)
    except SystemExit as left:
        return out.getvalue(), err.getvalue(), int(left.code or 0)
    return out.getvalue(), err.getvalue(), 0


def report(path: Path, *options: str) -> dict[str, Any]:
    out, _err, _code = run(path, "--json", *options)
    return json.loads(out)


@pytest.fixture
def first(tmp_path: Path) -> Path:
    path = tmp_path / "harbour.json"
    path.write_bytes(content())
    return path


@pytest.fixture
def newer(tmp_path: Path) -> Path:
    path = tmp_path / "harbour-2.json"
    path.write_bytes(second())
    return path


def test_it_imports_and_says_what(cast: Cast, first: Path, newer: Path):
    out, err, code = run(first)
    assert (err, code) == ("", 0)
    assert "1 groups, 2 controls, 0 enhancements, 0 parameters; 0 of them withdrawn." in out
    assert out.endswith("Accepted as the current version of FRM-0001.\n")
    said = report(newer)
    assert said["imported"] is True
    assert (said["framework"], said["version"], said["current_version"]) == ("FRM-0001", "2.0", "1.0")
    assert said["counts"] == {"groups": 1, "controls": 3, "enhancements": 0, "parameters": 0, "withdrawn": 1}
    assert [line["id"] for line in said["added"]] == ["HB-3"]
    assert said["changed"] == [{"id": "HB-1", "title": "Watch", "fields": ["statement"]}]
    assert said["withdrawn"] == [
        {"id": "HB-2", "title": "Log", "fields": ["statement", "withdrawn_to"], "to": ["HB-1"]}
    ]
    assert Edition.objects.count() == 2


def test_a_dry_run_writes_nothing(cast: Cast, first: Path, newer: Path):
    out, _err, code = run(first, "--dry-run")
    assert code == 0
    assert out.endswith("Nothing written.\n")
    assert not Framework.objects.exists()
    run(first)
    out, _err, code = run(newer, "--dry-run")
    assert "Changed: 1\n  HB-1  Watch\n" in out
    assert "Withdrawn: 1\n  HB-2  Log\n" in out
    assert Edition.objects.count() == 1


def test_the_same_again_is_told(cast: Cast, first: Path):
    run(first)
    out, _err, code = run(first)
    assert (out.splitlines()[-1], code) == ("This is there already, and the same. Nothing to import.", 0)
    assert report(first)["already_imported"] is True
    assert Edition.objects.count() == 1


def test_an_error_goes_to_standard_error_and_says_where(cast: Cast, tmp_path: Path):
    bad = tmp_path / "bad.json"
    bad.write_bytes(content(group("hb", control("hb-1"), control("hb-1"))))
    out, err, code = run(bad)
    assert (out, code) == ("", 1)
    assert err.startswith("catalog.groups[0].controls[1].id: The id “hb-1” is there twice")
    assert report(bad)["where"] == "catalog.groups[0].controls[1].id"
    assert not Framework.objects.exists()


def test_a_table_is_told_what_it_is_of(cast: Cast, tmp_path: Path):
    table = tmp_path / "quay.csv"
    table.write_text("Identifier,Title\nQ.1,Watch\n,Nothing\n")
    _out, err, code = run(table)
    assert (code, "which framework it is of" in err) == (1, True)
    _out, err, code = run(table, "--name", "Quay rules", "--edition", "2026")
    assert (code, err.splitlines()[0]) == (1, "Row 3, Identifier: This must be filled in.")
    table.write_text("Identifier,Title\nQ.1,Watch\n")
    assert report(table, "--name", "Quay rules", "--edition", "2026")["framework"] == "FRM-0001"
    table.write_text("Identifier,Title\nQ.1,Watch\nQ.2,Ring\n")
    said = report(table, "--framework", "FRM-0001", "--edition", "2027")
    assert [line["id"] for line in said["added"]] == ["Q.2"]


def test_wrong_questions_are_told(cast: Cast, first: Path):
    with pytest.raises(CommandError, match="There is no framework FRM-0009"):
        run(first, "--framework", "FRM-0009")
    with pytest.raises(CommandError, match="can't be read"):
        run(Path("nowhere.json"))
    with pytest.raises(CommandError, match="Nobody with the address"):
        run(first, "--actor", "nobody@example.com")
