"""Writes one file of a long list, as a worker does, and prints as JSON how long it took and by how much its memory grew.

`python -m bench.export_writer KEY`. What every worker holds anyway (the code, a connection, the addresses) is there before
the measurement begins.
"""

import contextlib
import json
import os
import re
import resource
import sys
from pathlib import Path
from time import perf_counter
from uuid import UUID

import django
import psutil

STATUS = Path("/proc/self/status")
RESET_PEAK = "5"
MEGABYTE = 1024 * 1024


def peak_reset() -> None:
    """Let the kernel forget the highest memory so far, where it can; elsewhere the whole life of the process counts."""
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text(RESET_PEAK)


def peak_bytes() -> int:
    """Return the most memory that the process held at once since the reset."""
    with contextlib.suppress(OSError):
        if found := re.search(r"^VmHWM:\s+(\d+) kB$", STATUS.read_text(), re.MULTILINE):
            return int(found[1]) * 1024
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def main(key: UUID) -> None:
    """Write the file."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ciso_portal.settings")
    django.setup()
    from foundation import clock  # noqa: PLC0415 - Django stands only now
    from foundation.lists.models import ListExport  # noqa: PLC0415
    from foundation.lists.rebuilding import list_page_class  # noqa: PLC0415
    from foundation.lists.services import export_run  # noqa: PLC0415

    list_page_class(ListExport.objects.get(pk=key).list_key)
    before = psutil.Process().memory_info().rss
    peak_reset()
    started = perf_counter()
    export_run(key=key, clock=clock.now)
    seconds = perf_counter() - started
    grown = max(0, peak_bytes() - before)
    print(json.dumps({"seconds": seconds, "memory_mb": round(grown / MEGABYTE, 1)}))


if __name__ == "__main__":
    main(UUID(sys.argv[1]))
