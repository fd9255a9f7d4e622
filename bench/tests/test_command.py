"""`./portal bench`, whole, on a small database of its own."""

import json
import os
import subprocess
import sys
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connections

from bench.cases import CASES
from bench.database import SUFFIX
from bench.management.commands.bench import cases, sizes


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "bench", *arguments],
        cwd=settings.BASE_DIR,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )


def databases() -> set[str]:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database")
        return {name for (name,) in cursor.fetchall()}


@pytest.mark.django_db(databases=["default", "owner"])
def test_every_row_is_measured_printed_and_written(tmp_path):
    path = tmp_path / "bench.json"
    result = run("--n", "200", "--repeats", "3", "--json", str(path))
    assert result.returncode == 0, result.stderr[-3_000:]
    rows = json.loads(path.read_text())
    assert list(dict.fromkeys(row["name"] for row in rows)) == [case.name for case in CASES]
    for row in rows:
        assert row["n"] == 200
        assert row["role"]
        assert row["pace_ms"] > 0
        if "per_second" in row:
            assert row["per_second"] > 0
        else:
            assert 0 < row["p50_ms"] <= row["p95_ms"]
            # What a worker asks is not counted everywhere.
            assert (0 if row["role"] == "worker" else 1) <= (row["queries"] or 0) < 60
        assert row["name"] in result.stdout
    assert "cores" in result.stdout
    installed = urlsplit(os.environ["DATABASE_URL"]).path.lstrip("/")
    assert f"{installed}{SUFFIX}" not in databases()


def test_sizes_are_sorted_and_within_reason():
    assert sizes("1000,100") == [100, 1_000]
    for wrong in ("", "many", "5", "99999999"):
        with pytest.raises(Exception, match=r"records|numbers"):
            sizes(wrong)


def test_rows_are_chosen_by_name():
    assert [case.name for case in cases("my-desk,audit-page")] == ["my-desk", "audit-page"]
    with pytest.raises(Exception, match="There are: audit-list-first"):
        cases("my-dsk")
