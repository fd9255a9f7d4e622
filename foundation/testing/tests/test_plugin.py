"""What all tests share is as it says."""

from types import SimpleNamespace
from typing import Any, cast

import pytest
from django.conf import settings

from foundation.testing.plugin import LONGEST_FILES, pytest_collection_modifyitems


def test_the_files_that_take_longest_are_there() -> None:
    assert not [name for name in LONGEST_FILES if not (settings.BASE_DIR / name).exists()]


@pytest.mark.parametrize("spread", [True, False])
def test_several_processes_begin_with_them_and_one_keeps_the_order(spread: bool) -> None:
    root = settings.BASE_DIR
    worker: dict[str, Any] = {"workerinput": {}} if spread else {}
    config = SimpleNamespace(rootpath=root, **worker)
    names = ["audits/tests/test_tasks.py", LONGEST_FILES[3], "audits/tests/test_closing.py", LONGEST_FILES[0]]
    items = [SimpleNamespace(path=root / name) for name in names]
    pytest_collection_modifyitems(cast(pytest.Config, config), cast(list[pytest.Item], items))
    expected = [names[3], names[1], names[0], names[2]] if spread else names
    assert [item.path for item in items] == [root / name for name in expected]
