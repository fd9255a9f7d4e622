"""The benchmark's table, for people."""

import os
import platform
from collections.abc import Mapping, Sequence

from django.db import connection

from bench.measures import Bound, Row, faults_of, growth_of

HEADINGS = (
    "name",
    "role",
    "n",
    "p50 ms",
    "p95 ms",
    "queries",
    "per second",
    "peak MB",
    "pace",
    "growth",
    "bound",
)
WIDTHS = (20, 21, 7, 8, 8, 7, 10, 7, 5, 7, 0)
LEFT = 2


def machine() -> str:
    """Return what the numbers were measured on, in one line."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        (postgres,) = cursor.fetchone()
    return (
        f"{_processor()}, {os.cpu_count()} cores, {memory:.0f} GB; Python {platform.python_version()},"
        f" PostgreSQL {postgres.split()[0]}"
    )


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:  # noqa: PTH123 - a file of the kernel
            return next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def row_words(row: Row) -> str:
    """Return what was measured of one row, in a line."""
    if row.per_second is not None:
        return f"{row.role}: {row.per_second:,} per second"
    queries = "" if row.queries is None else f", {row.queries} queries"
    return f"{row.role}: p50 {row.p50_ms} ms, p95 {row.p95_ms} ms{queries}"


def table_lines(rows: Sequence[Row], bounds: Mapping[str, Bound]) -> list[str]:
    """Return the table: a line for each row, growth and bound on the line of the largest n."""
    growth = growth_of(rows)
    largest = {(row.name, row.role): row.n for row in sorted(rows, key=lambda row: row.n)}
    lines = [_line(HEADINGS)]
    order = {name: place for place, name in enumerate(bounds)}
    for row in sorted(rows, key=lambda row: (order[row.name], row.role, row.n)):
        key = (row.name, row.role)
        grown = growth.get(key) if row.n == largest[key] else None
        faults = faults_of(row, bounds[row.name], grown)
        values = (row.p50_ms, row.p95_ms, row.queries, row.per_second, row.memory_mb, row.pace_ms)
        lines.append(
            _line(
                (
                    row.name,
                    row.role,
                    f"{row.n:,}",
                    *("" if value is None else f"{value:,}" for value in values),
                    f"{grown:g}×" if grown is not None else "",
                    "; ".join(faults) or "ok",
                )
            )
        )
    return lines


def _line(cells: Sequence[str]) -> str:
    padded = [
        cell.ljust(width) if place < LEFT else cell.rjust(width)
        for place, (cell, width) in enumerate(zip(cells, WIDTHS, strict=True))
    ]
    return "  ".join(padded).rstrip()
