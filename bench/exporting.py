"""Runs the process that writes a long list into a file, and hands back what it measured."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from bench.database import url_of
from foundation.accounts.models import User
from foundation.lists.choices import ExportState
from foundation.lists.models import ListExport
from foundation.lists.services import export_request

PATIENCE_SECONDS = 1_800


class ExportFailed(Exception):
    """The file was not written; the message holds what the process said."""


@dataclass(frozen=True)
class Written:
    """A file that was written: its rows, how long it took, and by how much the process grew at its peak (in MB of 2**20 bytes)."""

    rows: int
    seconds: float
    memory_mb: float


def export_measure(*, list_key: str, fmt: str, person: User, database: str, now: datetime) -> Written:
    """Ask for a file and let a process of its own write it. Raises ExportFailed."""
    export = export_request(
        actor=person,
        list_key=list_key,
        query="state=all",
        title="Bench",
        file_name=f"bench.{fmt}",
        fmt=fmt,
        now=now,
    )
    environment = {**os.environ, "DATABASE_URL": url_of("DATABASE_URL", database), "DATABASE_OWNER_URL": ""}
    command = [sys.executable, "-m", "bench.export_writer", str(export.pk)]
    done = subprocess.run(  # noqa: S603 - our own program
        command,
        cwd=Path(settings.BASE_DIR),
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    export.refresh_from_db()
    if done.returncode or export.state != ExportState.DONE or export.rows_written != export.rows_total:
        raise ExportFailed(f"{export.file_name}: {export.state}\n{done.stderr[-4_000:]}")
    measured = json.loads(done.stdout)
    ListExport.objects.filter(pk=export.pk).delete()
    return Written(export.rows_written, measured["seconds"], measured["memory_mb"])
