"""Tests run as the portal's own database role, on tables that its owner made."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections

pytest_plugins = ["foundation.testing.plugin"]


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest, django_test_environment: None, django_db_blocker: Any
) -> Iterator[None]:
    """Let the owner create and migrate the test database, and point the runtime role's alias to it."""
    with django_db_blocker.unblock():
        owner = connections["owner"]
        real_name = owner.settings_dict["NAME"]
        owner.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        connections["default"].creation.set_as_test_mirror(owner.settings_dict)
    yield
    with django_db_blocker.unblock():
        connections["default"].close()
        owner.creation.destroy_test_db(real_name, verbosity=0)
