"""Percentiles, growth and bounds."""

import pytest

from bench.measures import Bound, Row, faults_of, growth_of, percentile, rate_row, times_row


def row(n: int, p50: float, name: str = "list", role: str = "lead") -> Row:
    return Row(name=name, n=n, role=role, p50_ms=p50, p95_ms=p50 * 2, queries=5)


def test_percentiles_are_values_that_were_measured():
    values = [float(value) for value in range(1, 101)]
    assert (percentile(values, 50), percentile(values, 95), percentile(values, 100)) == (50, 95, 100)
    assert percentile([7.0], 95) == 7.0
    assert percentile([3.0, 1.0, 2.0], 50) == 2.0


def test_nothing_measured_is_an_error():
    with pytest.raises(ValueError):
        percentile([], 50)


def test_a_page_and_a_rate_have_the_fields_that_readers_expect():
    page = times_row(name="list", n=10, role="lead", times=[1.04, 2.0, 3.0], queries=4)
    assert page.as_data() == {
        "name": "list",
        "n": 10,
        "role": "lead",
        "p50_ms": 2.0,
        "p95_ms": 3.0,
        "queries": 4,
    }
    rate = rate_row(name="scan", n=10, role="worker", done=500, seconds=0.25)
    assert rate.as_data() == {"name": "scan", "n": 10, "role": "worker", "per_second": 2000.0}
    exported = rate_row(name="export", n=10, role="worker", done=10, seconds=2, memory_mb=3.5)
    assert exported.as_data() == {
        "name": "export",
        "n": 10,
        "role": "worker",
        "per_second": 5.0,
        "memory_mb": 3.5,
    }
    assert faults_of(exported, Bound(per_second=5, memory_mb=3), None) == ["grows over 3 MB"]


def test_growth_is_from_the_smallest_to_the_largest():
    rows = [row(1_000, 10), row(100_000, 13), row(10_000, 99), row(1_000, 10, role="ciso")]
    assert growth_of(rows) == {("list", "lead"): 1.3}


def test_what_exceeds_its_bound_is_told():
    bound = Bound(p95_ms=30, queries=8, growth=1.3)
    assert faults_of(row(1_000, 15), bound, 1.3) == []
    assert faults_of(row(1_000, 16), bound, 1.4) == ["p95 over 30 ms", "grows over 1.3×"]
    many = Row(name="list", n=1, role="lead", p50_ms=1, p95_ms=1, queries=9)
    assert faults_of(many, bound, None) == ["over 8 queries"]
    slow = rate_row(name="scan", n=10, role="worker", done=100, seconds=1)
    assert faults_of(slow, Bound(per_second=2_000), None) == ["under 2000 a second"]
