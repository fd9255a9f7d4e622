"""Fixtures of the tests of audits."""

import pytest

from foundation.testing.cast import Cast, cast_make


@pytest.fixture
def committed_cast(transactional_db: None) -> Cast:
    """Make the cast in a database that other connections see."""
    return cast_make()
