"""How fast the machine is while a row is measured: what a fixed piece of work takes it."""

import json
from time import perf_counter

PIECES, TRIES = 400, 3
PIECE = {"reference": "AUD-0001", "days": list(range(30)), "people": {"lead": "A", "team": ["B", "C"]}}


def pace_ms() -> float:
    """Return the milliseconds that a fixed piece of Python's everyday work takes now: the best of three tries.

    It says nothing by itself. Two runs compare by it, and a row that another program slowed down shows.
    """
    return round(min(_try() for _time in range(TRIES)), 2)


def _try() -> float:
    started = perf_counter()
    for number in range(PIECES):
        words = json.dumps({**PIECE, "number": number}, sort_keys=True)
        sorted(part.strip('"{}[] ') for part in words.split(","))
    return (perf_counter() - started) * 1_000
