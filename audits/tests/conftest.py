"""Fixtures of the tests of audits."""

import pytest

from compliance.models import Framework
from compliance.tests.factories import framework_make
from foundation.testing.browser import SignIn
from foundation.testing.cast import Cast, cast_make


@pytest.fixture
def committed_cast(transactional_db: None) -> Cast:
    """Make the cast in a database that other connections see."""
    return cast_make()


@pytest.fixture
def framework(cast: Cast) -> Framework:
    """Return a framework with requirements HB-1, HB-2, … in its accepted edition."""
    return framework_make(cast)


@pytest.fixture
def players(transactional_db: None, browser_sign_in: SignIn) -> Cast:
    """Make the cast in a database that the browser's server sees, and sign the auditor in in the browser."""
    cast = cast_make()
    browser_sign_in(cast.auditor)
    return cast
