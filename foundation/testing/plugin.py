"""The pytest plugin of the project, loaded by the root conftest."""

from collections.abc import Callable, Iterator
from uuid import uuid4

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client, override_settings

from foundation.accounts.models import User
from foundation.accounts.organisation import forget_organisation
from foundation.testing.cast import Cast, cast_make
from foundation.testing.queries import Baselines

# No time limit for one example: a busy machine is no failure.
hypothesis.settings.register_profile("portal", deadline=None)
hypothesis.settings.load_profile("portal")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the project's options."""
    parser.addoption(
        "--update-baselines",
        action="store_true",
        help="Rewrite the query counts in query_counts.json instead of comparing with them.",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Let static files be found when they are asked for: to list them all would cost every test client a tenth of a second."""
    settings.WHITENOISE_AUTOREFRESH = True


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Tell assert_queries() beside which test file its baselines stand."""
    Baselines.folder = item.path.parent
    Baselines.update = bool(item.config.getoption("--update-baselines"))
    try:
        return (yield)
    finally:
        Baselines.folder = None


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    """Let no test see what another left in the process or in the cache (rate limits, the organisation)."""
    forget_organisation()
    prefix = f"test-{uuid4().hex}"
    settings.CACHES["default"]["KEY_PREFIX"] = prefix  # for threads that open the cache anew
    cache.key_prefix = prefix
    yield
    forget_organisation()


@pytest.fixture(autouse=True, scope="session")
def _files_go_elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let files be stored in a folder of the tests' own."""
    elsewhere = {**settings.STORAGES["files"]["OPTIONS"], "location": tmp_path_factory.mktemp("files")}
    kept = {**settings.STORAGES, "files": {**settings.STORAGES["files"], "OPTIONS": elsewhere}}
    with override_settings(STORAGES=kept):
        yield


@pytest.fixture
def cast(db: None) -> Cast:
    """Make the fixed cast: see `foundation.testing.cast.Cast`."""
    return cast_make()


@pytest.fixture
def committed_cast(transactional_db: None) -> Cast:
    """Make the fixed cast in a database that commits: for tests with a second connection (see `races.py`)."""
    return cast_make()


@pytest.fixture
def sign_in() -> Callable[[User], Client]:
    """Return a function that gives a browser in which the person is signed in."""

    def browser_of(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return browser_of
