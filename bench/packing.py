"""Runs the process that makes an evidence pack and the plain Python that checks it, and hands back what was measured of the first."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings

from bench.database import url_of
from duties.choices import PackState
from duties.models import EvidencePack
from duties.packs import verify
from duties.services.packs import pack_request, stored_path
from foundation.accounts.models import User

PATIENCE_SECONDS = 1_800


class PackFailed(Exception):
    """The pack was not made, or did not pass; the message holds what the process said."""


@dataclass(frozen=True)
class Packed:
    """A pack that was made: of how many records, how long it took, and by how much the process grew at its peak."""

    records: int
    seconds: float
    memory_mb: float


def pack_measure(*, person: User, database: str, period: tuple[date, date], now: datetime) -> Packed:
    """Ask for a pack of all duties, let a process of its own make it, and check it. Raises PackFailed."""
    pack, _is_new = pack_request(actor=person, duty=None, starts_on=period[0], ends_on=period[1], now=now)
    with TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "DATABASE_URL": url_of("DATABASE_URL", database),
            "DATABASE_OWNER_URL": "",
            "PORTAL_VAR_DIR": folder,
            "SECRET_KEY": settings.SECRET_KEY,
            "TRAIL_CHECKPOINT_DIR": str(settings.TRAIL_CHECKPOINT_DIR),
        }
        made = _run([sys.executable, "-m", "bench.pack_maker", str(pack.key)], environment)
        pack.refresh_from_db()
        if made.returncode or pack.state != PackState.READY:
            raise PackFailed(f"{pack.state} {pack.failure}\n{made.stderr[-4_000:]}")
        path = Path(folder) / "files" / stored_path(pack.storage_key)
        checked = _run([sys.executable, "-I", "-S", verify.__file__, str(path)], {})
    if checked.returncode:
        raise PackFailed(checked.stdout[-4_000:])
    measured = json.loads(made.stdout.splitlines()[-1])
    records = pack.records_done
    EvidencePack.objects.filter(pk=pack.pk).delete()
    return Packed(records, measured["seconds"], measured["memory_mb"])


def _run(command: list[str], environment: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(  # noqa: S603 - our own programs
        command,
        cwd=Path(settings.BASE_DIR),
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
