"""Query counts as a committed baseline: a page that asks more (or less) than it did fails its test.

The counts stand in `query_counts.json` beside the test that measures them. `pytest --update-baselines`
rewrites them; the diff is then reviewed like code.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

FILE_NAME = "query_counts.json"
TRANSACTION_WORDS = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


class QueryCountDrift(AssertionError):
    """The block asked another number of queries than its baseline says."""


class Baselines:
    """What the plugin knows: which test runs, and whether counts are to be rewritten."""

    folder: Path | None = None
    update: bool = False


@contextmanager
def assert_queries(name: str) -> Iterator[None]:
    """Fail unless the block asks exactly as many queries as the baseline of this name says.

    Counted are the statements on the `default` alias; those that only open or close a transaction are not.
    Raises QueryCountDrift, which lists the statements.
    """
    with CaptureQueriesContext(connection) as captured:
        yield
    statements = [query["sql"] for query in captured.captured_queries]
    asked = [sql for sql in statements if not sql.lstrip().upper().startswith(TRANSACTION_WORDS)]
    _compare(name, asked)


def _compare(name: str, asked: list[str]) -> None:
    if Baselines.folder is None:
        pytest.fail("assert_queries() works inside a running test only.")
    path = Baselines.folder / FILE_NAME
    counts: dict[str, int] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    if Baselines.update:
        counts[name] = len(asked)
        path.write_text(json.dumps(counts, indent=2, sort_keys=True) + "\n", encoding="utf-8")
        return
    if counts.get(name) == len(asked):
        return
    listing = "\n".join(f"{number:3}. {sql}" for number, sql in enumerate(asked, start=1))
    baseline = counts.get(name, "none")
    raise QueryCountDrift(
        f"{name!r} asked {len(asked)} queries; its baseline in {path.name} is {baseline}."
        f" If that is meant: pytest --update-baselines.\n{listing}"
    )
