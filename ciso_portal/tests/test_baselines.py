"""Every list and every record's page has a baseline of the queries that it asks."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

from foundation.testing.queries import FILE_NAME
from foundation.ui.lists import ListPage
from foundation.ui.record_page import RecordPage


def pages(patterns: Iterable[URLPattern | URLResolver]) -> Iterator[tuple[type, str]]:
    """Yield the class and the address's name of each list and record page."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from pages(pattern.url_patterns)
        else:
            page = getattr(pattern.callback, "view_class", None)
            if page and issubclass(page, ListPage | RecordPage):
                yield page, str(pattern.name)


def test_every_list_and_record_page_has_a_baseline() -> None:
    root = Path(settings.BASE_DIR)
    folders = (
        "audits",
        "compliance",
        "controls",
        "duties",
        "exceptions",
        "foundation",
        "policies",
        "response",
    )
    files = [file for folder in folders for file in root.glob(f"{folder}/**/{FILE_NAME}")]
    kept = [re.sub(r"\W", "-", name) for file in files for name in json.loads(file.read_text("utf-8"))]
    addresses: dict[type, set[str]] = defaultdict(set)
    for page, name in pages(get_resolver().url_patterns):
        addresses[page].add(name)
    missing = {
        page.__name__: sorted(names)
        for page, names in addresses.items()
        if not any(baseline.startswith(tuple(names)) for baseline in kept)
    }
    assert len(addresses) > 5
    assert not missing, (
        f"These pages have no baseline in a {FILE_NAME}: ask for them in a test under"
        f" assert_queries(…), named after the address: {missing}"
    )
