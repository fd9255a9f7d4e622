"""What the tests of search share: audits and programmes, and a source that finds whatever it is told."""

from collections.abc import Callable
from typing import Any

import pytest

from audits.models import Audit, Programme
from audits.tests.factories import audit_make, programme_make
from foundation.registry import SearchHit, SearchSource, registry
from foundation.testing.cast import Cast


@pytest.fixture
def audit(cast: Cast) -> Callable[..., Audit]:
    """Return a function that plans an audit of payments."""

    def planned(title: str, **values: Any) -> Audit:
        return audit_make(cast, **{"title": title, "scope": "", "criteria": "", **values})

    return planned


@pytest.fixture
def programme(cast: Cast) -> Programme:
    """Draft the audit programme of 2027."""
    return programme_make(cast)


@pytest.fixture
def source(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[dict[str, Any]]]:
    """Return a function that registers a source with these hits, and returns what it will be asked."""

    def registered(*hits: SearchHit, right: str | None = None) -> list[dict[str, Any]]:
        asked: list[dict[str, Any]] = []

        def search(**question: Any) -> list[SearchHit]:
            asked.append(question)
            return list(hits)

        papers = SearchSource(key="papers", label="Papers", icon="files", search=search, right=right)
        monkeypatch.setitem(registry._items.setdefault(SearchSource, {}), papers.key, papers)
        return asked

    return registered
