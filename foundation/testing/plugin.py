"""The pytest plugin of the project, loaded by the root conftest."""

from collections.abc import Callable, Iterator
from uuid import uuid4

import hypothesis
import pytest
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.cache import cache
from django.test import Client, override_settings

from foundation.accounts.models import User
from foundation.accounts.organisation import forget_organisation
from foundation.testing.cast import Cast, cast_make
from foundation.testing.queries import Baselines
from foundation.testing.sign_in import client_of

# No time limit for one example: a busy machine is no failure.
hypothesis.settings.register_profile("portal", deadline=None)
hypothesis.settings.load_profile("portal")


class _Cache:
    """What the keys of the cache begin with while a test runs, in whichever thread."""

    prefix = ""

    @classmethod
    def key(cls, key: str, _prefix: str, version: int) -> str:
        """Return the key under which the cache keeps something."""
        return f"{cls.prefix}:{version}:{key}"


# By how long they take, whether or not they work meanwhile; see `./portal test --durations=0`.
LONGEST_FILES = (
    "ciso_portal/tests/test_url_rights.py",
    "foundation/notifications/tests/survival/test_survival.py",
    "ciso_portal/tests/test_walks.py",
    "foundation/operations/tests/test_up.py",
    "ciso_portal/tests/test_walk_record.py",
    "ciso_portal/tests/test_walk_sign_in.py",
    "ciso_portal/tests/test_hidden_records.py",
    "ciso_portal/tests/test_hidden_words.py",
    "bench/tests/test_command.py",
    "audits/tests/test_sample_days.py",
    "audits/tests/test_browser.py",
    "foundation/calendar/tests/test_browser.py",
    "foundation/ui/tests/test_browser.py",
    "audits/tests/test_lifecycle.py",
    "foundation/deadlines/tests/test_browser.py",
    "foundation/files/tests/test_browser.py",
    "foundation/accounts/tests/test_browser.py",
    "foundation/accounts/tests/test_browser_passkeys.py",
    "foundation/conversation/tests/test_browser.py",
    "foundation/search/tests/test_browser.py",
    "foundation/accounts/tests/test_browser_people.py",
    "foundation/accounts/tests/test_browser_factors.py",
    "audits/tests/test_sample.py",
    "foundation/operations/tests/test_embedded_services.py",
    "foundation/operations/tests/test_database_away.py",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the project's options."""
    parser.addoption(
        "--update-baselines",
        action="store_true",
        help="Rewrite the query counts in query_counts.json instead of comparing with them.",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Spare the tests what costs time and proves nothing.

    Static files are found when they are asked for: to list them all would cost every test client a tenth of a second.
    Passwords are hashed by Argon2 as ever, but not as slowly as it is meant to be.
    """
    settings.WHITENOISE_AUTOREFRESH = True
    hasher = Argon2PasswordHasher
    hasher.time_cost, hasher.memory_cost, hasher.parallelism = 1, 8, 1  # passes, KiB, lanes


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Let several processes begin with the files that take longest, so that none is left with one of them at the end."""
    if hasattr(config, "workerinput"):
        places = {config.rootpath / name: place for place, name in enumerate(LONGEST_FILES)}
        items.sort(key=lambda item: places.get(item.path, len(places)))


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
    """Let no test see what another left in the process or in the cache (rate limits, the organisation).

    Keys are made by a function, not with a prefix of the cache's: a thread of the live server has a cache of its own, and
    lasts from test to test as long as the browser keeps its connection.
    """
    forget_organisation()
    _Cache.prefix = f"test-{uuid4().hex}"
    settings.CACHES["default"]["KEY_FUNCTION"] = _Cache.key  # for threads that open the cache anew
    cache.key_func = _Cache.key
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
    """Return a function that gives a browser in which the person signed in just now."""
    return client_of
