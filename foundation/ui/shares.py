"""Shares of a whole, in percents that total 100."""

from collections.abc import Sequence


def percents(counts: Sequence[int]) -> list[int]:
    """Return what share of their sum each of these counts is, in whole percents that total 100.

    Each is rounded down, and what is left goes to those that lost most by it (the method of the largest remainder), of equal ones
    to the earlier. All are 0 where there is nothing to share.
    """
    total = sum(counts)
    if not total:
        return [0] * len(counts)
    shares = [100 * count // total for count in counts]
    by_loss = sorted(range(len(counts)), key=lambda place: (-(100 * counts[place] % total), place))
    for place in by_loss[: 100 - sum(shares)]:
        shares[place] += 1
    return shares
