"""The sample bank's audits on other days, and twice on one."""

from datetime import UTC, datetime

import pytest

from audits.choices import AuditState
from audits.models import Audit
from audits.tests.test_sample import load, undone
from foundation.files.models import FileVersion

pytestmark = pytest.mark.django_db


def facts() -> list[tuple[object, ...]]:
    audits = list(
        Audit.objects.order_by("reference").values_list(
            "reference", "title", "state", "starts_on", "closed_at", "programme__reference", "owner__email"
        )
    )
    versions = FileVersion.objects.order_by("pk").values_list("file__record__reference", "name", "sha256")
    return audits + list(versions)


@pytest.mark.parametrize(
    ("now", "times"),
    [
        (datetime(2024, 2, 29, 12, 0, tzinfo=UTC), 2),
        (datetime(2027, 3, 28, 1, 30, tzinfo=UTC), 1),  # the clock is set forward
    ],
    ids=str,
)
def test_it_loads_on_any_day_and_is_the_same_each_time(now, times):
    loaded = []
    for _time in range(times):
        with undone():
            load(now)
            assert set(Audit.objects.values_list("state", flat=True)) == set(AuditState.values)
            loaded.append(facts())
    assert loaded[0]
    assert all(one == loaded[0] for one in loaded)
