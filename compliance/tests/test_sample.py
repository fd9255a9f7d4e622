"""The sample bank's framework."""

import random
from datetime import UTC, datetime

import pytest

from compliance.catalogues import Change, compare
from compliance.models import Framework
from compliance.sample import sample_frameworks
from compliance.selectors import requirements_of
from compliance.selectors.nodes import nodes_of
from foundation.accounts.sample import SampleContext
from foundation.testing.cast import Cast

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 9, 10, tzinfo=UTC)


def test_an_invented_standard_stands_there_in_two_versions(cast: Cast):
    people = {"leonor.vasconcelos": cast.ciso, "yusuf.adeyinka": cast.analyst}
    sample_frameworks(
        SampleContext(now=NOW, random=random.Random(1), organisation=cast.organisation, people=people)
    )
    framework = Framework.objects.get()
    first, second = framework.editions.order_by("number")
    assert (framework.title, framework.current) == ("Northgate security baseline", second)
    assert first.imported_by == cast.ciso
    assert second.accepted_by == cast.analyst
    assert (first.testable_count, second.testable_count) == (51, 53)
    difference = compare(nodes_of(first), nodes_of(second))
    assert [difference.counts[change] for change in Change] == [4, 7, 0, 2, 0]
    assert not [text.identifier for text in requirements_of(second) if "{{" in text.statement + text.guidance]
    assert [text.identifier for text in requirements_of(second) if not text.methods] == []
