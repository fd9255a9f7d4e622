"""The thirteen duties as data: each told once, and all that the apps give belongs to one."""

from duties.choices import FACTS, Duty
from foundation.registry import RecordKind, registry


def test_there_are_thirteen_each_with_what_it_means() -> None:
    assert [duty.value for duty in Duty] == list(range(1, 14))
    assert set(FACTS) == set(Duty)
    assert all(str(facts.meaning).endswith(".") for facts in FACTS.values())


def test_each_apps_records_belong_to_one_duty() -> None:
    areas = [area for facts in FACTS.values() for area in facts.areas]
    assert len(areas) == len(set(areas))
    known = {kind.duty for kind in registry.all(RecordKind) if kind.duty}
    assert known - {"duties"} <= set(areas), "a new app's duty is named in FACTS"
