"""Makes one evidence pack, as a worker does, and prints as JSON how long it took and by how much its memory grew.

`python -m bench.pack_maker KEY`, with a folder of its own as PORTAL_VAR_DIR.
"""

import json
import os
import sys
from time import perf_counter
from uuid import UUID

import django
import psutil

from bench.export_writer import MEGABYTE, peak_bytes, peak_reset


def main(key: UUID) -> None:
    """Make the pack."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ciso_portal.settings")
    django.setup()
    from duties.services.packs import pack_make  # noqa: PLC0415 - Django stands only now
    from foundation import clock  # noqa: PLC0415

    before = psutil.Process().memory_info().rss
    peak_reset()
    started = perf_counter()
    pack_make(key=key, clock=clock.now)
    seconds = perf_counter() - started
    grown = max(0, peak_bytes() - before)
    print(json.dumps({"seconds": seconds, "memory_mb": round(grown / MEGABYTE, 1)}))


if __name__ == "__main__":
    main(UUID(sys.argv[1]))
