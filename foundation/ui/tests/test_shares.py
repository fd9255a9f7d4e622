"""Shares of a whole total 100 percent."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from foundation.ui.shares import percents


@pytest.mark.parametrize(
    ("counts", "shares"),
    [
        ([1, 1, 1], [34, 33, 33]),
        ([7, 1, 5, 3], [44, 6, 31, 19]),
        ([3, 1, 1, 1], [50, 17, 17, 16]),
        ([1, 199], [1, 99]),
        ([5], [100]),
        ([0, 0], [0, 0]),
        ([], []),
    ],
)
def test_what_is_lost_by_rounding_goes_to_who_lost_most(counts: list[int], shares: list[int]) -> None:
    assert percents(counts) == shares


@given(some.lists(some.integers(min_value=0, max_value=100_000), min_size=1).filter(any))
def test_they_total_a_hundred_and_none_is_off_by_a_whole_percent(counts: list[int]) -> None:
    shares = percents(counts)
    assert sum(shares) == 100
    assert all(
        abs(share - 100 * count / sum(counts)) < 1 for share, count in zip(shares, counts, strict=True)
    )
