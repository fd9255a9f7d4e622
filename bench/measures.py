"""What a row of the benchmark says, and what is expected of it."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Bound:
    """What DESIGN §8 asks of a row on two cores; None where it asks nothing."""

    p95_ms: float | None = None
    queries: int | None = None
    per_second: float | None = None
    growth: float | None = None
    memory_mb: float | None = None


@dataclass(frozen=True, kw_only=True)
class Row:
    """One measurement: of a page or a write (milliseconds at the server, queries), or of a rate (`per_second`).

    `memory_mb` is by how much the process that did it grew at its peak, where that is measured; `pace_ms` how fast the machine was then.
    """

    name: str
    n: int
    role: str
    p50_ms: float | None = None
    p95_ms: float | None = None
    queries: int | None = None
    per_second: float | None = None
    memory_mb: float | None = None
    pace_ms: float | None = None

    def as_data(self) -> dict[str, Any]:
        """Return the row as it stands in the JSON file: a rate in place of times and queries."""
        kept = asdict(self)
        left_out = {"p50_ms", "p95_ms", "queries"} if self.per_second is not None else {"per_second"}
        left_out |= {name for name in ("memory_mb", "pace_ms") if kept[name] is None}
        return {name: value for name, value in kept.items() if name not in left_out}


def times_row(*, name: str, n: int, role: str, times: Sequence[float], queries: int) -> Row:
    """Return the row of a page or a write."""
    return Row(
        name=name,
        n=n,
        role=role,
        p50_ms=round(percentile(times, 50), 1),
        p95_ms=round(percentile(times, 95), 1),
        queries=queries,
    )


def rate_row(
    *, name: str, n: int, role: str, done: int, seconds: float, memory_mb: float | None = None
) -> Row:
    """Return the row of a rate."""
    return Row(name=name, n=n, role=role, per_second=round(done / seconds, 1), memory_mb=memory_mb)


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the smallest value that so many percent of the values do not exceed (nearest rank)."""
    if not values:
        raise ValueError("There is nothing to measure.")
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]


def growth_of(rows: Sequence[Row]) -> dict[tuple[str, str], float]:
    """Return by how much each row's median grows from the smallest to the largest n, by name and role."""
    growth: dict[tuple[str, str], float] = {}
    for key in {(row.name, row.role) for row in rows}:
        timed = sorted(
            (row.n, row.p50_ms) for row in rows if (row.name, row.role) == key and row.p50_ms is not None
        )
        if len(timed) > 1 and timed[0][1]:
            growth[key] = round(timed[-1][1] / timed[0][1], 2)
    return growth


def faults_of(row: Row, bound: Bound, growth: float | None) -> list[str]:
    """Return which bounds the row exceeds, in words; none when all is well."""
    faults = []
    if bound.p95_ms is not None and row.p95_ms is not None and row.p95_ms > bound.p95_ms:
        faults.append(f"p95 over {bound.p95_ms:g} ms")
    if bound.queries is not None and row.queries is not None and row.queries > bound.queries:
        faults.append(f"over {bound.queries} queries")
    if bound.per_second is not None and row.per_second is not None and row.per_second < bound.per_second:
        faults.append(f"under {bound.per_second:g} a second")
    if bound.memory_mb is not None and row.memory_mb is not None and row.memory_mb > bound.memory_mb:
        faults.append(f"grows over {bound.memory_mb:g} MB")
    if bound.growth is not None and growth is not None and growth > bound.growth:
        faults.append(f"grows over {bound.growth:g}×")
    return faults
